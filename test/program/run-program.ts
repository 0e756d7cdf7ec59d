import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { waitUntil } from '../servers/wait.ts';

const Line = z.looseObject({ msg: z.string().default('') });
type Line = z.infer<typeof Line>;

/** The program as a process of its own. */
export interface RunningProgram extends AsyncDisposable {
  /** Waits until it has ended. The exit code; null after a signal that it did not handle. */
  endsWithin(ms: number): Promise<number | null>;
  /** What it has logged so far. */
  lines(): readonly Line[];
  /** Waits until it has logged this message. */
  says(message: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

/** Starting takes a second, or several on a machine with other work. */
const SAYS_WITHIN_MS = 15_000;

/** Starts it, with nothing of our environment but `PATH`, `HOME` and what is given. */
export function runProgram(args: readonly string[], env: Readonly<Record<string, string>>): RunningProgram {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
  const lines: Line[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(Line.parse(JSON.parse(line))));
  let code: number | null | undefined;
  const ended = once(child, 'close').then(([ends]) => {
    code = ends;
  });
  return {
    async endsWithin(ms) {
      await waitUntil(() => code !== undefined, { withinMs: ms, what: 'its end' });
      return code ?? null;
    },
    lines: () => lines,
    async says(message) {
      const said = () => lines.some(({ msg }) => msg === message);
      await waitUntil(() => said() || code !== undefined, { withinMs: SAYS_WITHIN_MS, what: message });
      if (!said()) throw new Error(`it ended with ${code}: ${JSON.stringify(lines.slice(-3))}`);
    },
    signal: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
