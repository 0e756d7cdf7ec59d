import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { TerminalError, UnavailableError } from '../../src/errors.ts';
import { killGroup, recordProcess } from './process-record.ts';
import { waitUntil } from './wait-until.ts';

/** How one program of the control plane is run. */
export interface ProcessSpec {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the run: the record of processes is kept there. */
  readonly directory: string;
  /** Everything it prints goes here. */
  readonly logFile: string;
  /** Whether it does its work by now; told what it printed since it was started. */
  readonly ready: (printed: string) => Promise<boolean> | boolean;
  /** Absent: 60 seconds. */
  readonly readyDeadlineMs?: number;
}

/** A program that can be stopped, killed, frozen and started again, on the same ports and with the same files. */
export interface ManagedProcess {
  readonly name: string;
  readonly logFile: string;
  /** Absent while it does not run. */
  readonly pid: number | undefined;
  /** Starts it and waits until it does its work; does nothing when it runs. Throws `UnavailableError` with its last words when it ends instead. */
  start(): Promise<void>;
  /** Asks it to end, and kills it when it has not after five seconds. Does nothing when it does not run. */
  stop(): Promise<void>;
  /** Kills it at once, as a crash would. */
  kill(): Promise<void>;
  /** Holds it still, as a machine that hangs would: connections stay open and nobody answers. */
  freeze(): void;
  /** Lets it go on after `freeze`. */
  thaw(): void;
}

/** Time that a program gets to end by itself. */
const STOP_DEADLINE_MS = 5_000;

/** The API server needs three seconds on an idle machine, and twenty times that on one that is building something. */
const READY_DEADLINE_MS = 60_000;

const LAST_LINES = 8;

/** A program that is not started yet. */
export function createManagedProcess(spec: ProcessSpec): ManagedProcess {
  let child: ChildProcess | undefined;
  const running = (): ChildProcess | undefined =>
    child?.pid !== undefined && child.exitCode === null && child.signalCode === null ? child : undefined;

  const signal = (name: NodeJS.Signals): void => {
    const pid = running()?.pid;
    if (pid === undefined) throw new TerminalError(`cannot send ${name} to ${spec.name}: it does not run`);
    killGroup(pid, name);
  };

  const end = async (first: NodeJS.Signals): Promise<void> => {
    const ending = running();
    if (ending?.pid === undefined) return;
    // Our event loop did not wait for it so far; now it has to.
    ending.ref();
    const gone = once(ending, 'exit');
    const timer = setTimeout(() => signal('SIGKILL'), STOP_DEADLINE_MS);
    killGroup(ending.pid, first);
    // A frozen process takes no signal but SIGKILL before it is let go on.
    killGroup(ending.pid, 'SIGCONT');
    await gone;
    clearTimeout(timer);
    // What it started itself, and did not end.
    killGroup(ending.pid);
  };

  return {
    name: spec.name,
    logFile: spec.logFile,
    get pid() {
      return running()?.pid;
    },
    async start() {
      if (running()) return;
      const printedBefore = readLog(spec).length;
      child = await spawnRecorded(spec);
      await waitUntil(
        () => {
          if (!running()) throw endedEarly(spec, child);
          return spec.ready(readLog(spec).slice(printedBefore));
        },
        {
          what: () => `${spec.name} to get ready; ${lastWords(spec)}`,
          deadlineMs: spec.readyDeadlineMs ?? READY_DEADLINE_MS,
        },
      );
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  };
}

/** In a process group of its own, so that Ctrl-C in a terminal reaches only the owner, and the group can be ended whole. */
async function spawnRecorded({
  name,
  file,
  args,
  env,
  directory,
  logFile,
}: ProcessSpec): Promise<ChildProcess> {
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(file, args, { cwd: directory, env, detached: true, stdio: ['ignore', log, log] });
    if (child.pid !== undefined) recordProcess(directory, { role: name, pid: child.pid });
    child.unref();
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    throw new TerminalError(`could not start ${name} (${file})`, { cause });
  } finally {
    closeSync(log);
  }
}

function endedEarly(spec: ProcessSpec, child: ChildProcess | undefined): UnavailableError {
  const how = child?.signalCode ?? `exit code ${child?.exitCode}`;
  return new UnavailableError(`${spec.name} ended with ${how} before it was ready; ${lastWords(spec)}`);
}

function lastWords({ logFile }: Pick<ProcessSpec, 'logFile'>): string {
  const lines = readLog({ logFile }).trim().split('\n').slice(-LAST_LINES);
  return `its last words (${logFile}):\n${lines.join('\n')}`;
}

function readLog({ logFile }: Pick<ProcessSpec, 'logFile'>): string {
  return existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
}
