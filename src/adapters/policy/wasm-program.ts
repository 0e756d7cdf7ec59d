import { parentPort, workerData } from 'node:worker_threads';
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import { z } from 'zod';

/*
 * Evaluates one compiled policy on one input and says what it came to. A thread of its own, for a policy may run for ever, and
 * nothing inside it could stop that.
 */

const Work = z.object({
  wasm: z.instanceof(Uint8Array),
  data: z.unknown(),
  input: z.unknown(),
  decision: z.string(),
});

/** None: undefined. One: its value. */
const ResultSet = z.array(z.object({ result: z.unknown().optional() }));

async function evaluate(): Promise<unknown> {
  const { wasm, data, input, decision } = Work.parse(workerData);
  const policy = await loadPolicy(new Uint8Array(wasm));
  const entrypoints = Object.keys(z.record(z.string(), z.int()).parse(policy.entrypoints));
  if (!entrypoints.includes(decision))
    return { kind: 'refused', says: `it has no entrypoint ${decision}, but ${entrypoints.join(', ')}` };
  policy.setData(z.record(z.string(), z.unknown()).parse(data ?? {}));
  const results = ResultSet.safeParse(policy.evaluate(input, decision));
  if (!results.success) return { kind: 'refused', says: 'its evaluation failed' };
  const [first] = results.data;
  return first === undefined ? { kind: 'undefined' } : { kind: 'decided', result: first.result };
}

const told = await evaluate().catch((error: unknown) => ({
  kind: 'refused',
  says: error instanceof Error ? error.message : 'it is no compiled policy',
}));
parentPort?.postMessage(told);
