import type { Clone } from './clone.ts';
import { outputOf } from './clone-runner.ts';
import { OPERATION_TRAILER } from './commit-message.ts';

/** A commit of a branch as its log tells it. */
export interface LogEntry {
  commit: string;
  /** `Name <address>`. */
  author: string;
  subject: string;
  /** Absent on what was not done by this program. */
  operation?: string;
}

/** How far back an operation is looked for: an operation is tried again within hours, and this is weeks of a busy repository. */
export const SEARCH_LIMIT = 500;

/** Commits from `commit` back, newest first, without those that `since` reaches. `path`: only those that changed it or what is below. */
export async function readLog(
  clone: Clone,
  commit: string,
  options: { limit: number; since?: string | undefined; path?: string | undefined },
): Promise<LogEntry[]> {
  const format = [
    '%H',
    '%an <%ae>',
    '%s',
    `%(trailers:key=${OPERATION_TRAILER},valueonly,separator=%x02)`,
  ].join('%x00');
  const range = options.since === undefined ? [commit] : [commit, `^${options.since}`];
  const args = [
    'log',
    `--max-count=${options.limit}`,
    `--format=${format}%x01`,
    '--end-of-options',
    ...range,
    '--',
    // Taken as it is: a path is no pattern.
    ...(options.path === undefined ? [] : [`:(top,literal)${options.path}`]),
  ];
  const output = outputOf(await clone.local(args), `Reading the log of ${clone.name}`).toString();
  return output.split('\x01').flatMap((entry) => {
    const [id = '', author = '', subject = '', operations = ''] = entry.trim().split('\0');
    const operation = operations.split('\x02').at(-1)?.trim();
    return id === '' ? [] : [{ commit: id, author, subject, ...(operation && { operation }) }];
  });
}

/** Which operations are on a branch: operation to commit. */
export interface Operations {
  at(branch: string, head: string): Promise<ReadonlyMap<string, string>>;
  /** A commit of ours is the branch's new head. */
  add(branch: string, done: { onto: string; commit: string; operation: string }): void;
}

/** Reads the log once for each head that somebody else made; our own commits are added as they land. */
export function operationsOf(clone: Clone): Operations {
  const known = new Map<string, { head: string; operations: Map<string, string> }>();
  return {
    async at(branch, head) {
      const kept = known.get(branch);
      if (kept?.head === head) return kept.operations;
      const entries = await readLog(clone, head, { limit: SEARCH_LIMIT });
      // Oldest first, so that of two commits with one operation the newer one counts.
      const pairs = entries
        .toReversed()
        .flatMap(({ operation, commit }) => (operation ? [[operation, commit] as const] : []));
      const operations = new Map(pairs);
      known.set(branch, { head, operations });
      return operations;
    },
    add(branch, { onto, commit, operation }) {
      const kept = known.get(branch);
      if (kept?.head === onto)
        known.set(branch, { head: commit, operations: kept.operations.set(operation, commit) });
    },
  };
}
