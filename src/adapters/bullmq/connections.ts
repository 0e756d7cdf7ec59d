import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

/** Reconnecting with this as the longest pause, outages of 2 to 45 s are over 0.3 to 0.5 s after Redis is back (measured). */
const LONGEST_RECONNECT_PAUSE_MS = 500;

const RECONNECTING = {
  connectTimeout: 2_000,
  retryStrategy: (tries: number) => Math.min(tries * 50, LONGEST_RECONNECT_PAUSE_MS),
} satisfies RedisOptions;

/** A ring that Redis does not take within this is reported as not taken. */
export const RING_DEADLINE_MS = 1_500;

/** For rings: fails at once while Redis is away, instead of waiting for it as BullMQ does by itself. */
export function connectProducer(url: string, log: Pick<Logger, 'warn'>): Redis {
  return listen(
    new Redis(url, {
      ...RECONNECTING,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      // Whatever was under way when the connection was cut fails at once.
      maxRetriesPerRequest: 0,
      commandTimeout: RING_DEADLINE_MS,
      connectionName: 'signalbox-bells',
    }),
    log,
  );
}

/** A connection together with those that BullMQ makes out of it. */
export interface WorkerConnection {
  redis: Redis;
  /** Ends them all, whatever they are at. BullMQ leaves its blocking ones trying to reconnect when Redis is away. */
  end(): void;
}

/** For workers: waits for Redis as long as it takes. BullMQ makes a second, blocking one out of it for each worker. */
export function connectWorker(url: string, log: Pick<Logger, 'warn'>): WorkerConnection {
  const redis = listen(
    new Redis(url, { ...RECONNECTING, maxRetriesPerRequest: null, connectionName: 'signalbox-workers' }),
    log,
  );
  const copies: Redis[] = [];
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (options) => {
    const copy = listen(duplicate(options), log);
    copies.push(copy);
    return copy;
  };
  return {
    redis,
    end() {
      for (const each of [redis, ...copies]) each.disconnect();
    },
  };
}

function listen(redis: Redis, log: Pick<Logger, 'warn'>): Redis {
  // Without a listener ioredis writes to the console. The reason is all that matters: the address may hold a password.
  redis.on('error', (error: Error) => log.warn({ reason: error.message }, 'no connection to Redis'));
  return redis;
}
