import { describe, expect, it } from 'vitest';
import type { CheckOutcome } from '../../../src/domain/checks/check-answer.ts';
import type { CheckRules } from '../../../src/domain/checks/check-rules.ts';
import type { CiSeen } from '../../../src/domain/checks/ci-seen.ts';
import { judgeCheck } from '../../../src/domain/checks/judge-check.ts';

const COMMIT = 'a'.repeat(40);

function seen(...outcomes: (CheckOutcome | 'none')[]): CiSeen {
  return {
    repository: 'acme/web',
    commits: outcomes.map((outcome, i) => ({
      commit: String(i).repeat(40),
      checks: { kind: 'checks', checks: outcome === 'none' ? [] : [{ name: 'unit', outcome }] },
    })),
  };
}

const kindOf = (ci: CiSeen, accept: CheckRules['accept'] = []) => judgeCheck(ci, 'unit', { accept }).kind;

describe('a check', () => {
  it.each<[CheckOutcome | 'none', string]>([
    ['passed', 'passed'],
    ['failed', 'failed'],
    ['pending', 'missing'],
    ['none', 'missing'],
    ['neutral', 'failed'],
    ['skipped', 'failed'],
  ])('that is %s has %s', (outcome, verdict) => {
    expect(kindOf(seen(outcome))).toBe(verdict);
  });

  it('that says neither yes nor no passes only where that is accepted, each by its name', () => {
    expect(kindOf(seen('skipped'), ['skipped'])).toBe('passed');
    expect(kindOf(seen('neutral'), ['skipped'])).toBe('failed');
  });

  it('must pass on every commit that the images were built from', () => {
    expect(kindOf(seen('passed', 'passed'))).toBe('passed');
    expect(kindOf(seen('passed', 'failed'))).toBe('failed');
    expect(kindOf(seen('none', 'passed'))).toBe('missing');
  });

  it.each<[string, CiSeen]>([
    ['where the source is', { commits: [] }],
    ['which commit it was', { repository: 'acme/web', commits: [] }],
    ['GitHub', { repository: 'acme/web', commits: [{ commit: COMMIT, checks: { kind: 'notConfigured' } }] }],
    [
      'GitHub, which refuses',
      { repository: 'acme/web', commits: [{ commit: COMMIT, checks: { kind: 'refused', says: 'no' } }] },
    ],
  ])('is not known when nobody knows %s', (_, ci) => {
    expect(kindOf(ci)).toBe('unknown');
  });
});
