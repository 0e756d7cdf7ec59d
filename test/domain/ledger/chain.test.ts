import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf, lineOfFact, NO_HEAD, nextLink } from '../../../src/domain/ledger/chain.ts';
import type { FactEnvelope } from '../../../src/domain/ledger/fact.ts';
import { RELEASE, resumed, seal } from './facts.ts';

const sealed = seal(RELEASE, [resumed('one'), resumed('two ☂')]);
const lines = sealed.map(({ fact, body }, i) => lineOf({ hash: fact.hash, body }, 41 + i));
const [first = '', second = ''] = lines;
const place = { version: 1, head: sealed[0]?.fact.hash ?? '' };

describe('the chain of a stream', () => {
  it('hashes the canonical JSON of everything but hash and seq, as anybody can check', () => {
    const { hash: claimed, seq: _seq, ...rest } = JSON.parse(second) as FactEnvelope;
    expect(claimed).toBe(hash('sha256', canonicalize(rest) ?? ''));
    expect(rest.prevHash).toBe(place.head);
  });

  it('is followed from one line to the next', () => {
    const link = nextLink(first, { version: 0, head: NO_HEAD });
    expect(link).toMatchObject({ kind: 'sound', fact: { seq: 41, version: 1 } });
    expect(nextLink(second, place)).toMatchObject({ kind: 'sound', fact: { seq: 42, version: 2 } });
  });

  it('writes a fact that was read as the line it was', () => {
    expect(lineOfFact(JSON.parse(second))).toBe(second);
  });

  it.each([
    ['is missing', first, { version: 1, head: place.head }, 'numbered 1'],
    ['was left out before it', second, { version: 0, head: NO_HEAD }, 'numbered 2'],
    ['follows another', second, { version: 1, head: 'f'.repeat(64) }, 'does not follow'],
    ['is no fact', '{"a":1}', place, 'not one of ours'],
  ])('is broken by a fact that %s', (_what, line, at, says) => {
    expect(nextLink(line, at)).toMatchObject({ kind: 'broken', says: expect.stringContaining(says) });
  });

  it('is broken by any change of any character, but for the number that the store gave', () => {
    const seqFrom = second.indexOf('"seq":') + '"seq":'.length;
    const seqTo = second.indexOf(',', seqFrom);
    fc.assert(
      fc.property(
        fc.nat(second.length - 1),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        (i, c) => {
          fc.pre(c !== second[i] && (i < seqFrom || i >= seqTo));
          const altered = second.slice(0, i) + c + second.slice(i + 1);
          return nextLink(altered, place).kind === 'broken';
        },
      ),
    );
  });
});
