/** What a server does with a push instead of simply taking it. */
export type PushFault =
  /** Declined with these words; `reason` is what stands in brackets behind the branch. */
  | { kind: 'decline'; says: readonly string[]; reason: string }
  /** Takes the request and never answers. The push has not happened. */
  | { kind: 'hang' }
  /** The connection breaks before the push is looked at, or after it has happened. */
  | { kind: 'cut'; when: 'before' | 'after' }
  /** Somebody else's commit comes first: before the bot looks at the branch, or between its look and its push. */
  | { kind: 'race'; when: 'beforeLook' | 'beforeUpdate'; land: () => Promise<unknown> }
  /** An HTTP status instead of an answer, such as 403 or 503. */
  | { kind: 'status'; status: number };

/** A push is two requests: the first looks where the branches stand. These faults happen there. */
export function isForLook(fault: PushFault): boolean {
  return fault.kind === 'status' || (fault.kind === 'race' && fault.when === 'beforeLook');
}

/** GitHub's words for a branch that takes pull requests only. Source: https://github.com/foundry-rs/block-explorers/pull/110 */
export function protectedBranch(branch: string): PushFault {
  return {
    kind: 'decline',
    says: [
      `error: GH006: Protected branch update failed for refs/heads/${branch}.`,
      '',
      '- Changes must be made through a pull request.',
    ],
    reason: 'protected branch hook declined',
  };
}

/** What a repository's own check says, as Git reports any hook. Source: https://git-scm.com/docs/githooks#pre-receive */
export function hookDeclined(...says: string[]): PushFault {
  return { kind: 'decline', says, reason: 'pre-receive hook declined' };
}
