import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createTar } from 'nanotar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPolicy } from '../../../src/adapters/policy/policy.ts';
import { readDecision } from '../../../src/domain/policy/policy-answer.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { sampleInput } from './sample-input.ts';

/**
 * `opa build -t wasm -e release/decision -e edges/sometimes -e edges/forever -o policy.tar.gz` of the sample policy and the file
 * beside this one; `npm run test:real` builds it anew and compares what both decide.
 */
const BUNDLE = new URL('policy.tar.gz', import.meta.url).pathname;

const policyIn = (file: string, { decision = 'release/decision', timeoutMs = 20_000 } = {}) =>
  createPolicy({ bundle: { file, decision, timeoutMs } });

describe('a compiled policy', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signalbox-policy-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function written(name: string, content: Uint8Array | string): Promise<string> {
    const file = join(directory, name);
    await writeFile(file, content);
    return file;
  }

  it('decides as it was written, and its revision is the hash of its bytes', async () => {
    const policy = policyIn(BUNDLE);
    const revision = `sha256:${createHash('sha256')
      .update(await readFile(BUNDLE))
      .digest('hex')}`;
    const fine = await policy.decide(sampleInput('ghcr.io/acme/web', 14));
    expect(fine).toEqual({ kind: 'decided', result: { deny: [], warn: [] }, revision });
    const late = await policy.decide(sampleInput('docker.io/evil/web', 15));
    const read = readDecision(late.kind === 'decided' ? late.result : undefined);
    expect(read).toMatchObject({ kind: 'read', warn: [] });
    expect(
      read.kind === 'read' && read.deny.map(({ service, says }) => `${service}: ${says}`).sort(),
    ).toEqual(['web: web comes from docker.io/evil/web', 'web: web is tier 1, and it is Friday 15:00 UTC']);
  });

  it('that has no value for an input is undefined', async () => {
    const policy = policyIn(BUNDLE, { decision: 'edges/sometimes' });
    expect(await policy.decide({ release: { name: 'known' } })).toMatchObject({
      kind: 'decided',
      result: [],
    });
    expect(await policy.decide({ release: { name: 'other' } })).toMatchObject({ kind: 'undefined' });
  });

  it('that does not come to an end is ended', async () => {
    const policy = policyIn(BUNDLE, { decision: 'edges/forever', timeoutMs: 300 });
    await expect(policy.decide({})).rejects.toThrow(UnavailableError);
  });

  it('without the entrypoint is refused, with those it has', async () => {
    const policy = policyIn(BUNDLE, { decision: 'release/deny' });
    expect(await policy.decide({})).toMatchObject({
      kind: 'refused',
      says: expect.stringMatching(/no entrypoint release\/deny, but .*release\/decision.* \(sha256:/),
    });
  });

  it.each<[string, () => Promise<string>]>([
    ['is not there', async () => join(directory, 'nowhere.tar.gz')],
    ['is no archive', () => written('text', 'package release')],
    [
      'has no policy',
      () => written('empty.tar.gz', gzipSync(createTar([{ name: 'data.json', data: '{}' }]))),
    ],
    [
      'has a policy that is no program',
      () => written('text.tar.gz', gzipSync(createTar([{ name: '/policy.wasm', data: 'package release' }]))),
    ],
    [
      'has data that is no JSON',
      () =>
        written(
          'data.tar.gz',
          gzipSync(
            createTar([
              { name: 'policy.wasm', data: 'x' },
              { name: 'data.json', data: '{' },
            ]),
          ),
        ),
    ],
    ['unfolds to more than a policy', () => written('bomb.tar.gz', gzipSync(Buffer.alloc(65 * 1024 * 1024)))],
  ])('whose file %s is refused', async (_, file) => {
    expect(await policyIn(await file()).decide({})).toMatchObject({ kind: 'refused' });
  });
});
