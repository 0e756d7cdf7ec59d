import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { holdProcess } from '../hold-process.ts';
import type { YamlAnswer, YamlRequest } from './answer-request.ts';
import { frame, frameReader } from './frames.ts';

/** How a request ended: with an answer, or with the process. */
export type Reply =
  | { kind: 'answer'; answer: YamlAnswer }
  /** `late`: the deadline passed, and the process was killed. `died`: it ended by itself. Not ready: before it had even started. */
  | { kind: 'late' | 'died'; wasReady: boolean };

/** A process that reads YAML, one request at a time. */
export interface ReadingProcess {
  /** The deadline counts from when the process is ready. */
  ask(request: YamlRequest, deadlineMs: number): Promise<Reply>;
  isAlive(): boolean;
  /** Ends it; answers when it has ended. */
  end(): Promise<void>;
}

/** Heap for one text of at most 1 MiB; a text that needs more is a bomb, and kills only this process. */
const HEAP_MIB = 256;

/** How long the process may take until it is ready, in milliseconds. It takes about 100, more on a machine that is busy. */
const START_DEADLINE_MS = 20_000;

/** Starts the process. It ends by itself when this one does, because its stdin ends then. */
export function startReadingProcess(): ReadingProcess {
  const program = fileURLToPath(new URL('./reader-program.ts', import.meta.url));
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, program], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  child.stdin.on('error', () => child.kill('SIGKILL'));
  // An idle reader keeps nobody from exiting; while it is asked something, the deadline's timer does.
  holdProcess(child, false);
  return {
    isAlive: () =>
      child.pid !== undefined && child.exitCode === null && child.signalCode === null && !child.killed,
    ask: conversation(child, ended),
    async end() {
      holdProcess(child, true);
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** One question at a time. The first frame that arrives says that the process is ready. */
function conversation(
  child: ChildProcessByStdio<Writable, Readable, null>,
  ended: Promise<void>,
): ReadingProcess['ask'] {
  let wasReady = false;
  let waiting: ((reply: Reply) => void) | undefined;
  const ready = Promise.withResolvers<void>();
  const settle = (reply: Reply) => {
    waiting?.(reply);
    waiting = undefined;
  };
  const receive = frameReader((value) => {
    if (wasReady) settle({ kind: 'answer', answer: value as YamlAnswer });
    wasReady = true;
    ready.resolve();
  });
  child.stdout.on('data', receive);
  void ended.then(() => settle({ kind: 'died', wasReady }));

  return (request, deadlineMs) => {
    const kill = () => {
      settle({ kind: 'late', wasReady });
      child.kill('SIGKILL');
    };
    let deadline = setTimeout(kill, START_DEADLINE_MS);
    const reply = new Promise<Reply>((resolve) => {
      waiting = resolve;
    });
    void ready.promise.then(() => {
      clearTimeout(deadline);
      if (waiting !== undefined) deadline = setTimeout(kill, deadlineMs);
    });
    child.stdin.write(frame(request));
    return reply.finally(() => clearTimeout(deadline));
  };
}
