import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTo, createServer, type Socket } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { findProgram, REDIS } from '../../src/adapters/programs/find-program.ts';
import { signal } from '../../src/adapters/programs/start-program.ts';
import { type StartedRedis, startRedis } from '../../src/adapters/programs/start-redis.ts';
import { connectStore, type Store } from '../../src/adapters/redis/store.ts';

/** A real Redis of a test file's own, every write on disk before it is acknowledged. */
export interface TestRedis {
  /** Path of its socket; the same after a restart. */
  url: string;
  /** A connection that is closed with the server. */
  connect(): Store;
  /** `kill -9`: whatever was not on disk is gone. Resolves when the process is. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  restart(): Promise<void>;
  /** Ends it, and everything that was connected here. */
  stop(): Promise<void>;
}

export const silent = pino({ level: 'silent' });

/** Starts a Redis in a folder of its own under the system's temporary one. */
export async function startTestRedis(): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-redis-'));
  const program = await findProgram(REDIS, {
    path: process.env['PATH'] ?? '',
    cacheDirectory: join(homedir(), '.cache', 'signalbox', 'programs'),
  });
  if (program === undefined) throw new Error('These tests need redis-server.');
  let running: StartedRedis = await startRedis({ program, directory });
  const stores: Store[] = [];
  const url = running.url;
  return {
    url,
    connect() {
      const store = connectStore(url, silent);
      stores.push(store);
      return store;
    },
    async kill() {
      signal(running.pid, 'SIGKILL');
      await running.ended;
    },
    async restart() {
      running = await startRedis({ program, directory });
    },
    async stop() {
      await Promise.all(stores.map((store) => store.close()));
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Stands between a client and a Redis, and makes trouble. */
export interface RedisProxy {
  url: string;
  /** From now on answers are swallowed: requests arrive, nobody hears of it. */
  swallowAnswers(): void;
  /** From now on nothing passes, and connections stay open. */
  hang(): void;
  /** Everything passes again, over new connections. */
  heal(): void;
  close(): Promise<void>;
}

export async function startRedisProxy(target: string): Promise<RedisProxy> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-proxy-'));
  const url = join(directory, 'proxy.sock');
  const sockets = new Set<Socket>();
  let mode: 'pass' | 'swallow' | 'hang' = 'pass';
  const server = createServer((client) => {
    const redis = connectTo(target);
    const end = () => {
      client.destroy();
      redis.destroy();
    };
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', (data) => mode !== 'hang' && redis.write(data));
    redis.on('data', (data) => mode === 'pass' && client.write(data));
  });
  await new Promise<void>((resolve) => server.listen(url, resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url,
    swallowAnswers() {
      mode = 'swallow';
    },
    hang() {
      mode = 'hang';
    },
    heal() {
      mode = 'pass';
      cut();
    },
    async close() {
      cut();
      // Closing twice is no trouble: a case may do so itself.
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
