import { type RunningProgram, startProgram } from '../../../src/adapters/programs/start-program.ts';
import { waitUntil } from '../../servers/wait.ts';

interface ServerOptions {
  command: string;
  args: readonly string[];
  libraryPath?: string;
  /** Whether it does its work by now. */
  ready(): Promise<boolean>;
}

/** Time for a server on a machine that is busy. */
const READY_WITHIN_MS = 20_000;

/** A program that serves; it ends with this process at the latest. Throws with its last words when it does not get ready. */
export async function startServer({ ready, ...options }: ServerOptions): Promise<RunningProgram> {
  const running = await startProgram(options);
  let over = false;
  void running.ended.then(() => {
    over = true;
  });
  try {
    const settled = async () => over || (await ready().catch(() => false));
    await waitUntil(settled, { withinMs: READY_WITHIN_MS, what: options.command });
    if (over) throw new Error(`${options.command} ended`);
    return running;
  } catch (error) {
    await running.stop();
    throw new Error(`${(error as Error).message}: ${running.lastWords()}`, { cause: error });
  }
}

/** Whether anything at all answers there. */
export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
  await response.arrayBuffer();
  return true;
}
