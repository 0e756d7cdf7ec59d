import { z } from 'zod';
import { type Content, type Image, Revision } from '../content.ts';
import { ServiceName } from '../ids.ts';

/** A commit of a service's source, as release notes name it. */
export const NotedCommit = z.strictObject({
  commit: Revision,
  subject: z.string(),
  /** Name of its author, as the commit has it. */
  author: z.string(),
});
export type NotedCommit = z.infer<typeof NotedCommit>;

/** What is new in one service. */
export const ServiceNotes = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('commits'),
    /** Name of the repository in `signalbox.yaml`. */
    repository: z.string(),
    /** What runs was built from; what comes is. */
    from: Revision,
    to: Revision,
    /** Newest first, without merges, as many as are shown. */
    commits: z.array(NotedCommit),
    /** All of them, merges included. */
    total: z.int().nonnegative(),
    /** Commits of what runs that what comes does not have: it goes back behind them. */
    undone: z.int().nonnegative(),
    /** Authors whose address belongs to nobody in the workspace: should they approve, nobody would notice. */
    strangers: z.array(z.string()).default([]),
  }),
  /** Nothing can be told; `says` is the end of a sentence. */
  z.strictObject({ kind: z.literal('silent'), says: z.string() }),
]);
export type ServiceNotes = z.infer<typeof ServiceNotes>;

/** What is new in a release, by service. */
export const ReleaseNotes = z.record(ServiceName, ServiceNotes);
export type ReleaseNotes = z.infer<typeof ReleaseNotes>;

/** Commits kept in one release's notes over all its services: a fact stays small however long nobody released. */
const MOST_COMMITS = 300;
/** Of one service: more than anybody reads. */
const MOST_OF_SERVICE = 50;
const LONGEST_SUBJECT = 120;

/** How many commits of each service are kept where there are so many services; at least three. */
export function commitsKept(services: number): number {
  return Math.max(3, Math.min(MOST_OF_SERVICE, Math.floor(MOST_COMMITS / Math.max(1, services))));
}

/** A subject as notes keep it: one line, not longer than a line. */
export function subjectKept(subject: string): string {
  const line = subject.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST_SUBJECT ? line : `${line.slice(0, LONGEST_SUBJECT - 1)}…`;
}

/** The one commit that all images of a content say they were built from. */
export function revisionOf(
  content: Content,
): { kind: 'revision'; revision: Revision } | { kind: 'none'; says: string } {
  const said = Object.values<Image>(content.images).map(({ revision }) => revision);
  const revisions = [...new Set(said)];
  const [only] = revisions;
  if (revisions.length > 1)
    return { kind: 'none', says: 'its images do not all say the same commit they were built from' };
  return only === undefined
    ? { kind: 'none', says: 'its image does not say which commit it was built from' }
    : { kind: 'revision', revision: only };
}
