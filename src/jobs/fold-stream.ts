import type { StreamId } from '../domain/ids.ts';
import type { FactEnvelope } from '../domain/ledger/fact.ts';
import { knownFacts } from '../domain/ledger/read-facts.ts';
import type { Ledger, StreamView } from '../ports/ledger.ts';
import type { Snapshot, Snapshots } from '../ports/snapshots.ts';

/** How a stream's facts become a state. */
export interface Fold<S> {
  /** Names this way of folding. Change it whenever the same facts would fold to another state. */
  name: string;
  empty: S;
  /** Makes a new state and leaves the one before as it is. `S` must come through JSON unchanged. */
  fold(state: S, fact: FactEnvelope): S;
}

export interface Folded<S> {
  state: S;
  /** The stream the state was folded from. Its `facts` may be only those after a snapshot. */
  at: StreamView;
}

/** What was folded last, and up to which version there is a snapshot of it. */
interface Kept extends Snapshot {
  saved: number;
}

/**
 * What this process folded last, by shape and stream, for each store: read again, only what came since is folded. Bounded by the
 * streams that are read so, which are few.
 */
const lastFolded = new WeakMap<Snapshots, Map<string, Kept>>();

function memoryOf(snapshots: Snapshots): Map<string, Kept> {
  const memory = lastFolded.get(snapshots) ?? new Map<string, Kept>();
  lastFolded.set(snapshots, memory);
  return memory;
}

/** Facts folded anew at each reading before it is worth a snapshot. */
const FACTS_PER_SNAPSHOT = 500;

/**
 * The state of a stream, from its snapshot and the facts after it. A snapshot whose place is no longer in the stream, or that was
 * folded by a program that knows other facts, counts for nothing.
 */
export async function foldStream<S>(
  { ledger, snapshots }: { ledger: Pick<Ledger, 'read'>; snapshots: Snapshots },
  stream: StreamId,
  { name, empty, fold }: Fold<S>,
): Promise<Folded<S>> {
  const shape = `${name} ${knownFacts()}`;
  const memory = memoryOf(snapshots);
  // Without what this program knows, which is long and never changes while it runs.
  const key = `${name} ${stream}`;
  const known = memory.get(key) ?? (await loaded(snapshots, stream, shape));
  const at = await ledger.read(stream, known);
  const continues = known !== undefined && at.after === known.version;
  const state = at.facts.reduce(fold, continues ? (known.state as S) : empty);
  if (at.readOnly !== undefined) return { state, at };
  const now = { version: at.version, head: at.head, state };
  const saved = continues ? known.saved : 0;
  const isWorthIt = at.version - saved >= FACTS_PER_SNAPSHOT;
  if (isWorthIt) await snapshots.save(stream, shape, now);
  memory.set(key, { ...now, saved: isWorthIt ? at.version : saved });
  return { state, at };
}

async function loaded(snapshots: Snapshots, stream: StreamId, shape: string): Promise<Kept | undefined> {
  const snapshot = await snapshots.load(stream, shape);
  return snapshot && { ...snapshot, saved: snapshot.version };
}
