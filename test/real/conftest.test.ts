import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgeConftest } from '../../src/domain/policy/conftest.ts';
import { memoryYaml } from '../simulation/ports/memory-yaml.ts';
import { findConftest } from './conftest.ts';
import { temporaryFolder } from './opened.ts';

const run = promisify(execFile);
const POLICY = new URL('../../manifests/policy/conftest', import.meta.url).pathname;

const deployment = (image: string, limits: object | undefined, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', annotations: { 'cosign.sigstore.dev/verified': 'true' } },
  spec: {
    template: { spec: { containers: [{ name: 'web', image, resources: { requests: limits, limits } }] } },
    ...more,
  },
});

const FULL = { cpu: '100m', memory: '64Mi' };

describe('the real conftest', () => {
  let conftest: string;
  beforeAll(async () => {
    conftest = await findConftest();
  }, 600_000);

  /** What its output comes to, read as Signalbox reads it. */
  async function judged(
    document: object,
    { policy = POLICY, namespaces = ['main'] } = {},
  ): Promise<string[]> {
    await using open = new AsyncDisposableStack();
    const file = join(await temporaryFolder(open, 'conftest'), 'web.json');
    await writeFile(file, JSON.stringify(document));
    const args = ['test', '-o', 'json', '-p', policy, ...namespaces.flatMap((name) => ['-n', name]), file];
    // It ends with 1 when something failed.
    const { stdout } = await run(conftest, args).catch((error: { stdout: string }) => error);
    const read = await memoryYaml().read(stdout);
    if (read.kind !== 'read') throw new Error(`unreadable: ${stdout}`);
    const question = { service: 'web', file: 'conftest.json', namespaces };
    return judgeConftest(question, { kind: 'read', value: read.value, commit: 'c0ffee' }).map(
      ({ severity, says }) => `${severity} ${says.replace(/^\S*web\.json/, 'web.json')}`,
    );
  }

  it('prints what is read as a pass where nothing is wrong', async () => {
    expect(await judged(deployment('ghcr.io/acme/web@sha256:0', FULL))).toEqual([]);
  });

  it('prints what is read as refusals and warnings by the sample policies', async () => {
    expect(await judged(deployment('ghcr.io/acme/web:latest', FULL))).toEqual([
      'error web.json: Deployment/web: web runs :latest',
    ]);
    expect(await judged(deployment('ghcr.io/acme/web:1', { memory: '64Mi' }))).toEqual([
      'error web.json: Deployment/web: web has no resources.limits.cpu',
      'error web.json: Deployment/web: web has no resources.requests.cpu',
    ]);
    const recreated = deployment('ghcr.io/acme/web:1', FULL, { strategy: { type: 'Recreate' } });
    expect(await judged(recreated)).toEqual([expect.stringMatching(/^error .*strategy Recreate/)]);
    const unsigned = { ...deployment('ghcr.io/acme/web:1', FULL), metadata: { name: 'web' } };
    expect(await judged(unsigned)).toEqual([expect.stringMatching(/^warn .*nothing says .* signed/)]);
  });

  it('prints for a namespace without a rule what is read as not evaluated', async () => {
    expect(await judged(deployment('ghcr.io/acme/web:1', FULL), { namespaces: ['limits'] })).toEqual([
      expect.stringMatching(/^error no policy of limits was evaluated/),
    ]);
  });
});
