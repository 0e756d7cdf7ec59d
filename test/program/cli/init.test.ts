import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { MASTERS } from '../../../src/sandbox/cluster/api/users.ts';
import type { KubeObject } from '../../../src/sandbox/cluster/rollout/objects.ts';
import { startCluster } from '../../../src/sandbox/cluster/start.ts';
import { gitopsFiles } from '../../../src/sandbox/shop/gitops-files.ts';
import { rolloutObjects } from '../../../src/sandbox/shop/rollout-manifest.ts';
import { shopOf } from '../../../src/sandbox/shop/shop.ts';
import { FOREIGN, writeFiles } from './foreign-repository.ts';
import { runCli } from './run-cli.ts';

/** Each case starts programs, and the machine may have other work. */
const TEST_MS = 60_000;

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function folderWith(files: Readonly<Record<string, string>>, remote?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-init-'));
  made.push(folder);
  await writeFiles(folder, files);
  const git = (...args: string[]) => spawnSync('git', args, { cwd: folder });
  git('init', '-q', '-b', 'trunk');
  if (remote !== undefined) git('remote', 'add', 'origin', remote);
  return folder;
}

const shop = shopOf();
const DIGEST = `sha256:${'a'.repeat(64)}`;
const SHOP_FILES = gitopsFiles(shop, {
  registry: 'registry.test:5000',
  digests: Object.fromEntries(shop.services.map(({ name }) => [name, DIGEST])),
});

/** As much of a catalog as is looked at. */
const Catalog = z.looseObject({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string().optional(),
      images: z.record(z.string(), z.string()).optional(),
      owner: z.string(),
      placements: z.record(
        z.string(),
        z.array(
          z.looseObject({
            cluster: z.string(),
            namespace: z.string(),
            rollout: z.string(),
            git: z.unknown(),
          }),
        ),
      ),
    }),
  ),
});
type Catalog = z.infer<typeof Catalog>;

async function written(folder: string): Promise<{ config: unknown; catalog: Catalog }> {
  const [config, catalog] = await Promise.all(
    ['signalbox.yaml', 'catalog.yaml'].map(async (name) => parse(await readFile(join(folder, name), 'utf8'))),
  );
  return { config, catalog: Catalog.parse(catalog) };
}

