import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How the command line ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command line's own file. */
export const CLI = new URL('../../../src/cli.ts', import.meta.url).pathname;

/** Runs the command line as people do, with nothing of our environment but `PATH` and what is given. */
export function runCli(
  args: readonly string[],
  { env = {}, cwd }: { env?: Record<string, string>; cwd?: string } = {},
): Promise<Ended> {
  return runProgram(process.execPath, [CLI, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    ...(cwd !== undefined && { cwd }),
  });
}

/** Runs a program with exactly this environment. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { env, cwd }: { env: Record<string, string>; cwd?: string },
): Promise<Ended> {
  const child = spawn(program, args, { env, ...(cwd !== undefined && { cwd }) });
  const ended = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => {
    ended.stdout += String(text);
  });
  child.stderr.on('data', (text) => {
    ended.stderr += String(text);
  });
  const [code] = await once(child, 'close');
  return { code, ...ended };
}
