import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UnavailableError } from '../../errors.ts';
import { lockDirectory } from './directory-lock.ts';
import type { FoundProgram } from './find-program.ts';
import { type RunningProgram, startProgram } from './start-program.ts';

/** A Redis of our own. */
export interface StartedRedis {
  /** Path of its socket, which takes the place of an address. */
  url: string;
  pid: number;
  ended: Promise<number | null>;
  stop(): Promise<void>;
}

interface StartRedisOptions {
  program: Pick<FoundProgram, 'command' | 'libraryPath'>;
  /** Where its data lasts from one start to the next. */
  directory: string;
}

/** A large append-only file takes a while to read, half a gigabyte about this long. */
const READY_DEADLINE_MS = 60_000;

/** A process that was killed takes its Redis with it, which first writes what it has. */
const TAKEOVER_DEADLINE_MS = 2_000;

/** A socket's path has at most 107 characters on Linux and 103 on macOS (`sun_path` in unix(7)). */
const MAX_SOCKET_PATH_CHARACTERS = 100;

/**
 * Starts Redis on a socket that only this user can open, with every write on disk before it is acknowledged. It ends
 * when this process ends. Throws `TerminalError` when another process uses the folder, `UnavailableError` when Redis does not start.
 */
export async function startRedis({ program, directory }: StartRedisOptions): Promise<StartedRedis> {
  const data = resolve(directory);
  await mkdir(data, { recursive: true, mode: 0o700 });
  const lock = await lockDirectory(data, { pid: process.pid, withinMs: TAKEOVER_DEADLINE_MS });
  const socket = await socketFor(data);
  try {
    await unusedBy(socket.path, TAKEOVER_DEADLINE_MS);
    const running = await startProgram({ ...program, directory: data, args: settings(data, socket.path) });
    await answering(running, socket.path);
    const cleanUp = async () => {
      await socket.remove();
      await lock.release();
    };
    return {
      url: socket.path,
      pid: running.pid,
      ended: running.ended,
      async stop() {
        await running.stop();
        await cleanUp();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function settings(data: string, socket: string): string[] {
  const given = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: data,
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  return Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
}

async function socketFor(data: string): Promise<{ path: string; remove(): Promise<void> }> {
  const path = join(data, 'redis.sock');
  if (path.length <= MAX_SOCKET_PATH_CHARACTERS) return { path, remove: () => rm(path, { force: true }) };
  const short = await mkdtemp(join(tmpdir(), 'signalbox-'));
  return { path: join(short, 'redis.sock'), remove: () => rm(short, { recursive: true, force: true }) };
}

const LOOK_AGAIN_MS = 20;

/** Two programs on one append-only file would spoil it: waits for the one of a process that was killed. */
async function unusedBy(socket: string, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  while (await answers(socket)) {
    if (performance.now() > until) throw new UnavailableError(`A Redis on ${socket} is still running.`);
    await new Promise((wait) => setTimeout(wait, LOOK_AGAIN_MS));
  }
}

async function answering(running: RunningProgram, socket: string): Promise<void> {
  const until = performance.now() + READY_DEADLINE_MS;
  let over = false;
  void running.ended.then(() => {
    over = true;
  });
  while (!(await answers(socket))) {
    if (over) throw new UnavailableError(`Redis ended at once: ${running.lastWords()}`);
    if (performance.now() > until) {
      await running.stop();
      throw new UnavailableError(
        `Redis did not answer within ${READY_DEADLINE_MS / 1000} s: ${running.lastWords()}`,
      );
    }
    await new Promise((wait) => setTimeout(wait, LOOK_AGAIN_MS));
  }
}

/** Whether a Redis there answers PING; one that still reads its file does not. */
function answers(socket: string): Promise<boolean> {
  return new Promise((answer) => {
    const connection = connect(socket);
    const settle = (found: boolean) => {
      connection.destroy();
      answer(found);
    };
    connection.setTimeout(1_000, () => settle(false));
    connection.once('connect', () => connection.write('PING\r\n'));
    connection.once('data', (data) => settle(data.toString().startsWith('+PONG')));
    connection.once('error', () => settle(false));
    connection.once('close', () => settle(false));
  });
}
