import type { StreamId, TrackId } from '../ids.ts';
import { type ChainPlace, NO_HEAD, nextLink } from './chain.ts';
import { environmentFacts } from './environment-facts.ts';
import { FactEnvelope } from './fact.ts';
import { readFact } from './read-facts.ts';
import { checkedData, streamKind } from './write-facts.ts';

/** Everything an empty store needs to go on where the facts end. */
export interface History {
  /** In the installation's order, from 1, without a gap. */
  facts: FactEnvelope[];
  /** Track to the epoch of its last exclusive taking. */
  epochs: Record<TrackId, number>;
  /** Streams that the sweep must look at, by the sequence number of their first fact. */
  open: { stream: StreamId; since: number }[];
  /** Highest incarnation any fact was written under; 0 without facts. */
  incarnation: number;
  /** When the last fact was recorded; absent without facts. */
  lastFactAt?: string;
}

/** Where a restored store's facts end: what was decided after it may be missing. */
export interface RestoredUpTo {
  /** Highest sequence number found. */
  upTo: number;
  /** Recorded time of the last fact found. */
  lastFactAt?: string;
  /** Highest incarnation that any fact was written under. */
  incarnation: number;
}

export type Restored = { kind: 'whole'; history: History } | { kind: 'refused'; says: string };

/**
 * Puts a history together from the lines of every segment, oldest first, and refuses it as a whole when a line is missing, out of
 * place, or unsound: half a history would be taken for all of it.
 */
export function restoreHistory(lines: Iterable<string>): Restored {
  const places = new Map<string, ChainPlace>();
  const history: History = { facts: [], epochs: {}, open: [], incarnation: 0 };
  for (const line of lines) {
    const seq = history.facts.length + 1;
    const stream = streamOf(line);
    if (stream === undefined) return { kind: 'refused', says: `Fact ${seq} cannot be read.` };
    const link = nextLink(line, places.get(stream) ?? { version: 0, head: NO_HEAD });
    if (link.kind === 'broken') return { kind: 'refused', says: `Fact ${seq}, in ${stream}: ${link.says}.` };
    const fact = soundFact(link.fact);
    if (fact === undefined)
      return { kind: 'refused', says: `Fact ${seq}, in ${stream}, is not shaped like a fact.` };
    if (fact.seq !== seq)
      return { kind: 'refused', says: `Fact ${seq} is missing: the next one is ${fact.seq}.` };
    places.set(stream, { version: fact.version, head: fact.hash });
    add(history, fact);
  }
  history.open = stillOpen(history.facts);
  return { kind: 'whole', history };
}

function streamOf(line: string): string | undefined {
  try {
    const { stream } = JSON.parse(line) as { stream?: unknown };
    return typeof stream === 'string' ? stream : undefined;
  } catch {
    return undefined;
  }
}

/** Facts of kinds and versions that only a newer program knows are kept as they are: that program will read them. */
function soundFact(envelope: FactEnvelope): FactEnvelope | undefined {
  const checked = FactEnvelope.safeParse(envelope);
  if (!checked.success) return undefined;
  const read = readFact(checked.data);
  if (read.kind === 'unknown') return checked.data;
  try {
    checkedData(read.fact.stream, read.fact);
    return checked.data;
  } catch {
    return undefined;
  }
}

function add(history: History, fact: FactEnvelope): void {
  history.facts.push(fact);
  history.incarnation = Math.max(history.incarnation, fact.incarnation);
  history.lastFactAt = fact.recordedAt;
  if (fact.kind !== 'tracks.taken' && fact.kind !== 'tracks.seized') return;
  const environment = fact.stream.slice('environment:'.length);
  const { exclusive } = environmentFacts[fact.kind].parse(fact.data);
  for (const [service, epoch] of Object.entries(exclusive))
    history.epochs[`${environment}/${service}`] = epoch;
}

/** What ended this shortly before the last fact known may have had more to say: it is looked at once more, which does no harm. */
const RECENT_MS = 24 * 3600 * 1000;

const ENDINGS = new Set(['release.ended', 'incident.resolved']);

function stillOpen(facts: readonly FactEnvelope[]): History['open'] {
  const streams = new Map<StreamId, { since: number; ended: boolean; last: string }>();
  for (const { stream, seq, kind, recordedAt } of facts) {
    if (streamKind(stream) !== 'release' && streamKind(stream) !== 'incident') continue;
    const known = streams.get(stream);
    const ended = ENDINGS.has(kind) || (known?.ended ?? false);
    streams.set(stream, { since: known?.since ?? seq, ended, last: recordedAt });
  }
  const recent = Date.parse(facts.at(-1)?.recordedAt ?? '') - RECENT_MS;
  return [...streams]
    .filter(([, { ended, last }]) => !ended || Date.parse(last) >= recent)
    .map(([stream, { since }]) => ({ stream, since }));
}
