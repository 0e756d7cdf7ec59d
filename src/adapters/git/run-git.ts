import { type ChildProcess, spawn } from 'node:child_process';
import { redact } from '../../domain/text/redact.ts';
import { TerminalError } from '../../errors.ts';

/** One run of the `git` program: no shell, fixed arguments, nothing of this process's environment. */
export interface GitCommand {
  /** The bare repository it works in. */
  dir: string;
  args: readonly string[];
  /** The whole environment of the program, secrets included: they are never arguments. */
  env: Readonly<Record<string, string>>;
  /** What it reads on stdin; absent: nothing. */
  input?: string | Buffer;
  /** Milliseconds until it is ended, with every process it began. */
  deadlineMs: number;
  /** Ends it before the deadline. */
  signal?: AbortSignal | undefined;
  /** Values that may stand nowhere in what it said. */
  secrets?: readonly string[];
}

export type GitRun =
  | { kind: 'exited'; code: number; stdout: Buffer; stderr: string }
  /** `deadline`: it took too long. `stopped`: whoever asked gave it up. What it did until then is done. */
  | { kind: 'ended'; why: 'deadline' | 'stopped'; stderr: string };

/** How long a program may clean up its lock files after it was asked to end, in milliseconds. */
const GRACE_MS = 300;

/** The most that is kept of what a program says, in bytes: a commit log of 500 entries has about 100 KB. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Runs git. Throws `TerminalError` when there is no such program or it says more than 16 MiB; everything else is an ending. */
export async function runGit(command: GitCommand): Promise<GitRun> {
  if (command.signal?.aborted) return { kind: 'ended', why: 'stopped', stderr: '' };
  const child = spawn('git', command.args, {
    cwd: command.dir,
    env: command.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A process group of its own: a hung push hangs in its helper for HTTP, not in git.
    detached: true,
  });
  const stdout = collect(child.stdout, () => endGroup(child));
  const stderr = collect(child.stderr, () => endGroup(child));
  child.stdin.on('error', () => undefined);
  child.stdin.end(command.input ?? '');
  const limit = endOnLimits(child, command);
  try {
    const code = await exitOf(child);
    const said = withoutSecrets(stderr.text(), command.secrets ?? []);
    if (limit.reached() !== undefined)
      return { kind: 'ended', why: limit.reached() ?? 'stopped', stderr: said };
    if (stdout.isTooLong() || stderr.isTooLong())
      throw new TerminalError(`git ${command.args[0]} said too much`);
    return { kind: 'exited', code, stdout: stdout.bytes(), stderr: said };
  } finally {
    limit.lift();
  }
}

/** Takes secrets out: those we know, in each form they are sent in, and everything that looks like one. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret !== '');
  return redact(known.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text));
}

function endOnLimits(child: ChildProcess, { deadlineMs, signal }: GitCommand) {
  let reached: 'deadline' | 'stopped' | undefined;
  const end = (why: 'deadline' | 'stopped') => () => {
    reached ??= why;
    endGroup(child);
  };
  const stop = end('stopped');
  const timer = setTimeout(end('deadline'), deadlineMs);
  signal?.addEventListener('abort', stop, { once: true });
  return {
    reached: () => reached,
    lift: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    },
  };
}

/** Asks the group to end, so that git removes its lock files, and then makes it. */
function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const last = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  child.once('close', () => clearTimeout(last));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new TerminalError('The program git cannot be run: is it installed?', { cause })),
    );
    child.once('close', (code) => resolve(code ?? -1));
  });
}

function collect(stream: NodeJS.ReadableStream, overflow: () => void) {
  const pieces: Buffer[] = [];
  let length = 0;
  stream.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length <= MAX_OUTPUT_BYTES) pieces.push(piece);
    else overflow();
  });
  return {
    bytes: () => Buffer.concat(pieces),
    text: () => Buffer.concat(pieces).toString(),
    isTooLong: () => length > MAX_OUTPUT_BYTES,
  };
}
