import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TerminalError } from '../../errors.ts';
import { signal } from './start-program.ts';

const LOOK_AGAIN_MS = 100;

interface LockOptions {
  /** Process that will use the folder: it holds the lock for as long as it lives. */
  pid: number;
  /** How long to wait for a process that is on its way out. */
  withinMs: number;
}

/**
 * Makes this process the only one to use a data folder. The lock names a process, and one that is gone holds nothing. Throws
 * `TerminalError` when another keeps it.
 */
export async function lockDirectory(
  directory: string,
  { pid, withinMs }: LockOptions,
): Promise<{ release(): Promise<void> }> {
  const file = join(directory, 'lock');
  const until = performance.now() + withinMs;
  for (;;) {
    if (await create(file, pid)) return { release: () => rm(file, { force: true }) };
    const holder = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
    if (holder === pid || !holder || !signal(holder, 0)) await rm(file, { force: true });
    else if (performance.now() > until) {
      throw new TerminalError(
        `${directory} is in use by process ${holder}: end it, or share its Redis by setting REDIS_URL.`,
      );
    } else await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

async function create(file: string, pid: number): Promise<boolean> {
  try {
    await writeFile(file, String(pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
