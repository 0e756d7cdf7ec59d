import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, REDIS } from '../../src/adapters/programs/find-program.ts';
import { startProgram } from '../../src/adapters/programs/start-program.ts';
import { connectStore, type Store } from '../../src/adapters/redis/store.ts';
import { findFreePorts } from '../cluster/free-ports.ts';
import { silent } from '../servers/redis.ts';

/** A Redis on a port of loopback, as an installation is given one, with the strictest settings there are. */
export interface GivenRedis extends AsyncDisposable {
  url: string;
  /** A connection that is closed with the server. */
  store: Store;
}

const READY_WITHIN_MS = 10_000;

/** Starts it in a folder of its own. Throws when it does not answer in time. */
export async function startGivenRedis(): Promise<GivenRedis> {
  const program = await findProgram(REDIS, {
    path: process.env['PATH'] ?? '',
    cacheDirectory: join(homedir(), '.cache', 'signalbox', 'programs'),
  });
  if (program === undefined) throw new Error('The bench needs redis-server.');
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-bench-redis-'));
  const [port] = await findFreePorts(1);
  const settings = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'yes'];
  const strict = ['--appendfsync', 'always', '--maxmemory-policy', 'noeviction'];
  const running = await startProgram({ ...program, directory, args: [...settings, ...strict] });
  const url = `redis://127.0.0.1:${port}`;
  const store = connectStore(url, silent);
  await store.run('greet Redis', (redis) => redis.ping(), { withinMs: READY_WITHIN_MS });
  return {
    url,
    store,
    async [Symbol.asyncDispose]() {
      await store.close();
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
