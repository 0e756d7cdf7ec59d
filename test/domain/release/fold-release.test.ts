import { describe, expect, it } from 'vitest';
import type { ReleaseFact } from '../../../src/domain/ledger/fact.ts';
import { foldRelease } from '../../../src/domain/release/fold-release.ts';
import { factsOf } from '../../bench/ledger/facts.ts';

describe('folding a release', () => {
  it('changes no fact, so that the same facts fold to the same state again', () => {
    const facts = factsOf(1, 42) as ReleaseFact[];
    facts.forEach(freeze);
    const first = foldRelease(facts);
    expect(foldRelease(facts)).toEqual(first);
    expect(Object.keys(first?.effects ?? {})).toHaveLength(10);
    expect(first?.judgements).toHaveLength(10);
  });

  it('knows nothing of a release that was never cut', () => {
    expect(foldRelease(factsOf(1, 42).slice(1) as ReleaseFact[])).toBeUndefined();
  });
});

function freeze(value: object): void {
  Object.freeze(value);
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner);
}
