import { describe, expect, it } from 'vitest';
import { faultLine } from '../../../src/domain/document/fault.ts';
import {
  composeManifest,
  manifestPath,
  manifestText,
} from '../../../src/domain/manifest/compose-manifest.ts';
import { judgeImage } from '../../../src/domain/manifest/judge-image.ts';
import { readManifest } from '../../../src/domain/manifest/manifest.ts';
import { notCarriedOut } from '../../../src/domain/manifest/not-carried-out.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';
import { documentOf, sample } from '../document/source-document.ts';
import { contentOf, imageOf } from '../plan/world.ts';

const MINIMAL = `apiVersion: release.gitplumbers.io/v1
kind: Release
metadata:
  name: shop-2026-11-20.1
spec:
  environment: prod
  services:
    web:
      image: reg.example/web@sha256:2f3c...
`;

async function read(text: string) {
  return readManifest(await documentOf(text, 'release.yaml'));
}

async function faults(text: string): Promise<string[]> {
  const told = await read(text);
  return told.kind === 'faulty' ? told.faults.map(faultLine) : [];
}

describe('a release document', () => {
  it.each(['seed-article', 'everything', 'checkout'])('of the samples is valid: %s', async (name) => {
    expect(await read(await sample(`releases/${name}.yaml`))).toMatchObject({ kind: 'read' });
  });

  it('with a typo is refused, and what was meant is named', async () => {
    const text = `${MINIMAL}  gates:\n    - { type: prometheus, treshold: "< 1" }\n`;
    expect(await faults(text)).toEqual([
      'release.yaml:11:27 spec.gates[0].treshold: is not a known key; did you mean threshold?',
    ]);
  });

  it.each([
    [
      'a version that YAML takes for a number',
      'chartVersion: 3.10',
      /chartVersion: YAML reads this as 3.1, not as text: quote it/,
    ],
    ['a tier that is none', 'tier: 7', /tier: must be a tier from 0 to 4/],
    [
      'another digest algorithm',
      'images: { web: "reg.example/web@sha512:00" }',
      /images.web: must be an image such as/,
    ],
    [
      'a step with two acts',
      'rollout: { strategy: canary, steps: [{ setWeight: 1, pause: {} }] }',
      /must be exactly one of setWeight/,
    ],
    [
      'a pause that is no time',
      'rollout: { strategy: canary, steps: [{ pause: { duration: soon } }] }',
      /duration: must be a duration such as/,
    ],
  ])('with %s is refused', async (_, line, says) => {
    expect((await faults(`${MINIMAL}      ${line}\n`)).join('\n')).toMatch(says);
  });

  it.each([
    [
      'without an image',
      MINIMAL.replace(/image: .*/, 'tier: 1'),
      'spec.services.web: needs an image, or images by container',
    ],
    [
      'without services',
      MINIMAL.replace(/services:[\s\S]*/, 'services: {}'),
      'spec.services: needs at least one service',
    ],
    ['without a flag default', `${MINIMAL}  flags: [{ key: tax }]\n`, 'spec.flags[0].default: is missing'],
    ['of another kind', MINIMAL.replace('kind: Release', 'kind: Rollout'), 'kind: must be Release'],
  ])('%s is refused', async (_, text, says) => {
    const told = await faults(text);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(says);
  });

  it('with a number that has no end is refused, whichever reader let it pass', async () => {
    const document = await documentOf(MINIMAL);
    const told = readManifest({
      ...document,
      value: { ...Object(document.value), 'x-a': Number.POSITIVE_INFINITY },
    });
    expect(told).toMatchObject({
      kind: 'faulty',
      faults: [{ says: expect.stringContaining('JSON cannot hold') }],
    });
  });

  it('has a hash of what was written: comments and order make no difference, values and foreign keys do', async () => {
    const hash = async (text: string) => {
      const told = await read(text);
      return told.kind === 'read' ? told.hash : told.faults.map(faultLine).join();
    };
    const turned = MINIMAL.replace('kind: Release\n', '').replace(
      'apiVersion',
      '# why\nkind: Release\napiVersion',
    );
    expect(await hash(turned)).toBe(await hash(MINIMAL));
    // `standard` is the default: written down it is another document, and means the same.
    expect(await hash(`${MINIMAL}  type: standard\n`)).not.toBe(await hash(MINIMAL));
    expect(await hash(`${MINIMAL}  x-note: hi\n`)).not.toBe(await hash(MINIMAL));
  });
});

describe('what a release document asks for and does not get', () => {
  it('is refused by name, everything of it', async () => {
    const told = await read(await sample('releases/everything.yaml'));
    if (told.kind === 'faulty') throw new Error(told.faults.map(faultLine).join('\n'));
    const paths = notCarriedOut(told.manifest).map(({ path }) => path.join('.'));
    expect(paths).toEqual([
      'spec.provenance',
      'spec.sequencing',
      'spec.exemptions',
      'spec.failureBudget.maxDegradation',
      ...[
        'git',
        'healthChecks',
        'alerting',
        'dashboards',
        'slo.latency',
        'gitops.branch',
        'argocd.project',
      ].map((key) => `spec.services.orders-api.${key}`),
      'spec.services.orders-api.rollout.maxDuration',
      'spec.services.orders-api.gates.0.slo',
      ...['healthChecks', 'rollout.strategy', 'rollout.batches'].map(
        (key) => `spec.services.payments-worker.${key}`,
      ),
      ...['healthChecks', 'rollout.strategy'].map((key) => `spec.services.frontend.${key}`),
      'spec.rollback.maxDuration',
      'spec.rollback.lastRehearsal',
      'spec.rollback.autoRollback',
      'spec.gates.0.onFail',
      'spec.gates.1.type',
      'spec.gates.2.type',
      'spec.gates.3.approvers',
      'spec.gates.3.quorum',
      'spec.gates.3.phase',
    ]);
  });

  it('is nothing when it is written down as none', async () => {
    const none = `${MINIMAL}      schemaAffecting: false\n  migrations: []\n  flags: []\n  rollback: {}\n`;
    const told = await read(none);
    expect(told.kind === 'read' && notCarriedOut(told.manifest)).toEqual([]);
  });
});

