import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPolicy } from '../../src/adapters/policy/policy.ts';
import { readDecision } from '../../src/domain/policy/policy-answer.ts';
import type { Policy } from '../../src/ports/policy.ts';
import { sampleInput } from '../adapters/policy/sample-input.ts';
import { findOpa } from './opa.ts';
import { opened, temporaryFolder } from './opened.ts';
import { startRealOpa } from './servers/opa.ts';

const run = promisify(execFile);
const path = (file: string) => new URL(file, import.meta.url).pathname;
const SAMPLES = path('../../manifests/policy');
const EDGES = path('../adapters/policy/edges.rego');
const KEPT = path('../adapters/policy/policy.tar.gz');
const decision = 'release/decision';
const timeoutMs = 20_000;

const INPUTS = [
  sampleInput('ghcr.io/acme/web', 14),
  sampleInput('ghcr.io/acme/web', 15),
  sampleInput('docker.io/evil/web', 9),
];

/** What is denied, in an order that does not matter. */
async function denials(policy: Policy): Promise<string[][]> {
  const answers = await Promise.all(INPUTS.map((input) => policy.decide(input)));
  return answers.map((answer) => {
    const read = readDecision(answer.kind === 'decided' ? answer.result : undefined);
    return read.kind === 'read' ? read.deny.map(({ says }) => says).sort() : [`no decision: ${answer.kind}`];
  });
}

describe('the Open Policy Agent', () => {
  it('finds the samples right, by their own tests and in strict mode', async () => {
    const opa = await findOpa();
    expect((await run(opa, ['test', SAMPLES])).stdout).toContain('PASS');
    await run(opa, ['check', '--strict', SAMPLES, EDGES]);
    expect((await run(opa, ['fmt', '--list', SAMPLES])).stdout).toBe('');
  });

  it('decides the same on a server, in a bundle of now and in the one that is kept', async () => {
    await using server = await startRealOpa([join(SAMPLES, 'release.rego')]);
    await using built = await build();
    const [onServer, compiled, kept] = await Promise.all([
      denials(createPolicy({ server: { url: server.url, decision, timeoutMs } })),
      denials(createPolicy({ bundle: { file: built.file, decision, timeoutMs } })),
      denials(createPolicy({ bundle: { file: KEPT, decision, timeoutMs } })),
    ]);
    expect(onServer.map((each) => each.length)).toEqual([0, 1, 1]);
    expect(compiled).toEqual(onServer);
    expect(kept).toEqual(onServer);
  });

  it('answers without a result for what is undefined, and with a fault for what has two values', async () => {
    await using server = await startRealOpa([EDGES, path('two-values.rego')]);
    const ask = (rule: string) =>
      createPolicy({ server: { url: server.url, decision: rule, timeoutMs } }).decide({ release: {} });
    expect(await ask('edges/sometimes')).toMatchObject({ kind: 'undefined' });
    expect(await ask('nowhere/decision')).toMatchObject({ kind: 'undefined' });
    expect(await ask('two/values')).toMatchObject({
      kind: 'refused',
      says: expect.stringContaining('internal_error'),
    });
  });
});

/** The bundle as its comment says it is made. */
async function build(): Promise<AsyncDisposable & { file: string }> {
  const opa = await findOpa();
  return opened(async (open) => {
    const file = join(await temporaryFolder(open, 'policy'), 'policy.tar.gz');
    const entrypoints = [decision, 'edges/sometimes', 'edges/forever'].flatMap((one) => ['-e', one]);
    await run(opa, ['build', '-t', 'wasm', ...entrypoints, '-o', file, join(SAMPLES, 'release.rego'), EDGES]);
    return { file };
  });
}
