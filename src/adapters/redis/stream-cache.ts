import type { StreamId } from '../../domain/ids.ts';
import { type ChainPlace, NO_HEAD, nextLink } from '../../domain/ledger/chain.ts';
import type { FactEnvelope } from '../../domain/ledger/fact.ts';
import { readFact } from '../../domain/ledger/read-facts.ts';

/** A stream as far as this process has read and checked it. Never changed: more facts make a new one. */
export interface CheckedStream extends ChainPlace {
  /** Where `facts` begin: after a snapshot's place, or at the beginning. */
  from: ChainPlace;
  facts: readonly FactEnvelope[];
  readOnly?: { reason: string };
  /** Characters of all lines, for the bound on memory. */
  size: number;
}

export const BEGINNING: ChainPlace = { version: 0, head: NO_HEAD };

export function emptyFrom(from: ChainPlace): CheckedStream {
  return { ...from, from, facts: [], size: 0 };
}

/** Where the hash stands in a line. */
const HASH = [9, 73] as const;

/** The hash that a stored line carries, whatever else is wrong with it. */
export function headOf(line: string | undefined): string {
  return line === undefined ? NO_HEAD : line.slice(...HASH);
}

/**
 * The stream with the lines that follow it. A fact that is broken or unknown is left out and makes the stream read-only; those
 * after it are still shown, because whoever recovers needs them most.
 */
export function extend(stream: CheckedStream, lines: readonly string[]): CheckedStream {
  if (lines.length === 0) return stream;
  const facts = [...stream.facts];
  let { version, head, size } = stream;
  let reason = stream.readOnly?.reason;
  for (const line of lines) {
    const link = nextLink(line, { version, head });
    const read = link.kind === 'sound' ? readFact(link.fact) : { kind: 'unknown' as const, says: link.says };
    if (read.kind === 'known') facts.push(read.fact);
    else reason ??= read.says;
    version += 1;
    head = headOf(line);
    size += line.length;
  }
  return {
    from: stream.from,
    version,
    head,
    facts,
    size,
    ...(reason !== undefined && { readOnly: { reason } }),
  };
}

/** Streams kept in memory so that a look at a release reads only what is new. */
export interface StreamCache {
  get(stream: StreamId): CheckedStream | undefined;
  set(stream: StreamId, checked: CheckedStream): void;
  delete(stream: StreamId): void;
}

/** What the cache may hold: some hundred releases of the largest kind. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** Forgets what was not used for longest. */
export function createStreamCache(maxCharacters = MAX_CHARACTERS): StreamCache {
  const streams = new Map<StreamId, CheckedStream>();
  let size = 0;
  const remove = (stream: StreamId) => {
    size -= streams.get(stream)?.size ?? 0;
    streams.delete(stream);
  };
  return {
    get(stream) {
      const checked = streams.get(stream);
      if (checked) {
        streams.delete(stream);
        streams.set(stream, checked);
      }
      return checked;
    },
    set(stream, checked) {
      remove(stream);
      streams.set(stream, checked);
      size += checked.size;
      for (const oldest of streams.keys()) {
        if (size <= maxCharacters || oldest === stream) break;
        remove(oldest);
      }
    },
    delete: remove,
  };
}
