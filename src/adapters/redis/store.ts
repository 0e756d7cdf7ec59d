import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { UnavailableError } from '../../errors.ts';

/** A connection to Redis that answers or gives up in time, and never does later what it has given up on. */
export interface Store {
  /**
   * Runs commands that may be carried out twice. Waits for the connection, tries again when it is cut, and throws
   * `UnavailableError` after `withinMs` (`ambiguous` once something was sent).
   */
  run<T>(act: string, commands: (redis: Redis) => Promise<T>, options?: { withinMs?: number }): Promise<T>;
  /** Whether commands would be sent now. */
  isConnected(): boolean;
  close(): Promise<void>;
}

/** A person must be answered within 3 s (https://docs.slack.dev/interactivity/implementing-slash-commands): half of it is ours. */
export const STORE_DEADLINE_MS = 1_500;

/** Reconnecting with this as the longest pause, outages of 2 to 45 s are over 0.3 to 0.5 s after Redis is back (measured). */
const LONGEST_RECONNECT_PAUSE_MS = 500;

/**
 * Options of every connection of this program. Nothing is queued while Redis is away and nothing is sent again by the client: what
 * was reported as not done must not happen afterwards.
 */
export const CONNECTION = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  // Whatever was under way when the connection was cut fails at once; with null it would never be heard of again.
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  retryStrategy: (tries: number) => Math.min(tries * 50, LONGEST_RECONNECT_PAUSE_MS),
} satisfies RedisOptions;

/** Connects in the background; `run` waits for it. `url`: `redis://`, `rediss://` or the path of a socket. */
export function connectStore(url: string, log: Pick<Logger, 'warn'>): Store {
  const redis = new Redis(url, { ...CONNECTION, connectionName: 'signalbox' });
  // Without a listener ioredis writes to the console. The reason is all that matters: the address may hold a password.
  redis.on('error', (error: Error) => log.warn({ reason: error.message }, 'no connection to Redis'));
  return {
    run: (act, commands, options) =>
      run(redis, { act, commands, withinMs: options?.withinMs ?? STORE_DEADLINE_MS }),
    isConnected: () => redis.status === 'ready',
    close: async () => redis.disconnect(),
  };
}

interface Run<T> {
  act: string;
  commands: (redis: Redis) => Promise<T>;
  withinMs: number;
}

/** Pause before a cut command is sent again: shorter than a reconnection takes. */
const RETRY_PAUSE_MS = 20;

/** A healthy Redis answers a thousand times sooner, also when it waits for the disk. */
const HANGS_AFTER_MS = 1_000;

async function run<T>(redis: Redis, { act, commands, withinMs }: Run<T>): Promise<T> {
  const until = performance.now() + withinMs;
  let ambiguous = false;
  for (;;) {
    if (!(await isReadyBy(redis, until))) {
      throw new UnavailableError(`Redis is away: could not ${act}.`, { ambiguous });
    }
    const sentAt = performance.now();
    try {
      return await settledBy(commands(redis), until);
    } catch (error) {
      const failure = classify(error);
      if (failure === 'defect') throw error;
      ambiguous ||= failure === 'cut';
      if (failure === 'late') {
        // Nothing came back for so long: whatever hangs, a new connection is the way on.
        if (performance.now() - sentAt > HANGS_AFTER_MS) redis.disconnect(true);
        throw new UnavailableError(`Redis does not answer: could not ${act}.`, {
          cause: error,
          ambiguous: true,
        });
      }
      if (performance.now() + RETRY_PAUSE_MS >= until) {
        throw new UnavailableError(`Redis is away: could not ${act}.`, { cause: error, ambiguous });
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
    }
  }
}

class LateError extends Error {}

function settledBy<T>(promise: Promise<T>, until: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new LateError('no answer in time')),
      Math.max(0, until - performance.now()),
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function isReadyBy(redis: Redis, until: number): Promise<boolean> {
  if (redis.status === 'ready') return Promise.resolve(true);
  if (redis.status === 'end') return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (ready: boolean) => {
      clearTimeout(timer);
      redis.off('ready', onReady);
      redis.off('end', onEnd);
      resolve(ready);
    };
    const onReady = () => settle(true);
    const onEnd = () => settle(false);
    const timer = setTimeout(() => settle(false), Math.max(0, until - performance.now()));
    redis.once('ready', onReady);
    redis.once('end', onEnd);
  });
}

/** Answers by which Redis says "not now" (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors). */
const NOT_NOW = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|MISCONF|NOREPLICAS|UNBLOCKED)\b/;

/** `cut`: it may have been carried out. `refused`: it was not. */
function classify(error: unknown): 'late' | 'cut' | 'refused' | 'defect' {
  if (error instanceof LateError) return 'late';
  if (!(error instanceof Error)) return 'defect';
  if (NOT_NOW.test(error.message)) return 'refused';
  if (/enableOfflineQueue/.test(error.message)) return 'refused';
  if (error.name === 'ReplyError') return 'defect';
  if (error.name === 'MaxRetriesPerRequestError') return 'cut';
  if (/Connection is closed|Stream connection ended|ECONN|EPIPE|ENOENT|ETIMEDOUT|Socket/i.test(error.message))
    return 'cut';
  return 'defect';
}
