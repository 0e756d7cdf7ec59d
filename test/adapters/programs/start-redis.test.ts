import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOrStartRedis } from '../../../src/adapters/programs/find-or-start-redis.ts';
import { findProgram, REDIS } from '../../../src/adapters/programs/find-program.ts';
import { signal } from '../../../src/adapters/programs/start-program.ts';
import { startRedis } from '../../../src/adapters/programs/start-redis.ts';
import { connectStore } from '../../../src/adapters/redis/store.ts';
import { TerminalError } from '../../../src/errors.ts';
import { silent } from '../../servers/redis.ts';
import { waitUntil } from '../../servers/wait.ts';

const path = process.env['PATH'] ?? '';
const cacheDirectory = join(process.env['HOME'] ?? tmpdir(), '.cache', 'signalbox', 'programs');

async function redisProgram() {
  const program = await findProgram(REDIS, { path, cacheDirectory });
  if (program === undefined) throw new Error('These tests need redis-server.');
  return program;
}

describe('a Redis of our own', () => {
  let directory: string;
  const owners: ChildProcess[] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
  });
  afterEach(async () => {
    for (const owner of owners.splice(0)) owner.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  /** Another process with a Redis of its own. */
  const startOwner = async (): Promise<{ owner: ChildProcess; pid: number; url: string }> => {
    const { command } = await redisProgram();
    const owner = spawn(
      process.execPath,
      [fileURLToPath(new URL('owner.ts', import.meta.url)), command, directory],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    owners.push(owner);
    const [line] = await once(owner.stdout ?? owner, 'data');
    return { owner, ...JSON.parse(String(line)) };
  };

  const ask = async <T>(
    url: string,
    command: Parameters<ReturnType<typeof connectStore>['run']>[1],
  ): Promise<T> => {
    const store = connectStore(url, silent);
    try {
      return (await store.run('ask', command, { withinMs: 5_000 })) as T;
    } finally {
      await store.close();
    }
  };

  it('keeps its data from one start to the next, and opens to this user only', async () => {
    const program = await redisProgram();
    const first = await startRedis({ program, directory });
    await ask(first.url, (redis) => redis.set('a', 'kept'));
    expect((await stat(first.url)).mode & 0o077).toBe(0);
    await first.stop();
    expect(signal(first.pid, 0)).toBe(false);
    const second = await startRedis({ program, directory });
    expect(await ask(second.url, (redis) => redis.get('a'))).toBe('kept');
    await second.stop();
  });

  it('works in a folder whose path is too long for a socket', async () => {
    const long = join(directory, 'x'.repeat(120));
    const redis = await startRedis({ program: await redisProgram(), directory: long });
    expect(await ask(redis.url, (client) => client.ping())).toBe('PONG');
    await redis.stop();
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'ends when the process that started it is ended by %s, and loses nothing',
    async (name) => {
      const { owner, pid, url } = await startOwner();
      await ask(url, (redis) => redis.set('a', 'acknowledged'));
      owner.kill(name);
      await waitUntil(() => !signal(pid, 0), { what: 'the end of Redis' });
      const next = await startRedis({ program: await redisProgram(), directory });
      expect(await ask(next.url, (redis) => redis.get('a'))).toBe('acknowledged');
      await next.stop();
    },
  );

  it('is not begun twice on one folder, and is taken over from a process that was killed', async () => {
    const { owner } = await startOwner();
    const program = await redisProgram();
    await expect(startRedis({ program, directory })).rejects.toThrow(/in use by process \d+/);
    owner.kill('SIGKILL');
    const mine = await startRedis({ program, directory });
    await mine.stop();
  }, 20_000);

  it('that does not start says why', async () => {
    const began = startRedis({ program: { command: '/bin/false', libraryPath: '' }, directory });
    await expect(began).rejects.toThrow(/ended at once/);
    const missing = startRedis({ program: { command: '/no/such/redis', libraryPath: '' }, directory });
    await expect(missing).rejects.toThrow(/not found|No such file/);
  });

  it('is not started where an address is given, and one line says what to install where none can be had', async () => {
    const given = await findOrStartRedis({
      url: 'redis://10.0.0.1',
      dataDirectory: directory,
      cacheDirectory,
      path,
    });
    expect([given.how, given.url]).toEqual(['given', 'redis://10.0.0.1']);
    await given.stop();
    const nowhere = { dataDirectory: directory, cacheDirectory: directory, path: '' };
    const none: TerminalError = await findOrStartRedis(nowhere).catch((error) => error);
    expect(none).toBeInstanceOf(TerminalError);
    expect(none.message).toMatch(/^Signalbox needs Redis 6\.2 or later: install redis-server [^\n]*$/);
  });
});
