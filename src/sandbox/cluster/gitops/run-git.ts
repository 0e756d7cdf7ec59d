import { spawn } from 'node:child_process';

/** What git wrote, or why it could not. */
export type GitOutput = { kind: 'output'; stdout: Buffer } | { kind: 'failure'; message: string };

/** No answer after this long is a failure; repositories of a sandbox are small and near. */
const TIMEOUT_MS = 20_000;

/** No helper and no prompt: a repository that wants a password is a failure, not a wait. */
const SILENT = ['-c', 'credential.helper=', '-c', 'core.askPass=true'];

/** Runs one git command in a bare clone. */
export function runGit(directory: string, args: readonly string[], stdin = ''): Promise<GitOutput> {
  const child = spawn('git', [...SILENT, '--git-dir', directory, ...args], {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    killSignal: 'SIGKILL',
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ kind: 'failure', message: `git ${args[0]}: ${error.message}` }));
    child.on('close', (code) => {
      if (code === 0) resolve({ kind: 'output', stdout: Buffer.concat(out) });
      else
        resolve({
          kind: 'failure',
          message: `git ${args[0]}: ${Buffer.concat(err).toString('utf8').trim()}`,
        });
    });
  });
}
