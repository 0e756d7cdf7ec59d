/** What a check came to. `pending`: nothing yet, however long it takes. `neutral`, `skipped`: it says neither yes nor no. */
export const CHECK_OUTCOMES = ['passed', 'failed', 'neutral', 'skipped', 'pending'] as const;
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];

/** A check of a commit, as its newest run came out. */
export interface SeenCheck {
  name: string;
  outcome: CheckOutcome;
}

/** The other side understood and gives no answer; `says` is the end of a sentence. */
interface Refused {
  kind: 'refused';
  says: string;
}

/** Nobody is configured to be asked. */
interface NotConfigured {
  kind: 'notConfigured';
}

/** Check runs and statuses of a commit together, each name once. */
export type ChecksAnswer = { kind: 'checks'; checks: SeenCheck[] } | Refused | NotConfigured;

/** Names of the checks without which nothing gets onto a branch; empty when it is protected by none. */
export type RequiredAnswer = { kind: 'required'; checks: string[] } | Refused | NotConfigured;

/** A commit that may be cut. */
export type CommitAnswer =
  | { kind: 'commit'; commit: string }
  | { kind: 'none'; says: string }
  | Refused
  | NotConfigured;
