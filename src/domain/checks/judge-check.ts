import type { CheckRules } from './check-rules.ts';
import type { CiSeen } from './ci-seen.ts';

/** What a check by its name comes to, over every commit that a service is built from. */
export type CheckVerdict =
  | { kind: 'passed' }
  | { kind: 'failed'; says: string }
  /** It has no end yet, or is not there. */
  | { kind: 'missing'; says: string }
  /** Nobody can tell. */
  | { kind: 'unknown'; says: string };

/** Judges one check. Whatever is no success, and not accepted in its place, is no pass. */
export function judgeCheck(seen: CiSeen, name: string, { accept }: Pick<CheckRules, 'accept'>): CheckVerdict {
  if (seen.repository === undefined)
    return { kind: 'unknown', says: 'nobody says where its source is on GitHub' };
  if (seen.commits.length === 0)
    return { kind: 'unknown', says: 'nobody says which commit it was built from' };
  const verdicts = seen.commits.map(({ commit, checks }) =>
    verdictOf(checks, { name, accept, at: `${seen.repository}@${commit.slice(0, 12)}` }),
  );
  return worst(verdicts);
}

function verdictOf(
  checks: CiSeen['commits'][number]['checks'],
  { name, accept, at }: { name: string; accept: CheckRules['accept']; at: string },
): CheckVerdict {
  switch (checks.kind) {
    case 'unknown':
      return { kind: 'unknown', says: checks.says };
    case 'notConfigured':
      return { kind: 'unknown', says: 'no github is configured in signalbox.yaml' };
    case 'refused':
      return { kind: 'unknown', says: `GitHub does not tell of ${at}: ${checks.says}` };
    case 'checks':
      break;
  }
  const check = checks.checks.find((each) => each.name === name);
  if (check === undefined) return { kind: 'missing', says: `${name} has not run on ${at}` };
  switch (check.outcome) {
    case 'passed':
      return { kind: 'passed' };
    case 'failed':
      return { kind: 'failed', says: `${name} failed on ${at}` };
    case 'pending':
      return { kind: 'missing', says: `${name} has not ended on ${at}` };
    case 'neutral':
    case 'skipped':
      return accept.includes(check.outcome)
        ? { kind: 'passed' }
        : { kind: 'failed', says: `${name} was ${check.outcome} on ${at}, which is no pass here` };
  }
}

const RANK = { failed: 0, missing: 1, unknown: 2, passed: 3 } as const;

function worst(verdicts: readonly CheckVerdict[]): CheckVerdict {
  const [first = { kind: 'passed' } as const] = verdicts.toSorted((a, b) => RANK[a.kind] - RANK[b.kind]);
  return first;
}
