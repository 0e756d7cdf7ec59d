import { type ChildProcess, fork } from 'node:child_process';
import type { z } from 'zod';

/** A process of its own that answers messages, one at a time. */
export interface Child extends AsyncDisposable {
  /** Sends a message and waits for the next one that comes back. Throws when the process ends instead. */
  ask<T>(message: unknown, answer: z.ZodType<T>): Promise<T>;
  /** The next message. */
  next<T>(answer: z.ZodType<T>): Promise<T>;
}

/** Starts a file beside `import.meta.url` under the Node that runs this. */
export function startChild(file: URL): Child {
  const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  const next = async <T>(answer: z.ZodType<T>) => answer.parse(await nextMessage(child));
  return {
    ask(message, answer) {
      const coming = next(answer);
      child.send(message as object);
      return coming;
    },
    next,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${child.spawnargs[1]} ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}
