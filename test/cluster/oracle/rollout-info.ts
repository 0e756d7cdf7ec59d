import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { TerminalError } from '../../../src/errors.ts';

/** Objects of the API as they came, of one namespace at one moment. */
export interface Snapshot {
  readonly rollout: object;
  readonly replicaSets: readonly object[];
  readonly pods: readonly object[];
  readonly analysisRuns: readonly object[];
  /** The Deployment of a `workloadRef`. Absent: the Rollout holds its own template. */
  readonly workload?: object;
}

const Phase = z.object({ status: z.string(), message: z.string() });

/** What `kubectl argo rollouts` says of a snapshot; `modules/kubernetes/rollout-info` says where each field comes from. */
export const RolloutInfo = Phase.extend({
  resolved: Phase,
  strategy: z.enum(['Canary', 'BlueGreen', '']),
  step: z.string(),
  setWeight: z.string(),
  actualWeight: z.string(),
  desired: z.int(),
  updated: z.int(),
  available: z.int(),
  containers: z.record(z.string(), z.string()),
  replicaSets: z.array(
    z.object({
      name: z.string(),
      revision: z.int(),
      replicas: z.int(),
      available: z.int(),
      images: z.array(z.string()),
      stable: z.boolean(),
      canary: z.boolean(),
      active: z.boolean(),
      preview: z.boolean(),
      scaleDownDeadline: z.string(),
      pods: z.array(z.string()),
    }),
  ),
  analysisRuns: z.array(z.object({ name: z.string(), status: z.string() })),
});
export type RolloutInfo = z.infer<typeof RolloutInfo>;

/** The plugin's own reading of objects. */
export interface Oracle extends AsyncDisposable {
  /** Throws `TerminalError` with the program's words when it ended. */
  ask(snapshot: Snapshot): Promise<RolloutInfo>;
}

/** Starts `rollout-info`. It ends with its standard input, so also with us. */
export function startOracle(program: string): Oracle {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting: { answer: (info: RolloutInfo) => void; fail: (error: unknown) => void }[] = [];
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    words += chunk;
  });
  const failAll = (cause?: unknown): void => {
    for (const { fail } of waiting.splice(0)) {
      fail(new TerminalError(`rollout-info ended: ${words.trim() || 'it said nothing'}`, { cause }));
    }
  };
  child.stdin.on('error', failAll);
  child.once('error', failAll);
  const closed = once(child, 'close').then(() => failAll());
  createInterface({ input: child.stdout }).on('line', (line) => {
    const asked = waiting.shift();
    try {
      asked?.answer(RolloutInfo.parse(JSON.parse(line)));
    } catch (error) {
      asked?.fail(error);
    }
  });
  return {
    ask: (snapshot) =>
      new Promise((answer, fail) => {
        waiting.push({ answer, fail });
        child.stdin.write(`${JSON.stringify(snapshot)}\n`);
      }),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
