import { parseArgs } from 'node:util';
import { TerminalError, UnavailableError } from '../errors.ts';
import { drawNames, shopOf } from './shop/shop.ts';
import { startNarrator } from './story/narrator.ts';
import { playStory } from './story/story.ts';
import type { AnyWorld, WorldOptions } from './world.ts';

/** What was asked for on the command line. */
export interface SandboxOptions {
  story: boolean;
  names: 'usual' | 'drawn';
  cluster: 'simulated' | 'real';
  help: boolean;
  /** Absent: any free one. */
  port?: number;
  /** Absent: a folder that is removed at the end. */
  keep?: string;
}

export const USAGE = `npm run sandbox [-- options]

Starts a Slack-like workspace, a Git server, a cluster, metrics and Signalbox on this machine, and prints one address to open.

  --story         play the whole story without a browser, as text, and exit
  --cluster real  on a real control plane with Argo CD instead of the simulated one; needs Go 1.26, and builds for 12 minutes once
  --names drawn   draw the shop's names at random instead of the usual ones
  --port <n>      port of the page (any free one)
  --keep <dir>    keep everything there
  -h, --help      this`;

/** Reads the command line. Throws `TerminalError` for what is not in `USAGE`. */
export function readOptions(args: readonly string[]): SandboxOptions {
  const { story, names, cluster, port, keep, help } = parse(args);
  return {
    story,
    help,
    names: oneOf('--names', names, ['usual', 'drawn']),
    cluster: oneOf('--cluster', cluster, ['simulated', 'real']),
    ...(port !== undefined && { port: portOf(port) }),
    ...(keep !== undefined && { keep }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        story: { type: 'boolean', default: false },
        names: { type: 'string', default: 'usual' },
        cluster: { type: 'string', default: 'simulated' },
        port: { type: 'string' },
        keep: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (cause) {
    throw new TerminalError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${USAGE}`, {
      cause,
    });
  }
}

function oneOf<T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((one) => one === given);
  if (found === undefined)
    throw new TerminalError(`${option} is ${known.join(' or ')}, not ${given}\n\n${USAGE}`);
  return found;
}

function portOf(given: string): number {
  if (/^\d{1,5}$/.test(given)) return Number(given);
  throw new TerminalError(`--port is a number, not ${given}\n\n${USAGE}`);
}

/** Starts a world and stays until it is told to end, or plays the story. Answers with the exit code. */
export async function runSandbox(
  options: SandboxOptions,
  start: (options: Omit<WorldOptions, 'environment'>) => Promise<AnyWorld>,
): Promise<number> {
  const { names, keep, port } = options;
  const began = performance.now();
  await using world = await start({
    shop: shopOf(names === 'drawn' ? drawNames(Math.random) : undefined),
    ...(keep !== undefined && { directory: keep }),
    ...(port !== undefined && { port }),
    progress: (what) => process.stderr.write(`starting ${what} …\n`),
  });
  // Awaited here: what is returned unawaited would outlive the world.
  return await (options.story ? story(world, began) : stay(world));
}

async function story(world: AnyWorld, began: number): Promise<number> {
  const narrator = startNarrator(world, (line) => process.stdout.write(`${line}\n`));
  try {
    await playStory(world, narrator);
    narrator.tell(`The story holds. ${((performance.now() - began) / 1000).toFixed(0)} s in all`);
    return 0;
  } finally {
    narrator.stop();
  }
}

async function stay(world: AnyWorld): Promise<number> {
  process.stdout.write(
    `\nOpen ${world.workspace.pageUrl}\n\nThe program's log is ${world.directory}/signalbox.log. Ctrl-C ends everything.\n`,
  );
  const stop = Promise.withResolvers<number>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.resolve(0));
  return stop.promise;
}

/** Ends this process with the code that `run` answers, or with 1 and what went wrong. */
export function exitAfter(run: Promise<number>): void {
  run.then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${wordsFor(error)}\n`);
      process.exit(1);
    },
  );
}

/** A stack is for defects only. */
function wordsFor(error: unknown): string {
  if (error instanceof TerminalError || error instanceof UnavailableError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
