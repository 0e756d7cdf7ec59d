import type { Actor } from '../domain/actor.ts';
import type { OwnedKey } from '../domain/content.ts';

/** One commit to make, on a fast-forward only. */
export interface CommitRequest {
  repository: string;
  branch: string;
  /** Start the branch from this one when it does not exist. */
  startFrom?: string;
  /** Idempotency key: written as the trailer `Release-Op`, and looked for before and after anything ambiguous. */
  operation: string;
  files: readonly { path: string; text: string }[];
  keys: readonly OwnedKey[];
  subject: string;
  body: string;
  trailers: readonly (readonly [string, string])[];
  author: { name: string; email: string };
  /**
   * Recovery pre-empts: a push under way is ended and the writer's turn is taken. Its commit lands also where nothing changes, so
   * that whoever was about to push on an older base has to look again.
   */
  urgent?: boolean;
  /** Asked again for each base the commit is built on; answering with a reason stops it. */
  check?: (base: BranchView) => Promise<string | undefined>;
}

/** A branch at a commit. */
export interface BranchView {
  commit: string;
  /** Text of a file; absent when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Paths of the files directly in a folder, by name; empty when there is no such folder. */
  list(folder: string): Promise<string[]>;
}

export type Committed =
  | { kind: 'committed'; commit: string; before: OwnedKey[]; how: 'done' | 'found' }
  /** Nothing would change: the branch already says so. */
  | { kind: 'unchanged'; commit: string; before: OwnedKey[] }
  /** A protected branch took it as a proposal that a person must merge. */
  | { kind: 'awaitingMerge'; where: string }
  /** The server's rule, a missing file, an unreadable document, a check: trying again as it is will not help. */
  | { kind: 'rejected'; reason: string };

/** A commit of a service's source. */
export interface SourceCommit {
  commit: string;
  subject: string;
  /** Its author first, then everybody named by a `Co-authored-by` trailer. */
  authors: { name: string; email: string }[];
  isMerge: boolean;
}

/** What one commit has and another has not. */
export type Between =
  | {
      kind: 'commits';
      /** Newest first, at most as many as were asked for. */
      commits: SourceCommit[];
      /** How many there are. */
      total: number;
      /** How many the older one has that the newer one has not. */
      undone: number;
    }
  /** A commit that the branch does not have. */
  | { kind: 'missing'; commit: string };

/** The repositories of the configuration. Methods throw `UnavailableError` when the server cannot be reached in time. */
export interface Git {
  commit(request: CommitRequest): Promise<Committed>;
  /** Fetches and answers; absent when the branch does not exist. */
  view(repository: string, branch: string): Promise<BranchView | undefined>;
  /**
   * Commits on `branch` that are not on the base, newest first, with their `Release-Op` trailer where they have one. `path`: only
   * those that changed something below it.
   */
  log(
    repository: string,
    branch: string,
    options: { limit: number; since?: string; path?: string },
  ): Promise<{ commit: string; author: string; subject: string; operation?: string }[]>;
  /**
   * Fetches the branch and tells what `to` has and `from` has not; both are ids, whole or shortened to seven digits at least.
   * `path`: only commits that changed something below it. Throws `TerminalError` where the server refuses us.
   */
  between(
    repository: string,
    branch: string,
    range: { from: string; to: string; path?: string; limit: number },
  ): Promise<Between>;
}

/** How a person or policy is written as a Git author. */
export type AuthorOf = (actor: Actor) => { name: string; email: string };