describe('an image', () => {
  const hex = 'ab'.repeat(32);
  it.each([
    [`reg.example:5000/a/b@sha256:${hex}`, { kind: 'pinned', repository: 'reg.example:5000/a/b' }],
    [`reg.example/a:1.2@sha256:${hex}`, { kind: 'pinned', repository: 'reg.example/a', tag: '1.2' }],
    ['reg.example/a@sha256:2f3c...', { kind: 'placeholder', written: 'sha256:2f3c...' }],
    [`reg.example/a@sha256:${hex.slice(1)}`, { kind: 'malformed', why: 'it has 63 digits instead of 64' }],
    [
      `reg.example/a@sha256:${hex.toUpperCase()}`,
      { kind: 'malformed', why: expect.stringContaining('capital letters') },
    ],
    [`reg.example/a@sha256:${hex.slice(2)}zz`, { kind: 'malformed', why: '"z" is no hexadecimal digit' }],
    [`reg.example/a@sha512:${hex}${hex}`, { kind: 'malformed', why: 'sha512 is not accepted, only sha256' }],
    ['reg.example/a:1.8.0', { kind: 'unpinned', tag: '1.8.0', floating: false }],
    ['reg.example/a:latest', { kind: 'unpinned', tag: 'latest', floating: true }],
    ['reg.example:5000/a', { kind: 'unpinned', repository: 'reg.example:5000/a', floating: true }],
  ])('%s', (text, judged) => {
    expect(judgeImage(text)).toMatchObject(judged);
  });
});

describe('a composed document', () => {
  const composition = {
    name: 'shop-2026-11-20.3',
    environment: 'prod',
    type: 'standard',
    services: {
      web: contentOf('web', '9.10.0', {
        images: { web: imageOf('web', '9.10.0'), assets: imageOf('assets', '9.10.1') },
      }),
      orders: contentOf('orders', '1.8.0', { chartVersion: '1.42.0' }),
    },
    requestedBy: 'slack:T1:UANA',
    promotedFrom: 'staging/shop-2026-11-20.3',
  } as const;

  it('takes along what its services promise each other, and reads it back', async () => {
    const contracts = [{ type: 'pact' as const, service: 'web', version: '4f1c2ab' }];
    const text = manifestText(composeManifest({ ...composition, contracts }), (value) =>
      memoryYaml().write(value),
    );
    expect(await read(text)).toMatchObject({ kind: 'read', manifest: { spec: { contracts } } });
    expect(composeManifest({ ...composition, contracts: [] })).toEqual(composeManifest(composition));
  });

  it('is read back as it was meant, with a hash that does not depend on its layout', async () => {
    const yaml = memoryYaml();
    const text = manifestText(composeManifest(composition), (value) => yaml.write(value));
    const told = await read(text);
    expect(told).toMatchObject({
      kind: 'read',
      manifest: { metadata: { name: composition.name, labels: { train: 'shop' } } },
    });
    const reordered = {
      ...composition,
      services: { orders: composition.services.orders, web: composition.services.web },
    };
    expect(manifestText(composeManifest(reordered), (value) => yaml.write(value))).toBe(text);
  });

  it('reads well', () => {
    const text = manifestText(composeManifest(composition), (value) => memoryYaml().write(value));
    expect(text).toBe(`# Written by Signalbox. A change by hand voids the approvals given to it.
apiVersion: release.gitplumbers.io/v1
kind: Release
metadata:
  name: shop-2026-11-20.3
  labels:
    train: shop
  annotations:
    signalbox/requested-by: slack:T1:UANA
    signalbox/promoted-from: staging/shop-2026-11-20.3
spec:
  environment: prod
  services:
    orders:
      x-version: 1.8.0
      image: reg.example/orders@${imageOf('orders', '1.8.0').digest}
      chartVersion: 1.42.0
    web:
      images:
        assets: reg.example/assets@${imageOf('assets', '9.10.1').digest}
        web: reg.example/web@${imageOf('web', '9.10.0').digest}
`);
  });

  it('of a rollback names what leaves', () => {
    const document = composeManifest({
      ...composition,
      type: 'rollback',
      rollsBack: ['prod/shop-2026-11-20.2'],
    });
    expect(document).toMatchObject({
      metadata: { annotations: { 'signalbox/rolls-back': 'prod/shop-2026-11-20.2' } },
      spec: { type: 'rollback' },
    });
  });

  it('stands where the environment says', () => {
    const at = { environment: 'prod', name: 'shop-2026-11-20.3' };
    expect(manifestPath('releases/{environment}/{train}.yaml', at)).toBe('releases/prod/shop.yaml');
  });
});
