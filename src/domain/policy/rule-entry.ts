/** How severe a finding is: `error` keeps a release from being cut, `warn` is shown to those who approve. */
export type RuleSeverity = 'error' | 'warn' | 'off';

/** What people should know of a rule before they meet it. */
export interface RuleEntry {
  /** What it asks, in one sentence. */
  asks: string;
  /** For tiers 0 and 1, tier 2, and tiers 3 and 4. */
  severity: readonly [critical: RuleSeverity, usual: RuleSeverity, internal: RuleSeverity];
  /** Where that differs from the severity; absent: nowhere. */
  except?: string;
  /** `cut`: when a release is cut, and by `signalbox validate` as far as it can know. `validate`: by that alone, as advice. */
  judged: 'cut' | 'validate';
  /** Whether two people may let a release pass it for a while. Not where it could then not be planned, or approved by nobody. */
  exemptible: boolean;
  /** What to do about it. */
  remedy: string;
}

/** Whatever the tier. */
export const ALWAYS = ['error', 'error', 'error'] as const;
/** Shown to those who approve, whatever the tier. */
export const ADVICE = ['warn', 'warn', 'warn'] as const;
