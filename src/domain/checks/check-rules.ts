/** Which checks of GitHub a release has to show, as the configuration decides it for an environment. */
export interface CheckRules {
  /** For every service; those of the catalog come on top. */
  required: readonly string[];
  /** What passes besides a success: a check that was skipped says nothing, unless the configuration takes that for a yes. */
  accept: readonly ('neutral' | 'skipped')[];
  /** Whether the branch must refuse a commit on which they have not passed. */
  onBranch: 'off' | 'warn' | 'refuse';
}

/** Findings by severity: how many there may be. */
export interface FindingLimits {
  critical?: number | undefined;
  high?: number | undefined;
  medium?: number | undefined;
  low?: number | undefined;
  /** A check of GitHub that counts where no build has reported this; absent: none. */
  orCheck?: string | undefined;
}

/** What builds must have reported of an artifact. A part that is absent is not asked for. */
export interface EvidenceRules {
  /** Lines covered in per cent, rounded, at least. */
  coverage?: { min: number; orCheck?: string | undefined } | undefined;
  sast?: FindingLimits | undefined;
  vulnerabilities?: FindingLimits | undefined;
  /** Secrets in the source: there may be none. */
  secrets?: { orCheck?: string | undefined } | undefined;
  sbom?: { orCheck?: string | undefined } | undefined;
  /** Checks by name, reported by a build or passed at GitHub. */
  checks: readonly string[];
}