describe('signalbox init', { timeout: TEST_MS }, () => {
  it('makes of the sandbox’s repository a catalog that places everything where the sandbox’s own does', async () => {
    const { 'catalog.yaml': own = '', ...files } = SHOP_FILES;
    const folder = await folderWith(files, 'https://ana:hunter2@git.example.com/shop/gitops.git');
    const ended = await runCli(['init', folder], { cwd: folder });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).not.toContain('hunter2');
    expect(await readFile(join(folder, 'signalbox.yaml'), 'utf8')).not.toContain('hunter2');
    const valid = await runCli(['validate', 'signalbox.yaml', 'catalog.yaml'], { cwd: folder });
    expect(valid).toMatchObject({ code: 0 });
    const { config, catalog } = await written(folder);
    const wanted = Catalog.parse(parse(own));
    expect(Object.keys(catalog.services).sort()).toEqual(Object.keys(wanted.services).sort());
    for (const [name, { image, placements }] of Object.entries(wanted.services)) {
      expect(catalog.services[name]?.image).toBe(image);
      for (const [environment, [placement]] of Object.entries(placements)) {
        expect(catalog.services[name]?.placements[environment], `${name} in ${environment}`).toMatchObject([
          { rollout: placement?.rollout, git: placement?.git },
        ]);
      }
    }
    expect(config).toMatchObject({
      environments: [{ name: 'dev' }, { name: 'staging' }, { name: 'prod' }],
      repositories: { gitops: { url: 'https://git.example.com/shop/gitops.git', branch: 'trunk' } },
    });
  });

  it('finds its way in a repository that somebody else laid out, and lists what it could not decide', async () => {
    const folder = await folderWith(FOREIGN, 'git@github.com:acme/deploy.git');
    const ended = await runCli(['init', join(folder, 'deploy', '..')], { cwd: folder });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(await runCli(['validate', 'signalbox.yaml', 'catalog.yaml'], { cwd: folder })).toMatchObject({
      code: 0,
    });
    const { config, catalog } = await written(folder);
    expect(config).toMatchObject({
      environments: [{ name: 'staging' }, { name: 'production', approvals: { required: 1 } }],
      repositories: { gitops: { url: 'https://github.com/acme/deploy.git', branch: 'trunk' } },
      clusters: { 'eu-1': {}, main: {}, 'us-1.k8s.acme.example': {} },
    });
    const { orders, billing, backoffice, ...others } = catalog.services;
    expect(Object.keys(others)).toEqual([]);
    const keys = { digest: 'image.digest', tag: 'image.tag' };
    expect(orders).toMatchObject({
      owner: 'checkout-team',
      image: 'ghcr.io/acme/orders',
      placements: {
        staging: [
          { rollout: 'orders', git: { file: 'deploy/orders/values-staging.yaml', format: 'helm', keys } },
        ],
        production: [
          {
            cluster: 'eu-1',
            namespace: 'shop',
            git: { file: 'deploy/orders/values-production-eu.yaml', keys },
            argocd: { application: 'orders-production-eu', namespace: 'argo' },
          },
          { cluster: 'us-1.k8s.acme.example', git: { file: 'deploy/orders/values-production-us.yaml' } },
        ],
      },
    });
    expect(billing).toMatchObject({
      owner: 'billing',
      images: { api: 'ghcr.io/acme/billing', proxy: 'ghcr.io/acme/proxy' },
      placements: {
        staging: [{ namespace: 'billing-staging', rollout: 'billing-staging' }],
        production: [
          {
            namespace: 'billing',
            rollout: 'billing',
            git: { file: 'deploy/billing/overlays/production/kustomization.yaml' },
          },
        ],
      },
    });
    expect(backoffice).toMatchObject({
      owner: 'platform',
      placements: { production: [{ git: { format: 'manifest' } }] },
    });
    for (const words of [
      'legacy/broken.yaml:2:1: cannot be read',
      'ApplicationSet everything',
      'takes in https://git.acme.example/shared//metrics?ref=v1',
      'its chart charts/cron makes no Rollout',
      'values-production-us.yaml: has no image.digest',
      'names no image with a registry for cache',
      "Monolith_1 cannot be a service's name",
      'legacy/monolith.yaml: names no environment: taken as production',
      'overlays/staging/kustomization.yaml: names no cluster: taken as main',
    ]) {
      expect(ended.stdout).toContain(words);
    }
    expect(ended.stdout).not.toContain('hunter2');
  });

  it('takes from Backstage who owns what, its tier and its needs, and says where each came from', async () => {
    const entity = (name: string, metadata: string, spec: string) =>
      `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${name}${metadata} }\nspec: { type: service${spec} }\n`;
    const service = await folderWith({
      'catalog-info.yaml': [
        entity(
          'Orders',
          ', labels: { tier: "1" }',
          ', owner: "group:default/Sales", dependsOn: [component:billing, "resource:default/db", component:default/ledger]',
        ),
        entity('billing', ', tags: [java, tier-0]', ', lifecycle: production'),
        entity('backoffice', '', ', lifecycle: experimental, owner: user:ana'),
        entity('broken', '', ', owner: [a]'),
      ].join('---\n'),
      'bad.yaml': 'a: [1\n',
    });
    const folder = await folderWith(FOREIGN);
    const ended = await runCli(['init', '.', '--backstage', service], { cwd: folder });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(await runCli(['validate', 'signalbox.yaml', 'catalog.yaml'], { cwd: folder })).toMatchObject({
      code: 0,
    });
    const { catalog } = await written(folder);
    expect(catalog.services).toMatchObject({
      orders: { owner: 'sales', tier: 1, dependsOn: ['billing'] },
      billing: { owner: 'billing', tier: 0 },
      backoffice: { owner: 'ana', tier: 4 },
    });
    const text = await readFile(join(folder, 'catalog.yaml'), 'utf8');
    const from = `${basename(service)}/catalog-info.yaml`;
    expect(text).toContain(`owner: sales # from ${from}`);
    expect(text).toContain('owner: billing # from CODEOWNERS');
    expect(text).toContain(`tier: 0 # from ${from}`);
    expect(ended.stdout).toContain('orders depends on ledger, which is no service here');
    expect(ended.stdout).toContain(`${basename(service)}/bad.yaml:2:1: cannot be read`);
    expect(ended.stdout).toContain(`${from}: is a component of Backstage that cannot be used: `);
  });

  it('overwrites nothing, writes both files or neither, and prints both when asked to', async () => {
    const folder = await folderWith(SHOP_FILES);
    const refused = await runCli(['init', '.'], { cwd: folder });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/catalog\.yaml is there already[\s\S]*--dry-run/),
    });
    expect(await readFile(join(folder, 'catalog.yaml'), 'utf8')).toBe(SHOP_FILES['catalog.yaml']);
    await expect(readFile(join(folder, 'signalbox.yaml'))).rejects.toThrow('ENOENT');
    const shown = await runCli(['init', '.', '--dry-run', '--json'], { cwd: folder });
    expect(shown.code).toBe(0);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      ok: true,
      written: [],
      environments: ['dev', 'staging', 'prod'],
    });
    await expect(readFile(join(folder, 'signalbox.yaml'))).rejects.toThrow('ENOENT');
  });

  it('says what to do where there is nothing to release', async () => {
    const folder = await folderWith({
      'a/deployment.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\n',
    });
    expect(await runCli(['init', folder])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no Rollout in'),
    });
    expect(await runCli(['init', join(folder, 'nowhere')])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot be read: is it a folder?'),
    });
  });

  it('asks the clusters what the files leave open, and changes nothing there', async () => {
    const { 'catalog.yaml': _, ...files } = SHOP_FILES;
    const folder = await folderWith(files);
    await using cluster = await startCluster({
      users: [{ token: 'masters', name: 'ana', groups: [MASTERS] }],
    });
    const shapes = shop.environments.flatMap(({ name: environment, replicas }) =>
      shop.services.map(({ name }) => ({ name, namespace: `shop-${environment}`, environment, replicas })),
    );
    const image = ({ name }: { name: string }) => `registry.test:5000/shop/${name}@${DIGEST}`;
    cluster.apply(
      shapes.flatMap((shape) => rolloutObjects({ ...shape, image: image(shape) }) as KubeObject[]),
    );
    cluster.apply(
      rolloutObjects({
        name: 'till',
        namespace: 'shop-dev',
        environment: 'dev',
        replicas: 1,
        image: image({ name: 'till' }),
      }) as KubeObject[],
    );
    const kubeconfig = join(folder, '.kubeconfig');
    await writeFile(kubeconfig, cluster.kubeconfig('masters'));
    const ended = await runCli(['init', '.', '--kubeconfig', kubeconfig], { cwd: folder });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(
      /sandbox\/shop-dev\/till: runs there, and nothing in this working copy makes it/,
    );
    expect(ended.stdout).not.toMatch(/names no (cluster|namespace)/);
    const { config, catalog } = await written(folder);
    expect(config).toMatchObject({ clusters: { sandbox: { kubeconfig, context: 'sandbox' } } });
    const placed = Object.values(catalog.services).flatMap(({ placements }) => Object.entries(placements));
    expect(placed).toHaveLength(18);
    for (const [environment, [placement]] of placed) {
      expect(placement).toMatchObject({ cluster: 'sandbox', namespace: `shop-${environment}` });
    }
    expect(cluster.requests.filter(({ user }) => user === 'ana').map(({ method }) => method)).toEqual([
      'GET',
      'GET',
    ]);
  });
});
