import type { EnvironmentName } from '../domain/ids.ts';
import type { FactEnvelope } from '../domain/ledger/fact.ts';
import {
  readSegmentHead,
  SEGMENT_HEAD_PATH,
  type Segment,
  type SegmentPlace,
  writeSegment,
  writeSegmentHead,
} from '../domain/ledger/segment.ts';
import type { SegmentSigner } from '../domain/ledger/segment-key.ts';
import { isArchivedAtOnce } from '../domain/ledger/segment-urgency.ts';
import type { BranchView, Committed } from '../ports/git.ts';
import type { Ports } from '../ports/ports.ts';

export type ArchivePorts = Pick<Ports, 'ledger' | 'git' | 'clock'>;

/** Where and how facts are kept for ever. */
export interface Archive {
  installation: string;
  repository: string;
  branch: string;
  /** Start the branch from this one when it does not exist; absent: it must exist. */
  startFrom?: string;
  /** The last environment of the promotion order: decisions on it are archived at once. */
  production: EnvironmentName;
  /** How old any other fact may become before it is archived, in milliseconds. */
  maxDelayMs: number;
  signer: SegmentSigner;
  author: { name: string; email: string };
}

/** The newest segment; null before the first. Hand it back to the next turn, or leave it out to have Git asked. */
export type ArchivedUpTo = SegmentPlace | null;

export type Archived =
  /** `more`: at least as many facts again are waiting. */
  | { kind: 'archived'; upTo: ArchivedUpTo; facts: number; more: boolean }
  /** Nothing is old or important enough yet; `dueInMs` absent: nothing is there at all. */
  | { kind: 'waiting'; upTo: ArchivedUpTo; dueInMs?: number }
  /** The branch took it as a proposal, or not at all. */
  | { kind: 'refused'; says: string }
  /** Git tells another history than the store: the store must be restored, or was started beside its archive. */
  | { kind: 'diverged'; says: string };

/** Facts in one segment: some megabytes at most, and a commit for each thousand when there is a lot to catch up with. */
const FACTS_AT_ONCE = 1_000;

/**
 * One turn of archiving: the facts that are not in Git yet go there as one signed segment, when one of them may not wait. Only one
 * process may do it at a time (a lease), and a second one does no harm: the branch takes only what follows its own newest segment.
 */
export async function archiveFacts(
  ports: ArchivePorts,
  archive: Archive,
  known?: ArchivedUpTo,
): Promise<Archived> {
  const { ledger, clock } = ports;
  const upTo = known === undefined ? await newestSegment(ports, archive) : known;
  if (known === undefined && upTo && !(await isOurs(ports, archive, upTo))) {
    return {
      kind: 'diverged',
      says: `Git holds facts up to ${upTo.last} that Redis does not have: restore them first.`,
    };
  }
  const facts = await ledger.since(upTo?.last ?? 0, FACTS_AT_ONCE);
  const dueInMs = waitOf(facts, archive, clock.now());
  if (dueInMs === undefined) return { kind: 'waiting', upTo };
  if (dueInMs > 0) return { kind: 'waiting', upTo, dueInMs };
  const segment = writeSegment(facts, { ...archive, previous: upTo });
  const committed = await commitSegment(ports, archive, {
    segment,
    previous: upTo,
    first: facts[0]?.seq ?? 0,
  });
  switch (committed.kind) {
    case 'committed':
    case 'unchanged':
      return {
        kind: 'archived',
        upTo: segment.place,
        facts: facts.length,
        more: facts.length === FACTS_AT_ONCE,
      };
    case 'awaitingMerge':
      return {
        kind: 'refused',
        says: `${archive.branch} takes facts only after a merge (${committed.where}): unprotect it.`,
      };
    case 'rejected':
      return { kind: 'refused', says: committed.reason };
  }
}

/** Milliseconds until these facts must be archived; absent when there are none. */
function waitOf(
  facts: readonly FactEnvelope[],
  { production, maxDelayMs }: Archive,
  now: number,
): number | undefined {
  const [oldest] = facts;
  if (oldest === undefined) return undefined;
  if (facts.length === FACTS_AT_ONCE || facts.some((fact) => isArchivedAtOnce(fact, production))) return 0;
  return Math.max(0, Date.parse(oldest.recordedAt) + maxDelayMs - now);
}

async function newestSegment({ git }: ArchivePorts, { repository, branch }: Archive): Promise<ArchivedUpTo> {
  const view = await git.view(repository, branch);
  return view ? headOf(view) : null;
}

async function headOf(view: Pick<BranchView, 'read'>): Promise<ArchivedUpTo> {
  return readSegmentHead((await view.read(SEGMENT_HEAD_PATH)) ?? '') ?? null;
}

/** Whether the last fact in Git is the one that the store has in its place. */
async function isOurs(
  { git, ledger }: ArchivePorts,
  { repository, branch }: Archive,
  upTo: SegmentPlace,
): Promise<boolean> {
  const [fact] = await ledger.since(upTo.last - 1, 1);
  const segment = await (await git.view(repository, branch))?.read(upTo.path);
  return fact !== undefined && (segment?.includes(`{"hash":"${fact.hash}","seq":${fact.seq},`) ?? false);
}

function commitSegment(
  { git }: ArchivePorts,
  { repository, branch, startFrom, author }: Archive,
  { segment, previous, first }: { segment: Segment; previous: ArchivedUpTo; first: number },
): Promise<Committed> {
  const { place, text } = segment;
  return git.commit({
    repository,
    branch,
    ...(startFrom !== undefined && { startFrom }),
    // The same facts make the same segment, so a commit whose answer was lost is found again.
    operation: `${place.path}#${place.sha256.slice(0, 12)}`,
    files: [
      { path: place.path, text },
      { path: SEGMENT_HEAD_PATH, text: writeSegmentHead(place) },
    ],
    keys: [],
    subject: `ledger: facts ${first} to ${place.last}`,
    body: 'Written by Signalbox. Segments are never changed; restoring refuses one that was.',
    trailers: [['Ledger-Facts', `${first}-${place.last}`]],
    author,
    check: async (base) => {
      const newest = await headOf(base);
      return newest?.sha256 === previous?.sha256 ? undefined : 'Another process archived facts meanwhile.';
    },
  });
}
