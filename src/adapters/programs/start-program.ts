import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { UnavailableError } from '../../errors.ts';

/** A program that we started and that ends when we do. */
export interface RunningProgram {
  pid: number;
  /** Resolves with its exit code when it has ended; null when a signal ended it. */
  ended: Promise<number | null>;
  /** The last it said, for an error message. */
  lastWords(): string;
  /** Asks it to end, and ends it when it has not after `withinMs`. */
  stop(withinMs?: number): Promise<void>;
}

interface StartOptions {
  command: string;
  args: readonly string[];
  /** Folders of libraries that come with it, with colons between; empty when it needs none. */
  libraryPath?: string;
  directory?: string;
}

/**
 * Stands between us and the program and holds one end of a pipe: however we end, `kill -9` included, the pipe closes, and it asks
 * the program to end. Of what Node offers this is the only way that needs nothing but a shell.
 */
const GUARD = `
exec 4<&0 </dev/null
"$@" 3>&- 4<&- &
program=$!
echo "$program" >&3
exec 3>&-
{ read -r _ <&4; kill -TERM "$program" 2>/dev/null; } &
guard=$!
exec 4<&-
wait "$program"
code=$?
kill "$guard" 2>/dev/null
exit "$code"
`;

const LAST_WORDS_CHARACTERS = 4_000;

/** Starts a program under a guard. Throws `UnavailableError` when it cannot be started. */
export async function startProgram(options: StartOptions): Promise<RunningProgram> {
  const { command, args, libraryPath = '', directory } = options;
  const environment = libraryPath === '' ? [] : ['env', `LD_LIBRARY_PATH=${libraryPath}`];
  // A session of its own: the interrupt key of a terminal is for us, and we end the program when we are done with it.
  const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', ...environment, command, ...args], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
    ...(directory && { cwd: directory }),
  });
  let words = '';
  for (const output of [guard.stdout, guard.stderr]) {
    output.on('data', (chunk: Buffer) => {
      words = (words + chunk).slice(-LAST_WORDS_CHARACTERS);
    });
  }
  // A pipe to a guard that is gone already: its end is what counts.
  guard.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    guard.once('exit', (code) => resolve(code));
    guard.once('error', () => resolve(null));
  });
  const pid = await readPid(guard.stdio[3] as Readable);
  if (pid === undefined) throw new UnavailableError(`Could not start ${command}.`);
  return {
    pid,
    ended,
    lastWords: () => words.trim(),
    async stop(withinMs = 5_000) {
      guard.stdin.end();
      const timer = setTimeout(() => signal(pid, 'SIGKILL'), withinMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function readPid(from: Readable): Promise<number | undefined> {
  let text = '';
  from.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  await once(from, 'close');
  return Number.parseInt(text, 10) || undefined;
}

/** Nothing happens when the process is gone. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
