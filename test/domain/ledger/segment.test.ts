import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreHistory } from '../../../src/domain/ledger/restore.ts';
import {
  readSegment,
  readSegmentHead,
  writeSegment,
  writeSegmentHead,
} from '../../../src/domain/ledger/segment.ts';
import {
  newSegmentKey,
  publicSegmentKey,
  segmentSigner,
  segmentVerifier,
} from '../../../src/domain/ledger/segment-key.ts';
import { ENVIRONMENT, history, RELEASE, resumed, taken } from './facts.ts';

const pem = newSegmentKey();
const signer = segmentSigner(pem);
const verifier = segmentVerifier([publicSegmentKey(pem)]);
const facts = history([
  [RELEASE, resumed('one')],
  [ENVIRONMENT, taken('cart', 1)],
  [RELEASE, resumed('two')],
]);
const segment = writeSegment(facts.slice(0, 2), { installation: 'acme', previous: null, signer });
const next = writeSegment(facts.slice(2), { installation: 'acme', previous: segment.place, signer });
const expected = { installation: 'acme', place: segment.place, verifier };

describe('a segment', () => {
  it('has the day and number of its first fact for a path, and is the same for the same facts', () => {
    expect(segment.place).toMatchObject({ path: 'ledger/2026/11/20/1.jsonl', last: 2 });
    expect(next.place.path).toBe('ledger/2026/11/20/3.jsonl');
    expect(writeSegment(facts.slice(0, 2), { installation: 'acme', previous: null, signer })).toEqual(
      segment,
    );
  });

  it('gives its facts back, and names the segment before it', () => {
    const read = readSegment(next.text, { ...expected, place: next.place });
    if (read.kind === 'refused') throw new Error(read.says);
    expect(read.header.previous).toEqual(segment.place);
    expect(read.lines.map((line) => JSON.parse(line))).toEqual(facts.slice(2));
  });

  it('is refused after any change, also by somebody who knows how segments are made', () => {
    fc.assert(
      fc.property(fc.nat(segment.text.length - 1), fc.constantFrom('0', 'a', ' ', '\n', ''), (i, c) => {
        const text = segment.text.slice(0, i) + c + segment.text.slice(i + 1);
        fc.pre(text !== segment.text);
        return readSegment(text, expected).kind === 'refused';
      }),
    );
    const stranger = segmentSigner(newSegmentKey());
    const forged = writeSegment(facts.slice(0, 2), {
      installation: 'acme',
      previous: null,
      signer: stranger,
    });
    expect(readSegment(forged.text, { ...expected, place: forged.place })).toMatchObject({
      kind: 'refused',
      says: expect.stringContaining('not signed by a key of this installation'),
    });
    const disguised = writeSegment(facts.slice(0, 2), {
      installation: 'acme',
      previous: null,
      signer: { ...stranger, key: signer.key },
    });
    expect(readSegment(disguised.text, { ...expected, place: disguised.place }).kind).toBe('refused');
  });

  it('is refused without its signature', () => {
    const text = `${segment.text.split('\n').slice(0, -2).join('\n')}\n`;
    const place = { ...segment.place, sha256: segment.place.sha256 };
    expect(readSegment(text, { ...expected, place }).kind).toBe('refused');
  });

  it('is refused in another place and in another installation', () => {
    expect(readSegment(next.text, expected)).toMatchObject({ kind: 'refused' });
    expect(readSegment(segment.text, { ...expected, installation: 'other' })).toMatchObject({
      kind: 'refused',
      says: expect.stringContaining('acme'),
    });
  });

  it('is pointed to by a head that is read back, and only by such a one', () => {
    expect(readSegmentHead(writeSegmentHead(next.place))).toEqual(next.place);
    for (const text of ['', '{', '{"path":"/etc/passwd","sha256":"","last":1}'])
      expect(readSegmentHead(text)).toBeUndefined();
  });

  it('never holds a secret that somebody put into words', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.stringMatching(/^xoxb-[0-9]{12}-[A-Za-z0-9]{24}$/),
        fc.string(),
        (before, secret, after) => {
          const { text } = writeSegment(history([[RELEASE, resumed(`${before} ${secret} ${after}`)]]), {
            installation: 'acme',
            previous: null,
            signer,
          });
          return !text.includes(secret);
        },
      ),
    );
  });
});

describe('the key of the segments', () => {
  it('is not repeated when it is wrong', () => {
    for (const wrong of ['secret', pem.replace('MC4', 'xxx')]) {
      expect(() => segmentSigner(wrong)).toThrow(/no private key/);
      expect(() => segmentSigner(wrong)).not.toThrow(/secret|xxx/);
    }
  });

  it('may be followed by another, while segments of the old one still count', () => {
    const both = segmentVerifier([newSegmentKey(), pem]);
    expect(readSegment(segment.text, { ...expected, verifier: both }).kind).toBe('segment');
  });
});

describe('a history', () => {
  it('is whole only when no line is missing, doubled or out of order', () => {
    const lines = [segment, next].flatMap(({ text }) => text.trimEnd().split('\n').slice(1, -1));
    expect(restoreHistory(lines)).toMatchObject({
      kind: 'whole',
      history: { epochs: { 'prod/cart': 1 }, incarnation: 1, lastFactAt: '2026-11-20T10:00:01.000Z' },
    });
    const [a = '', b = '', c = ''] = lines;
    for (const wrong of [
      [b, c],
      [a, c],
      [a, a, b],
      [b, a, c],
      [a, b, c.replace('two', 'too')],
      [a, b, 'x'],
    ]) {
      expect(restoreHistory(wrong).kind).toBe('refused');
    }
  });
});
