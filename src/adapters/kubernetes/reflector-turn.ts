import { UnavailableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Backoff } from './backoff.ts';
import type { ListWatch } from './list-watch.ts';
import type { ObjectStore } from './object-store.ts';
import type { ReflectorTiming } from './reflector-timing.ts';
import { type WatchEnd, watchOnce } from './watch-once.ts';

/** What a turn works with and leaves behind for the next one. */
export interface Reflection {
  source: ListWatch;
  store: ObjectStore;
  backoff: Backoff;
  timing: ReflectorTiming;
  clock: Clock;
  random(): number;
  stopped: AbortSignal;
  /** Ends the present turn, and the wait after it. */
  renewed: AbortSignal;
  /** Called when a list is complete: everything is known as of now. */
  onListed(): void;
  /** From where the watch goes on; absent: list first. */
  resourceVersion?: string | undefined;
  /** Milliseconds since 1970; -Infinity: never. */
  listedAt: number;
  heardAt: number;
  goneAt: number;
  /** What is wrong now, for people; absent while all is well. */
  trouble?: string | undefined;
}

/** How a turn ended: a list, a watch to its end, a renewal, or a failure. */
export type Turn =
  | WatchEnd
  | { kind: 'listed' }
  | { kind: 'renewed' }
  | { kind: 'failed'; says: string; retryAfterMs?: number | undefined };

/** One step of a reflector: a list when there is nothing to watch from or it is time for one, otherwise a watch. */
export async function takeTurn(self: Reflection): Promise<Turn> {
  const { resourceVersion, clock, listedAt, timing } = self;
  try {
    if (resourceVersion === undefined || clock.now() >= listedAt + timing.relistMs) return await list(self);
    return await watch(self, resourceVersion);
  } catch (error) {
    if (self.renewed.aborted) return { kind: 'renewed' };
    const says = error instanceof Error ? error.message : String(error);
    return {
      kind: 'failed',
      says,
      ...(error instanceof UnavailableError && { retryAfterMs: error.retryAfterMs }),
    };
  }
}

async function list(self: Reflection): Promise<Turn> {
  const listed = await self.source.list(untilEnded(self));
  if (self.stopped.aborted) return { kind: 'ended' };
  if (listed.kind === 'refused') return listed.status === 410 ? { kind: 'gone' } : listed;
  hear(self);
  self.store.replace(listed.items);
  self.resourceVersion = listed.resourceVersion;
  self.listedAt = self.clock.now();
  self.onListed();
  return { kind: 'listed' };
}

async function watch(self: Reflection, resourceVersion: string): Promise<Turn> {
  const { timing, clock, store } = self;
  const opened = clock.now();
  const asked = {
    resourceVersion,
    seconds: secondsToWatch(self, opened),
    silenceMs: timing.silenceMs,
    signal: untilEnded(self),
  };
  const end = await watchOnce(self.source, asked, {
    heard: () => {
      hear(self);
      self.backoff.healthy();
    },
    changed: ({ type, object }) => {
      self.resourceVersion = type === 'DELETED' ? store.drop(object) : store.put(object);
    },
    bookmarked: (version) => {
      self.resourceVersion = version;
    },
  });
  const atOnce =
    end.kind === 'ended' && !self.renewed.aborted && clock.now() - opened < timing.shortestWatchMs;
  return atOnce ? { kind: 'failed', says: 'the server ended the watch at once' } : end;
}

function untilEnded({ stopped, renewed }: Reflection): AbortSignal {
  return AbortSignal.any([stopped, renewed]);
}

function hear(self: Reflection): void {
  self.heardAt = self.clock.now();
  self.trouble = undefined;
}

/** Drawn at random, so that watches that began together don't end together, and never beyond the next list. */
function secondsToWatch({ timing, random, listedAt }: Reflection, now: number): number {
  const wanted = Math.ceil(timing.watchSeconds * (1 + random() / 2));
  return Math.min(wanted, Math.ceil((listedAt + timing.relistMs - now) / 1000));
}

/** No right, or no such kind: nothing that a quick retry heals. */
const ADMINISTRATORS_TURN = [401, 403, 404];

/** Takes note of how a turn ended. Answers the milliseconds until the next one. */
export function settle(self: Reflection, end: Turn): number {
  switch (end.kind) {
    case 'listed':
    case 'ended':
    case 'silent':
    case 'renewed':
      return 0;
    case 'gone':
      self.resourceVersion = undefined;
      return beforeListing(self);
    case 'failed':
      self.trouble = end.says;
      return Math.max(end.retryAfterMs ?? 0, self.backoff.failed());
    case 'refused': {
      self.trouble = end.says;
      const slowly = self.timing.refusedMs * (0.5 + self.random() / 2);
      const again = self.backoff.failed();
      return Math.max(end.retryAfterMs ?? 0, ADMINISTRATORS_TURN.includes(end.status) ? slowly : again);
    }
  }
}

/** Whoever was away for long is told so once and lists at once; whoever is told so again soon must not list in a circle. */
function beforeListing(self: Reflection): number {
  const now = self.clock.now();
  const isFirst = now - self.goneAt > self.timing.backoff.maxMs;
  self.goneAt = now;
  return isFirst ? 0 : self.backoff.failed();
}
