import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { gunzip } from 'node:zlib';
import { parseTar } from 'nanotar';
import { z } from 'zod';
import type { PolicyAnswer } from '../../domain/policy/policy-answer.ts';
import type { PolicyInput } from '../../domain/policy/policy-input.ts';
import { UnavailableError } from '../../errors.ts';

/** A bundle that `opa build -t wasm` made. */
export interface WasmBundle {
  /** Path of `bundle.tar.gz`. */
  file: string;
  /** The entrypoint, `release/decision`. */
  decision: string;
  /** For the evaluation. */
  timeoutMs: number;
}

/** A policy of hundreds of rules stays below; unpacked it may be this many times as large. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

const Told = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('decided'), result: z.unknown().optional() }),
  z.object({ kind: z.literal('undefined') }),
  z.object({ kind: z.literal('refused'), says: z.string() }),
]);
type Told = z.output<typeof Told>;

/** Evaluates the bundle as it is on the disk now. Its revision is the hash of exactly those bytes. */
export async function askWasmBundle(
  { file, decision, timeoutMs }: WasmBundle,
  input: PolicyInput,
): Promise<PolicyAnswer> {
  const bytes = await bytesOf(file);
  if (bytes === undefined) return { kind: 'refused', says: `the bundle ${file} cannot be read` };
  const revision = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const unpacked = await unpack(bytes);
  if (unpacked === undefined)
    return { kind: 'refused', says: `${file} is no bundle with a policy.wasm (${revision})` };
  const told = await evaluate({ ...unpacked, input, decision }, timeoutMs);
  switch (told.kind) {
    case 'decided':
      return { kind: 'decided', result: told.result, revision };
    case 'undefined':
      return { kind: 'undefined', revision };
    case 'refused':
      return { kind: 'refused', says: `${told.says} (${revision})` };
  }
}

async function bytesOf(file: string): Promise<Buffer | undefined> {
  try {
    if ((await stat(file)).size > MAX_BYTES) return undefined;
    return await readFile(file);
  } catch {
    return undefined;
  }
}

/** Source: https://www.openpolicyagent.org/docs/management-bundles#bundle-file-format */
async function unpack(bytes: Buffer): Promise<{ wasm: Uint8Array; data: unknown } | undefined> {
  try {
    const tar = await promisify(gunzip)(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
    const files = new Map(parseTar(tar).map((each) => [each.name.replace(/^\.?\//, ''), each]));
    const wasm = files.get('policy.wasm')?.data;
    if (wasm === undefined) return undefined;
    return { wasm, data: JSON.parse(files.get('data.json')?.text || '{}') };
  } catch {
    return undefined;
  }
}

/** Throws `UnavailableError` when it takes longer; the thread is ended in any case. */
async function evaluate(work: object, timeoutMs: number): Promise<Told> {
  const worker = new Worker(new URL('./wasm-program.ts', import.meta.url), { workerData: work, env: {} });
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const late = setTimeout(
    () => reject(new UnavailableError(`the policy has not decided within ${timeoutMs} ms`)),
    timeoutMs,
  );
  worker.once('message', (message) => resolve(Told.parse(message)));
  worker.once('error', () => resolve({ kind: 'refused', says: 'its evaluation broke off' }));
  worker.once('exit', () => resolve({ kind: 'refused', says: 'its evaluation ended without a word' }));
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    await worker.terminate();
  }
}
