import { describe, expect, it } from 'vitest';
import type { FactEnvelope } from '../../../src/domain/ledger/fact.ts';
import { knownFacts, readFact, type Upcaster } from '../../../src/domain/ledger/read-facts.ts';
import { history, RELEASE, resumed } from './facts.ts';

const [fact] = history([[RELEASE, resumed('x')]]);
if (fact === undefined) throw new Error('there is no fact');
const of = (change: Partial<FactEnvelope>): FactEnvelope => ({ ...fact, ...change });

describe('reading a fact', () => {
  it('of this version hands out the very same', () => {
    const read = readFact(fact);
    expect(read.kind === 'known' && read.fact).toBe(fact);
  });

  it('of a newer version says so', () => {
    expect(readFact(of({ schemaVersion: 2 }))).toMatchObject({
      kind: 'unknown',
      says: expect.stringContaining('version 2'),
    });
  });

  it.each(['release.teleported', 'constructor', 'tracks.taken'])(
    'of the kind %s, which no release has, says so',
    (kind) => {
      expect(readFact(of({ kind }))).toMatchObject({ kind: 'unknown', says: expect.stringContaining(kind) });
    },
  );

  it('of an older version brings its data up to date, step by step', () => {
    const rename: Upcaster = {
      kind: 'release.resumed',
      from: 1,
      upcast: (data) => ({ because: (data as { reason: string }).reason }),
    };
    const shout: Upcaster = {
      kind: 'release.resumed',
      from: 2,
      upcast: (data) => ({ because: (data as { because: string }).because.toUpperCase() }),
    };
    const other: Upcaster = { kind: 'release.held', from: 1, upcast: () => 'not for this one' };
    const reading = { version: 3, upcasters: [shout, other, rename] };
    const dataOf = (envelope: FactEnvelope) => {
      const read = readFact(envelope, reading);
      return read.kind === 'known' && read.fact.data;
    };
    expect(dataOf(fact)).toEqual({ because: 'X' });
    expect(dataOf(of({ schemaVersion: 2, data: { because: 'y' } }))).toEqual({ because: 'Y' });
    expect(dataOf(of({ schemaVersion: 3, data: { because: 'z' } }))).toEqual({ because: 'z' });
    expect(fact.data).toEqual({ moments: [], reason: 'x' });
  });
});

describe('what a program knows', () => {
  it('names the version and every kind', () => {
    expect(knownFacts()).toMatch(/^1:environment\/content\.adopted,.*release\/release\.cut/);
  });
});
