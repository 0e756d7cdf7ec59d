import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { TerminalError } from '../../src/errors.ts';

/** What a program that ran to its end left behind. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Everything about a run but the program's name and its arguments. */
export interface CommandOptions {
  /** Absent: our own. */
  readonly cwd?: string;
  /** The whole environment. Absent: our own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Written to the program's standard input. Absent: it reads an end at once. */
  readonly input?: string;
  /** `low` leaves the processor to everybody else. Absent: as our own. */
  readonly priority?: 'low';
}

/** Runs a program to its end, whatever that end is. Throws `TerminalError` only when it cannot be started. */
export async function runCommand(
  file: string,
  args: readonly string[],
  { cwd, env, input = '', priority }: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(file, args, { stdio: 'pipe', ...(cwd && { cwd }), ...(env && { env }) });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  // A program that does not read its input may be gone before we have written it.
  child.stdin.on('error', () => undefined).end(input);
  if (priority === 'low' && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  try {
    const [code, signal] = await once(child, 'close');
    return { exitCode: code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0), stdout, stderr };
  } catch (cause) {
    throw new TerminalError(`could not start ${file}`, { cause });
  }
}

/** Runs a program and gives back what it printed. Throws `TerminalError` with its own words when it does not exit with 0. */
export async function commandOutput(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(file, args, options);
  if (exitCode === 0) return stdout;
  const name = file.slice(file.lastIndexOf('/') + 1);
  throw new TerminalError(
    `${name} ${args.join(' ')} exited with ${exitCode}: ${stderr.trim() || stdout.trim()}`,
  );
}
