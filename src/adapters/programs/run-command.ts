import { execFile } from 'node:child_process';

export interface CommandResult {
  /** Null when it could not be started, or was ended for taking too long. */
  code: number | null;
  stdout: string;
  stderr: string;
}

interface CommandOptions {
  timeoutMs: number;
  directory?: string;
}

/** What a tool may print before it is ended: package lists are long, nothing is this long. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Runs a program to its end, without a shell. Never throws: how it ended is the answer. */
export function runCommand(
  [command = '', ...args]: readonly string[],
  { timeoutMs, directory }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES, cwd: directory };
    execFile(command, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? '') });
    });
  });
}
