import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_PREFIX } from './leftovers.ts';
import { createManagedProcess, type ManagedProcess, type ProcessSpec } from './managed-process.ts';
import { OWNER_ROLE, recordProcess } from './process-record.ts';

/** A program of this run, without what the run itself knows. */
export type RunSpec = Omit<ProcessSpec, 'directory' | 'logFile' | 'env'> & {
  /** On top of the run's own environment. Absent: nothing. */
  readonly env?: NodeJS.ProcessEnv;
};

/** The folder of one run and every process that belongs to it. */
export interface RunDirectory extends AsyncDisposable {
  /** Readable by us alone: it holds keys and tokens. */
  readonly path: string;
  /** Environment of every program: home and temporary files lie inside the folder, nothing of the caller's but `PATH` gets in. */
  readonly env: NodeJS.ProcessEnv;
  /** Every program that was started, in that order, whether or not it still runs. */
  readonly processes: readonly ManagedProcess[];
  /** Starts a program and waits until it does its work. It ends with the run. */
  start(spec: RunSpec): Promise<ManagedProcess>;
  /** Kills every process and removes the folder. Saying it twice does it once. */
  close(): Promise<void>;
}

/**
 * Makes a folder under `root` (absent: the system's folder for temporary files) and a watchdog beside it, which ends everything should we end
 * without `close`.
 */
export async function openRunDirectory(root = tmpdir()): Promise<RunDirectory> {
  const path = await mkdtemp(join(root, RUN_PREFIX));
  recordProcess(path, { role: OWNER_ROLE, pid: process.pid });
  const watchdog = await startWatchdog(path);
  const env = {
    PATH: process.env['PATH'],
    HOME: join(path, 'home'),
    TMPDIR: join(path, 'tmp'),
    LANG: 'C.UTF-8',
  };
  for (const folder of [env.HOME, env.TMPDIR, join(path, 'logs')]) await mkdir(folder);

  const processes: ManagedProcess[] = [];
  const close = async (): Promise<void> => {
    // Nothing in here outlives us, so nothing needs to be left tidy.
    await Promise.all(processes.map((process) => process.kill()));
    await rm(path, { recursive: true, force: true });
    await endWatchdog(watchdog);
  };
  let closing: Promise<void> | undefined;
  const closeOnce = (): Promise<void> => {
    closing ??= close();
    return closing;
  };

  return {
    path,
    env,
    processes,
    async start(spec) {
      const logFile = join(path, 'logs', `${spec.name}.log`);
      const process = createManagedProcess({
        ...spec,
        directory: path,
        logFile,
        env: { ...env, ...spec.env },
      });
      processes.push(process);
      await process.start();
      return process;
    },
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}

/** It holds the reading end of a pipe whose only writing end is ours. */
async function startWatchdog(path: string): Promise<ChildProcess> {
  const script = new URL('watchdog.ts', import.meta.url).pathname;
  const watchdog = spawn(process.execPath, [script, path], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  if (watchdog.pid !== undefined) recordProcess(path, { role: 'watchdog', pid: watchdog.pid });
  await once(watchdog, 'spawn');
  // Neither the watchdog nor the pipe to it keeps us from ending.
  watchdog.unref();
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref();
  return watchdog;
}

async function endWatchdog(watchdog: ChildProcess): Promise<void> {
  if (watchdog.exitCode !== null || watchdog.signalCode !== null) return;
  watchdog.ref();
  const gone = once(watchdog, 'exit');
  watchdog.stdin?.end();
  await gone;
}
