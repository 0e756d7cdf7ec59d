import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { guardedYaml } from '../../../src/adapters/yaml/guarded-yaml.ts';
import { canonicalHash } from '../../../src/domain/document/canonical-hash.ts';
import { Manifest, readManifest } from '../../../src/domain/manifest/manifest.ts';
import { judgeDeclarations, judgeManifest } from '../../../src/domain/policy/preflight.ts';
import { manifestOf } from '../../../src/domain/policy/rules/asked-manifest.ts';
import { hostileText, sceneOf } from './scene.ts';

/** Sent to a process of the bench: what to measure, on which side. `services` 0: the document with a fault in every value. */
export const Order = z.strictObject({
  side: z.enum(['ours', 'anchor']),
  services: z.int(),
  repeats: z.int(),
});
export type Order = z.infer<typeof Order>;

/** Times in milliseconds: the first reading of a new process, those of texts after it, those of the same text, its digest, and how late the event loop came. */
export const Measured = z.strictObject({
  firstMs: z.number(),
  againMs: z.array(z.number()),
  knownMs: z.array(z.number()),
  digestMs: z.array(z.number()),
  loopP99Ms: z.number(),
  loopMaxMs: z.number(),
});
export type Measured = z.infer<typeof Measured>;

/** The delay is seen when the loop comes round, which it does not between two pieces of work that wait for nothing. */
const SAMPLING_MS = 5;

const NANOSECONDS = 1_000_000;

async function measure({ side, services, repeats }: Order): Promise<Measured> {
  const scene = services > 0 ? sceneOf(services) : { text: hostileText(), inputOf: undefined };
  await using yaml = guardedYaml();
  const ours = async (text: string): Promise<unknown> => {
    const read = await yaml.read(text);
    if (read.kind === 'refused') throw new Error(JSON.stringify(read.faults));
    const document = { file: 'release.yaml', ...read };
    if (scene.inputOf === undefined) {
      if (readManifest(document).kind !== 'faulty') throw new Error('The document has no fault.');
      return read.value;
    }
    const input = scene.inputOf(document);
    const errors = judgeManifest(input).filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Error(JSON.stringify(errors[0]));
    // One for each service: none of them states its health checks.
    if (judgeDeclarations(manifestOf(input)).length !== services)
      throw new Error('The rules were not judged.');
    return read.value;
  };
  const anchor = async (text: string): Promise<unknown> => {
    const value: unknown = parse(text);
    if (Manifest.safeParse(value).success !== services > 0) throw new Error('zod says otherwise.');
    return value;
  };
  const work = side === 'ours' ? ours : anchor;
  const first = await timed(() => work(scene.text));
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  await setTimeout(SAMPLING_MS);
  const again: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    // Another text each time: one that is known by its digest is not read again.
    again.push((await timed(() => work(`${scene.text}# ${repeat}\n`))).ms);
    await setTimeout(SAMPLING_MS);
  }
  loop.disable();
  const known: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) known.push((await timed(() => work(scene.text))).ms);
  const digest = side === 'ours' ? canonicalHash : JSON.stringify;
  const digests: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    digests.push((await timed(async () => digest(first.result))).ms);
  }
  return {
    firstMs: first.ms,
    againMs: again,
    knownMs: known,
    digestMs: digests,
    loopP99Ms: loop.percentile(99) / NANOSECONDS,
    loopMaxMs: loop.max / NANOSECONDS,
  };
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const began = performance.now();
  const result = await work();
  return { result, ms: performance.now() - began };
}

if (process.send !== undefined) {
  process.once('message', async (message) => {
    process.send?.(await measure(Order.parse(message)));
    process.disconnect();
  });
}
