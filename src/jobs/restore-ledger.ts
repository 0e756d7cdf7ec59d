import { type RestoredUpTo, restoreHistory } from '../domain/ledger/restore.ts';
import {
  readSegment,
  readSegmentHead,
  SEGMENT_HEAD_PATH,
  type SegmentPlace,
} from '../domain/ledger/segment.ts';
import type { SegmentVerifier } from '../domain/ledger/segment-key.ts';
import { TerminalError } from '../errors.ts';
import type { BranchView, Git } from '../ports/git.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';

/** Where the facts were archived, and whose signatures count. */
export interface RestoreFrom {
  installation: string;
  repository: string;
  branch: string;
  verifier: SegmentVerifier;
}

/**
 * Fills an empty store with every fact that Git holds. Undefined when nothing was ever archived. Throws `TerminalError` when
 * anything is missing, unsigned or altered: then a person has to look, and nothing was written.
 */
export async function restoreLedger(
  { git, store }: { git: Pick<Git, 'view' | 'log'>; store: LedgerStore },
  from: RestoreFrom,
): Promise<RestoredUpTo | undefined> {
  const view = await git.view(from.repository, from.branch);
  if (view === undefined) return undefined;
  const newest = await newestSegment(git, view, from);
  if (newest === undefined) return undefined;
  const restored = restoreHistory(await linesUpTo(view, newest, from));
  if (restored.kind === 'refused') throw refusal(from, restored.says);
  const { history } = restored;
  await store.fill(history);
  const { lastFactAt, incarnation } = history;
  return { upTo: history.facts.length, ...(lastFactAt !== undefined && { lastFactAt }), incarnation };
}

/** Whoever removed the head may have committed more since; nobody commits this much to an archive by hand. */
const COMMITS_LOOKED_AT = 500;

async function newestSegment(
  git: Pick<Git, 'log'>,
  view: BranchView,
  from: RestoreFrom,
): Promise<SegmentPlace | undefined> {
  const text = await view.read(SEGMENT_HEAD_PATH);
  if (text !== undefined) {
    const place = readSegmentHead(text);
    if (place === undefined) throw refusal(from, `${SEGMENT_HEAD_PATH} cannot be read.`);
    return place;
  }
  // Without its head an archive looks like a branch on which nothing was ever archived.
  const commits = await git.log(from.repository, from.branch, { limit: COMMITS_LOOKED_AT });
  if (commits.some(({ operation }) => operation?.startsWith('ledger/'))) {
    throw refusal(from, `${SEGMENT_HEAD_PATH} is missing.`);
  }
  return undefined;
}

/** The lines of all segments, oldest first. Each segment names the one before it, and so none can be left out. */
async function linesUpTo(view: BranchView, newest: SegmentPlace, from: RestoreFrom): Promise<string[]> {
  const segments: string[][] = [];
  for (let place: SegmentPlace | null = newest; place !== null; ) {
    const text = await view.read(place.path);
    if (text === undefined) throw refusal(from, `${place.path} is missing.`);
    const segment = readSegment(text, { installation: from.installation, place, verifier: from.verifier });
    if (segment.kind === 'refused') throw refusal(from, segment.says);
    segments.push(segment.lines);
    place = segment.header.previous;
  }
  return segments.reverse().flat();
}

function refusal({ repository, branch }: RestoreFrom, says: string): TerminalError {
  return new TerminalError(`The ledger in ${repository} (${branch}) was not restored: ${says}`);
}
