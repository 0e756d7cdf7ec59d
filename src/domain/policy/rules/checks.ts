import { catalogService } from '../../catalog/catalog.ts';
import type { CiSeen } from '../../checks/ci-seen.ts';
import { judgeCheck } from '../../checks/judge-check.ts';
import { asksFor, type EvidencePart, judgeEvidence } from '../../checks/judge-evidence.ts';
import { own } from '../../document/own.ts';
import type { ServiceName } from '../../ids.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import { type Finding, findingAt, type RuleId } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';

const NOTHING_SEEN: CiSeen = { commits: [] };

/** Checks that a service has to show here: the environment's, and its own of the catalog. */
export function checksOf(
  { environment, catalog }: Pick<PlanInput, 'environment' | 'catalog'>,
  service: ServiceName,
): string[] {
  const its = catalogService(catalog, service)?.checks ?? [];
  return [...new Set([...(environment.checks?.required ?? []), ...its])];
}

/** Whether any service of the release has to show checks. */
export function asksForChecks(input: PlanInput): boolean {
  return Object.keys(input.contents).some((service) => checksOf(input, service).length > 0);
}

const REMEDY_BY_VERDICT = {
  failed: 'Mend it, and release what is built then.',
  missing: 'Wait for it or run it again, then run the preflight again.',
  unknown:
    'See that the catalog names its source, that the image has the label org.opencontainers.image.revision, and that signalbox check finds no fault with GitHub.',
} as const;

/** `checks-passed`: what CI has to show has passed on the very commits that the images were built from. */
export function checksPassed(input: PreflightInput): Finding[] {
  const accept = input.environment.checks?.accept ?? [];
  return servicesOf(input).flatMap((service) =>
    checksOf(input, service).flatMap((name) => {
      const verdict = judgeCheck(seenOf(input, service), name, { accept });
      if (verdict.kind === 'passed') return [];
      return [
        found(input, service, {
          rule: 'checks-passed',
          severity: verdict.kind === 'unknown' ? 'unknown' : 'error',
          says: verdict.says,
          remedy: REMEDY_BY_VERDICT[verdict.kind],
        }),
      ];
    }),
  );
}

export function asksForBranchChecks(input: PlanInput): boolean {
  return (input.environment.checks?.onBranch ?? 'off') !== 'off' && asksForChecks(input);
}

/** `checks-required-on-branch`: nobody can get past the checks by merging without them. */
export function checksRequiredOnBranch(input: PreflightInput): Finding[] {
  const isAdvice = input.environment.checks?.onBranch === 'warn';
  return servicesOf(input).flatMap((service) => {
    const names = checksOf(input, service);
    const fault = names.length === 0 ? undefined : branchFault(seenOf(input, service), names);
    if (fault === undefined) return [];
    const severity = fault.isKnown ? (isAdvice ? 'warn' : 'error') : 'unknown';
    return [
      found(input, service, {
        rule: 'checks-required-on-branch',
        severity,
        required: !isAdvice,
        says: fault.says,
        remedy: 'Require them by a ruleset or the protection of the branch.',
      }),
    ];
  });
}

/** Why a branch is not seen to require checks; absent when it does. */
function branchFault(
  { repository, branch }: CiSeen,
  names: readonly string[],
): { isKnown: boolean; says: string } | undefined {
  if (repository === undefined || branch === undefined)
    return { isKnown: false, says: 'nobody says where its source is on GitHub' };
  const where = `${branch.name} of ${repository}`;
  const { required } = branch;
  switch (required.kind) {
    case 'unknown':
      return { isKnown: false, says: required.says };
    case 'notConfigured':
      return { isKnown: false, says: 'no github is configured in signalbox.yaml' };
    case 'refused':
      return { isKnown: false, says: `GitHub does not tell what ${where} requires: ${required.says}` };
    case 'required': {
      const free = names.filter((name) => !required.checks.includes(name));
      if (free.length === 0) return undefined;
      return { isKnown: true, says: `${where} does not require ${free.join(', ')}` };
    }
  }
}

const REMEDIES: Readonly<Record<EvidencePart, string>> = {
  coverage: 'Cover more of it, or report the coverage with the artifact.',
  sast: 'Mend what was found, or report the scan with the artifact.',
  vulnerabilities: 'Update what is weak, or report the scan with the artifact.',
  secrets: 'Take them out and replace them, or report the scan with the artifact.',
  sbom: 'Report the list of its parts with the artifact.',
  checks: 'Run it, and report it with the artifact.',
};

/** One rule for each part of the evidence: it was reported for these very bytes, and is as good as the environment asks. */
export function evidenceRule(part: EvidencePart): {
  id: RuleId;
  asked(input: PlanInput): boolean;
  judge(input: PreflightInput): Finding[];
} {
  const id: RuleId = `evidence-${part}`;
  return {
    id,
    asked: ({ environment }) => asksFor(environment.evidence, part),
    judge: (input) =>
      servicesOf(input).flatMap((service) => {
        const { evidence: rules, checks } = input.environment;
        if (rules === undefined) return [];
        const seen = seenOf(input, service);
        return judgeEvidence(part, { seen, rules, accept: checks?.accept ?? [] }).map((verdict) =>
          found(input, service, {
            rule: id,
            severity: verdict.kind === 'unknown' ? 'unknown' : 'error',
            says: verdict.says,
            remedy: REMEDIES[part],
          }),
        );
      }),
  };
}

function servicesOf({ plan }: PreflightInput): ServiceName[] {
  return plan?.waves.flat() ?? [];
}

function seenOf({ ci }: PreflightInput, service: ServiceName): CiSeen {
  return own(ci ?? {}, service) ?? NOTHING_SEEN;
}

function found(
  { document }: PreflightInput,
  service: ServiceName,
  finding: Pick<Finding, 'rule' | 'severity' | 'says' | 'remedy'> & { required?: boolean },
): Finding {
  return findingAt(document, { ...finding, path: ['spec', 'services', service, 'image'] });
}
