import { faultAt, type Path, type Place, pathInWords, type SourceDocument } from '../document/fault.ts';
import type { ServiceName } from '../ids.ts';

/** Every rule that this version judges. Ids are what refusals name and what people search for. */
export const RULE_IDS = [
  'release-name',
  'catalog-agrees',
  'image-digest-pinned',
  'placeholder-digest',
  'no-floating-tag',
  'digest-exists',
  'chart-version-exact',
  'chart-exists',
  'dependency-cycle',
  'dependency-unknown',
  'dependency-version',
  'contract-complete',
  'contract-order',
  'no-weakening',
  'gate-complete',
  'not-carried-out',
  'environment-order',
  'slo-gate-required',
  'gate-query-not-ratio',
  'gate-threshold-vs-slo',
  'owners-declared',
  'maker-checker',
  'no-downgrade',
  'rollout-agrees',
  'migration-plan-required',
  'migration-compatible',
  'migration-backout-plan',
  'db-plan-required',
  'migration-complete',
  'migration-repeatable',
  'migration-data-reviewed',
  'migration-signed-off',
  'contract-after-soak',
  'migration-history',
  'migration-drift',
  'no-destructive-with-code',
  'flag-plan-complete',
  'flag-provider',
  'flag-default-off',
  'flag-live-state',
  'progressive-required',
  'health-checks-declared',
  'rollout-strategy-declared',
  'contract-compatible',
  'checks-passed',
  'checks-required-on-branch',
  'evidence-coverage',
  'evidence-sast',
  'evidence-vulnerabilities',
  'evidence-secrets',
  'evidence-sbom',
  'evidence-checks',
  'error-budget',
  'no-active-sev1',
  'capacity',
  'freeze-window',
  'batch-size',
  'release-overlap',
  'contract-window',
  'hotfix-incident',
  'hotfix-base',
  'hotfix-canary',
  'policy',
  'checklist-complete',
  'checklist-length',
  'conftest',
] as const;
export type RuleId = (typeof RULE_IDS)[number];

/**
 * What a rule found. An `error` keeps the release from being cut; a `warn` is shown to those who approve. `unknown`: it could not
 * be judged, because what it asks is away or answers nothing that means anything.
 */
export interface Finding {
  rule: RuleId;
  severity: 'error' | 'warn' | 'unknown';
  /** Whether not knowing keeps the release from being cut as an error does. Only read for `unknown`. */
  required: boolean;
  /** Whom it is about; absent: the release as a whole. */
  service?: ServiceName;
  file: string;
  /** In words, `spec.services.web.image`; empty for the document as a whole. */
  path: string;
  /** Absent when the document's text is not at hand. */
  place?: Place;
  /** What is so, in one sentence. */
  says: string;
  /** What to do about it. */
  remedy: string;
}

/** The document a finding is about. */
export type About = Pick<SourceDocument, 'file' | 'locate'>;

/** A finding of a rule at a path of the manifest. It is about the service the path leads into, unless another is named. */
export function findingAt(
  about: About,
  found: {
    rule: RuleId;
    severity?: Finding['severity'];
    required?: boolean;
    service?: ServiceName;
    path: Path;
    says: string;
    remedy: string;
  },
): Finding {
  const { file, place } = faultAt(about, found.path, found.says);
  const service = found.service ?? serviceAt(found.path);
  return {
    rule: found.rule,
    severity: found.severity ?? 'error',
    required: found.required ?? true,
    ...(service !== undefined && { service }),
    file,
    path: pathInWords(found.path),
    ...(place && { place }),
    says: found.says,
    remedy: found.remedy,
  };
}

/** Whether a finding keeps a release from being cut. */
export function stands(finding: Pick<Finding, 'severity' | 'required'>): boolean {
  return finding.severity === 'error' || (finding.severity === 'unknown' && finding.required);
}

/** Whether a release with these findings may be cut. */
export function mayBeCut(findings: readonly Finding[]): boolean {
  return !findings.some(stands);
}

function serviceAt([first, second, service]: Path): ServiceName | undefined {
  return first === 'spec' && second === 'services' && typeof service === 'string' && service !== ''
    ? service
    : undefined;
}
