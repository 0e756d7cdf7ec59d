import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** Variables of a process, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The program under way, as a process of its own: nothing of the sandbox is in it. */
export interface BotProcess {
  /** Where Slack's requests go. */
  readonly slackUrl: string;
  /** `/healthz`, `/readyz`, `/metrics`. */
  readonly pagesUrl: string;
  readonly pid: number;
  /** Resolves with the exit code; null after a signal. */
  readonly ended: Promise<number | null>;
  /** Asks it to end. */
  stop(): Promise<void>;
  /** Ends it without a word, as a power cut would. */
  kill(): Promise<void>;
}

export interface BotOptions {
  /** Path of its `signalbox.yaml`. */
  config: string;
  /** Its secrets; nothing else of our environment but what `KEPT` names reaches it. */
  secrets: Readonly<Record<string, string>>;
  /** Where its log is kept. */
  logFile: string;
  args?: readonly string[];
  /** Our environment, of which it gets what `KEPT` names. */
  environment: Environment;
}

/** What it gets of our environment: to find programs, and code that was compiled before. */
const KEPT = ['PATH', 'HOME', 'NODE_COMPILE_CACHE'] as const;

function kept(environment: Environment): Environment {
  return Object.fromEntries(KEPT.map((name) => [name, environment[name]]));
}

const Ready = z.object({ msg: z.literal('ready'), slackPort: z.int().optional(), pagesPort: z.int() });

/** Fetching Redis as a package takes seconds, everything else less than two. */
const READY_WITHIN_MS = 60_000;

/** Starts the program and waits until it is ready. Throws with the end of its log when it is not. */
export async function startBot({
  config,
  secrets,
  logFile,
  args = [],
  environment,
}: BotOptions): Promise<BotProcess> {
  const main = new URL('../main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, '--config', config, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...kept(environment), SIGNALBOX_LOG_LEVEL: 'debug', ...secrets },
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  const { slackPort, pagesPort } = await readiness(child, ended);
  return {
    slackUrl: `http://127.0.0.1:${slackPort ?? 0}/slack/events`,
    pagesUrl: `http://127.0.0.1:${pagesPort}`,
    pid: child.pid ?? 0,
    ended,
    stop: () => end(child, ended, 'SIGTERM'),
    kill: () => end(child, ended, 'SIGKILL'),
  };
}

async function readiness(child: ChildProcess, ended: Promise<number | null>): Promise<z.infer<typeof Ready>> {
  const last: string[] = [];
  const ready = Promise.withResolvers<z.infer<typeof Ready>>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      last.push(line);
      if (last.length > 20) last.shift();
      const told = Ready.safeParse(asJson(line));
      if (told.success) ready.resolve(told.data);
    });
  }
  const timer = setTimeout(
    () => ready.reject(new Error(`Signalbox was not ready in time:\n${last.join('\n')}`)),
    READY_WITHIN_MS,
  );
  ended.then((code) => ready.reject(new Error(`Signalbox ended with ${code}:\n${last.join('\n')}`)));
  try {
    return await ready.promise;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function end(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await ended;
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
