import type { ChecksAnswer, CommitAnswer, RequiredAnswer } from '../domain/checks/check-answer.ts';

/** A comment on an issue or a pull request. */
export interface ForgeComment {
  repository: string;
  issue: number;
  /** Identity of what is said: a comment that has it is not written again. */
  operation: string;
  /** Markdown, with everything that people wrote escaped. */
  text: string;
}

/**
 * The place where services' source and its checks are, such as GitHub. A repository is `owner/name`. Methods throw
 * `UnavailableError` when nobody answers in time.
 */
export interface Forge {
  /** Checks of a commit, whole or shortened. */
  checks(at: { repository: string; commit: string }): Promise<ChecksAnswer>;
  /** What a branch requires, by its protection and by rulesets. */
  requiredChecks(at: { repository: string; branch: string }): Promise<RequiredAnswer>;
  /** The commit of the newest deployment to one of its environments that succeeded. */
  deployed(at: { repository: string; environment: string }): Promise<CommitAnswer>;
  /** The newest commit of a branch on which a check passed; only the last few are looked at. */
  passed(at: { repository: string; branch: string; check: string }): Promise<CommitAnswer>;
  comment(comment: ForgeComment): Promise<{ kind: 'commented' } | { kind: 'refused'; says: string }>;
}
