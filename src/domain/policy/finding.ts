import { faultAt, type Path, type Place, pathInWords, type SourceDocument } from '../document/fault.ts';

/** Every rule that this version judges. Ids are what refusals name and what people search for. */
export const RULE_IDS = [
  'release-name',
  'catalog-agrees',
  'image-digest-pinned',
  'placeholder-digest',
  'no-floating-tag',
  'digest-exists',
  'dependency-cycle',
  'dependency-unknown',
  'dependency-version',
  'no-weakening',
  'gate-complete',
  'not-carried-out',
  'environment-order',
  'slo-gate-required',
  'gate-query-not-ratio',
  'owners-declared',
  'maker-checker',
  'no-downgrade',
  'rollout-agrees',
  'migration-plan-required',
  'migration-compatible',
  'migration-backout-plan',
  'db-plan-required',
  'no-destructive-with-code',
  'flag-plan-complete',
  'progressive-required',
  'health-checks-declared',
  'rollout-strategy-declared',
] as const;
export type RuleId = (typeof RULE_IDS)[number];

/** What a rule found. An `error` keeps the release from being cut; a `warn` is shown to those who approve. */
export interface Finding {
  rule: RuleId;
  severity: 'error' | 'warn';
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

/** A finding of a rule at a path of the manifest. */
export function findingAt(
  about: About,
  found: { rule: RuleId; severity?: Finding['severity']; path: Path; says: string; remedy: string },
): Finding {
  const { file, place } = faultAt(about, found.path, found.says);
  return {
    rule: found.rule,
    severity: found.severity ?? 'error',
    file,
    path: pathInWords(found.path),
    ...(place && { place }),
    says: found.says,
    remedy: found.remedy,
  };
}

/** Whether a release with these findings may be cut. */
export function mayBeCut(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.severity !== 'error');
}
