import { join } from 'node:path';
import { TerminalError } from '../../errors.ts';
import { findProgram, REDIS } from './find-program.ts';
import { startRedis } from './start-redis.ts';

interface FindOrStartOptions {
  /** Address of a Redis that somebody else runs (`REDIS_URL`); absent: we start one. */
  url?: string;
  /** Where the data of our own Redis lasts; `redis` is made in it. */
  dataDirectory: string;
  /** Where fetched programs last, such as `~/.cache/signalbox/programs`. */
  cacheDirectory: string;
  /** The PATH variable. */
  path: string;
}

/** A Redis to use. */
export interface FoundRedis {
  url: string;
  /** `given`: check it before you trust it. `started`: ours, set up as it should be. */
  how: 'given' | 'started';
  /** Resolves when our own has ended, whether we stopped it or not; never for one that was given. */
  ended: Promise<void>;
  /** Ends our own; does nothing to one that was given. */
  stop(): Promise<void>;
}

/**
 * The Redis that is configured, or one of our own: installed on the machine, or else fetched as a Debian package. Throws
 * `TerminalError` with the one thing to do when there is none.
 */
export async function findOrStartRedis(options: FindOrStartOptions): Promise<FoundRedis> {
  const { url, dataDirectory } = options;
  if (url) return { url, how: 'given', ended: new Promise(() => undefined), stop: async () => undefined };
  const program = await findProgram(REDIS, options).catch((error: Error) => {
    throw new TerminalError(`${NEEDED} (${error.message})`, { cause: error });
  });
  if (program === undefined) throw new TerminalError(NEEDED);
  const started = await startRedis({ program, directory: join(dataDirectory, 'redis') });
  return { url: started.url, how: 'started', ended: started.ended.then(() => undefined), stop: started.stop };
}

const NEEDED =
  'Signalbox needs Redis 6.2 or later: install redis-server (or valkey-server) with your package manager, or set REDIS_URL.';
