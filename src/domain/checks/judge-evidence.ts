import type { Evidence, Findings } from '../artifact/evidence.ts';
import type { CheckRules, EvidenceRules, FindingLimits } from './check-rules.ts';
import type { CiSeen } from './ci-seen.ts';
import { type CheckVerdict, judgeCheck } from './judge-check.ts';

/** Parts of evidence that have a rule of their own, `evidence-<part>`. */
export const EVIDENCE_PARTS = ['coverage', 'sast', 'vulnerabilities', 'secrets', 'sbom', 'checks'] as const;
export type EvidencePart = (typeof EVIDENCE_PARTS)[number];

/** Whether a part is asked for here. */
export function asksFor(rules: EvidenceRules | undefined, part: EvidencePart): boolean {
  if (rules === undefined) return false;
  return part === 'checks' ? rules.checks.length > 0 : rules[part] !== undefined;
}

/** Names of checks at GitHub that may stand for evidence. */
export function checksForEvidence(rules: EvidenceRules | undefined): string[] {
  if (rules === undefined) return [];
  const { coverage, sast, vulnerabilities, secrets, sbom, checks } = rules;
  const standIns = [coverage, sast, vulnerabilities, secrets, sbom].flatMap((part) => part?.orCheck ?? []);
  return [...new Set([...standIns, ...checks])];
}

/** What is wrong with one part of a service's evidence, as sentences; empty when it is as the rules ask. */
export function judgeEvidence(
  part: EvidencePart,
  of: { seen: CiSeen; rules: EvidenceRules; accept: CheckRules['accept'] },
): Exclude<CheckVerdict, { kind: 'passed' }>[] {
  const { seen, rules, accept } = of;
  const evidence = seen.reported?.evidence ?? {};
  const verdicts = () => {
    switch (part) {
      case 'coverage':
        return [coverage(evidence, rules.coverage ?? { min: 0 }) ?? orCheck(seen, rules.coverage, accept)];
      case 'sast':
        return [findings('the source', evidence.sast, rules.sast ?? {}) ?? orCheck(seen, rules.sast, accept)];
      case 'vulnerabilities':
        return [
          findings('the image', evidence.vulnerabilities, rules.vulnerabilities ?? {}) ??
            orCheck(seen, rules.vulnerabilities, accept),
        ];
      case 'secrets':
        return [secrets(evidence) ?? orCheck(seen, rules.secrets, accept)];
      case 'sbom':
        return [evidence.sbom ? ({ kind: 'passed' } as const) : orCheck(seen, rules.sbom, accept)];
      case 'checks':
        return rules.checks.map((name) => reportedCheck(evidence, { name, seen, accept }));
    }
  };
  return verdicts().filter((verdict) => verdict.kind !== 'passed');
}

/** Seed: lines, rounded. */
function coverage({ coverage: told }: Evidence, { min }: { min: number }): CheckVerdict | undefined {
  if (told === undefined) return undefined;
  return Math.round(told.lines) >= min
    ? { kind: 'passed' }
    : { kind: 'failed', says: `${told.lines} % of its lines are covered, not ${min} %` };
}

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

function findings(
  where: string,
  told: Findings | undefined,
  limits: FindingLimits,
): CheckVerdict | undefined {
  if (told === undefined) return undefined;
  const asked = SEVERITIES.filter((severity) => limits[severity] !== undefined);
  const unsaid = asked.filter((severity) => told[severity] === undefined);
  const over = asked.filter((severity) => (told[severity] ?? 0) > (limits[severity] ?? 0));
  const by = told.tool ? ` (${told.tool})` : '';
  if (over.length > 0) {
    const words = over.map((severity) => `${told[severity]} ${severity}, at most ${limits[severity]}`);
    return { kind: 'failed', says: `findings in ${where}${by}: ${words.join('; ')}` };
  }
  // A severity that was not counted is not zero.
  return unsaid.length > 0
    ? { kind: 'missing', says: `the report on ${where}${by} does not count ${unsaid.join(' and ')}` }
    : { kind: 'passed' };
}

function secrets({ secrets: told }: Evidence): CheckVerdict | undefined {
  if (told === undefined) return undefined;
  const by = told.tool ? ` (${told.tool})` : '';
  return told.found === 0
    ? { kind: 'passed' }
    : { kind: 'failed', says: `${told.found} secrets were found in its source${by}` };
}

/** A build that says nothing of a part may have shown it as a check instead. */
function orCheck(
  seen: CiSeen,
  rule: { orCheck?: string | undefined } | undefined,
  accept: CheckRules['accept'],
): CheckVerdict {
  if (rule?.orCheck === undefined) return { kind: 'missing', says: nothingReported(seen) };
  const judged = judgeCheck(seen, rule.orCheck, { accept });
  return judged.kind === 'missing'
    ? { kind: 'missing', says: `${nothingReported(seen)}, and ${judged.says}` }
    : judged;
}

function reportedCheck(
  { checks }: Evidence,
  { name, seen, accept }: { name: string; seen: CiSeen; accept: CheckRules['accept'] },
): CheckVerdict {
  const told = checks && Object.hasOwn(checks, name) ? checks[name] : undefined;
  if (told === 'passed') return { kind: 'passed' };
  if (told === 'failed') return { kind: 'failed', says: `${name} failed, as its build reports` };
  if (told === 'skipped')
    return accept.includes('skipped')
      ? { kind: 'passed' }
      : { kind: 'failed', says: `${name} was skipped, as its build reports, which is no pass here` };
  const judged = judgeCheck(seen, name, { accept });
  if (judged.kind === 'passed' || judged.kind === 'failed') return judged;
  // Somebody is there to ask, and did not answer.
  if (judged.kind === 'unknown' && seen.commits.length > 0) return judged;
  return { kind: 'missing', says: `no build has reported ${name} for it, and ${judged.says}` };
}

function nothingReported({ reported }: CiSeen): string {
  return reported === undefined
    ? 'no build has reported anything on this image'
    : 'no build has reported this on its image';
}
