import { z } from 'zod';
import { codeOf, saysOf } from './api-status.ts';
import { BrokenStream, readJsonLines } from './json-lines.ts';
import type { ListWatch } from './list-watch.ts';

/** How one watch ended, other than by breaking off, which throws. */
export type WatchEnd =
  /** By its server, as every watch does after a while. */
  | { kind: 'ended' }
  /** Not a byte came for too long: the connection may be dead without either side knowing. */
  | { kind: 'silent' }
  /** The server no longer has the changes since our version. */
  | { kind: 'gone' }
  | { kind: 'refused'; status: number; says: string; retryAfterMs?: number };

export interface WatchListener {
  /** The server sent something. */
  heard(): void;
  changed(event: { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: unknown }): void;
  /** The version from which the next watch can go on although no object of ours changed. */
  bookmarked(resourceVersion: string): void;
}

export interface WatchAsked {
  resourceVersion: string;
  seconds: number;
  silenceMs: number;
  signal: AbortSignal;
}

/** Largest object in a watch, in bytes. etcd holds at most 1.5 MiB, JSON is larger than what is stored for built-in kinds. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

const WatchEvent = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});
const Bookmark = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

/**
 * Follows one watch to its end.
 * @throws UnavailableError, BrokenStream or the stream's own error when it breaks off.
 */
export async function watchOnce(
  source: Pick<ListWatch, 'watch'>,
  asked: WatchAsked,
  listener: WatchListener,
): Promise<WatchEnd> {
  const silence = new AbortController();
  const signal = AbortSignal.any([asked.signal, silence.signal]);
  const stream = await source.watch(asked, signal);
  if (stream.status === 410) return { kind: 'gone' };
  if (stream.status !== 200) {
    const { status, retryAfterMs } = stream;
    return {
      kind: 'refused',
      status,
      says: saysOf(stream),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }
  const timer = setTimeout(() => silence.abort(), asked.silenceMs);
  const hear = (): void => {
    timer.refresh();
    listener.heard();
  };
  hear();
  try {
    for await (const line of readJsonLines(heard(stream.chunks, hear), { maxBytes: MAX_LINE_BYTES })) {
      if (asked.signal.aborted) break;
      const event = WatchEvent.parse(line);
      if (event.type === 'ERROR') return afterError(event.object);
      if (event.type === 'BOOKMARK')
        listener.bookmarked(Bookmark.parse(event.object).metadata.resourceVersion);
      else listener.changed({ type: event.type, object: event.object });
    }
    return { kind: 'ended' };
  } catch (error) {
    if (silence.signal.aborted) return { kind: 'silent' };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function* heard(chunks: AsyncIterable<Uint8Array>, hear: () => void): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    hear();
    yield chunk;
  }
}

function afterError(object: unknown): WatchEnd {
  const code = codeOf(object);
  if (code === 410) return { kind: 'gone' };
  throw new BrokenStream(`the watch ended with: ${saysOf({ status: code ?? 200, body: object })}`);
}
