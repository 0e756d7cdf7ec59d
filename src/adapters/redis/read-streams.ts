import { z } from 'zod';
import type { StreamId } from '../../domain/ids.ts';
import type { FactEnvelope } from '../../domain/ledger/fact.ts';
import type { Known, StreamView } from '../../ports/ledger.ts';
import type { LedgerKeys } from './keys.ts';
import { results } from './script.ts';
import type { Store } from './store.ts';
import {
  BEGINNING,
  type CheckedStream,
  emptyFrom,
  extend,
  headOf,
  type StreamCache,
} from './stream-cache.ts';

/** Reads streams and keeps what it has checked. */
export interface StreamReader {
  /** The stream as the store has it now. Throws `UnavailableError`. */
  read(stream: StreamId, after?: Known): Promise<CheckedStream>;
  /** What this process read last; absent when it never did, or has forgotten. */
  lastRead(stream: StreamId): CheckedStream | undefined;
  /** Takes note of lines that this process appended itself, at `version`. */
  appended(stream: StreamId, version: number, lines: readonly string[]): void;
}

interface ReaderOptions {
  store: Store;
  keys: LedgerKeys;
  cache: StreamCache;
  /** Looks at the incarnation found with every read; throws when it is not ours. */
  checkIncarnation(present: string): void;
}

const Lines = z.array(z.string());
const Incarnation = z.string().nullable();

export function createStreamReader({ store, keys, cache, checkIncarnation }: ReaderOptions): StreamReader {
  /** Lines from the one before `place` on, so that it can be told whether the stream still has that head. */
  const linesFrom = async (stream: StreamId, { version }: Known): Promise<string[]> => {
    const [incarnation, lines] = await store.run(`read ${stream}`, async (redis) =>
      results(
        await redis
          .multi()
          .get(keys.incarnation)
          .lrange(keys.stream(stream), Math.max(0, version - 1), -1)
          .exec(),
      ),
    );
    checkIncarnation(Incarnation.parse(incarnation) ?? '');
    return Lines.parse(lines);
  };

  const readFrom = async (stream: StreamId, known: CheckedStream): Promise<CheckedStream | undefined> => {
    const lines = await linesFrom(stream, known);
    if (known.version === 0) return settle(stream, known, lines);
    const [same, ...more] = lines;
    return headOf(same) === known.head ? settle(stream, known, more) : undefined;
  };

  /** Another read may have got further meanwhile: what is cached never goes back. */
  const settle = (stream: StreamId, known: CheckedStream, more: readonly string[]): CheckedStream => {
    const checked = extend(known, more);
    const cached = cache.get(stream);
    const further = cached !== undefined && cached.version > checked.version;
    if (!further) cache.set(stream, checked);
    return checked;
  };

  return {
    lastRead: (stream) => cache.get(stream),
    async read(stream, after) {
      const cached = cache.get(stream);
      const covers = cached && cached.from.version <= (after?.version ?? 0) ? cached : undefined;
      const start = covers ?? (after && after.version > 0 ? emptyFrom(after) : undefined);
      const found = start && (await readFrom(stream, start));
      if (found && (after === undefined || found.from.version === 0 || continues(found, after))) return found;
      cache.delete(stream);
      return settle(stream, emptyFrom(BEGINNING), await linesFrom(stream, BEGINNING));
    },
    appended(stream, version, lines) {
      const before = version === 0 ? emptyFrom(BEGINNING) : cache.get(stream);
      if (before?.version === version) cache.set(stream, extend(before, lines));
    },
  };
}

/** What a caller of the ledger sees of a stream. */
export function viewOf(stream: StreamId, checked: CheckedStream, after?: Known): StreamView {
  const { version, head, readOnly } = checked;
  const common = { stream, version, head, ...(readOnly && { readOnly }) };
  if (after === undefined || after.version === 0 || !continues(checked, after))
    return { ...common, facts: [...checked.facts] };
  return {
    ...common,
    after: after.version,
    facts: checked.facts.filter((fact) => fact.version > after.version),
  };
}

/** Whether the stream still has the head that the caller's state was folded to. */
function continues({ from, facts }: CheckedStream, after: Known): boolean {
  if (after.version === from.version) return after.head === from.head;
  return facts.some((fact) => fact.version === after.version && fact.hash === after.head);
}

/** The facts of the installation's order after `seq`, as they were written. */
export async function factsSince(
  store: Store,
  keys: LedgerKeys,
  range: { seq: number; limit: number },
): Promise<FactEnvelope[]> {
  const { seq, limit } = range;
  if (limit <= 0) return [];
  const lines = await store.run(`read facts after ${seq}`, async (redis) => {
    const places = await redis.lrange(keys.order, seq, seq + limit - 1);
    const spans = spansOf(places);
    const multi = redis.multi();
    for (const [stream, { first, last }] of spans) multi.lrange(keys.stream(stream), first - 1, last - 1);
    return spans.size === 0
      ? []
      : z
          .array(Lines)
          .parse(results(await multi.exec()))
          .flat();
  });
  // Written by us and checked when it was written: an altered one is found by whoever reads its stream.
  return lines.map((line) => JSON.parse(line) as FactEnvelope).sort((a, b) => a.seq - b.seq);
}

/** A stream's facts are in the same order everywhere, so those of one range lie side by side in their stream. */
function spansOf(places: readonly string[]): Map<StreamId, { first: number; last: number }> {
  const spans = new Map<StreamId, { first: number; last: number }>();
  for (const place of places) {
    const cut = place.indexOf(' ');
    const version = Number(place.slice(0, cut));
    const stream = place.slice(cut + 1) as StreamId;
    const span = spans.get(stream);
    spans.set(stream, { first: span?.first ?? version, last: version });
  }
  return spans;
}
