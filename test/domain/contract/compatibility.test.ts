import { describe, expect, it } from 'vitest';
import { COMPATIBILITY, covers, firstOut } from '../../../src/domain/contract/compatibility.ts';

describe('a level of compatibility', () => {
  it('covers itself, what it holds in both directions, and what looks less far back', () => {
    const covered = Object.fromEntries(
      COMPATIBILITY.map((level) => [level, COMPATIBILITY.filter((promised) => covers(level, promised))]),
    );
    expect(covered).toEqual({
      BACKWARD: ['BACKWARD'],
      BACKWARD_TRANSITIVE: ['BACKWARD', 'BACKWARD_TRANSITIVE'],
      FORWARD: ['FORWARD'],
      FORWARD_TRANSITIVE: ['FORWARD', 'FORWARD_TRANSITIVE'],
      FULL: ['BACKWARD', 'FORWARD', 'FULL'],
      FULL_TRANSITIVE: [...COMPATIBILITY],
    });
    for (const promised of COMPATIBILITY) expect(covers('NONE', promised)).toBe(false);
  });

  it('says who goes first', () => {
    expect(COMPATIBILITY.map(firstOut)).toEqual([
      'consumers',
      'consumers',
      'producer',
      'producer',
      'either',
      'either',
    ]);
  });
});
