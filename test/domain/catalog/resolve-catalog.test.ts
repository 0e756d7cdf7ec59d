import { describe, expect, it } from 'vitest';
import {
  type Catalog,
  catalogService,
  placementsOf,
  servicesIn,
} from '../../../src/domain/catalog/catalog.ts';
import type { CatalogNames } from '../../../src/domain/catalog/check-names.ts';
import { resolveCatalog } from '../../../src/domain/catalog/resolve-catalog.ts';
import { faultLine } from '../../../src/domain/document/fault.ts';
import { documentOf, sample } from '../document/source-document.ts';

const NAMES: CatalogNames = {
  environments: ['dev', 'staging', 'prod'],
  roles: ['checkout-owners', 'web-owners'],
  repositories: ['gitops'],
  sources: ['gitops', 'shop-source'],
  clusters: ['test', 'prod-eu', 'prod-us'],
  gatePresets: ['errors'],
  gateDefaults: { prometheus: { main: { scrapeIntervalMs: 1 } }, defaultPrometheus: 'main' },
};

const HEAD = `apiVersion: signalbox/v1
kind: Catalog
defaults:
  placements:
    "*": [{ cluster: test, namespace: "{environment}", rollout: "{service}" }]
services:
`;

async function resolved(text: string): Promise<Catalog> {
  const answer = resolveCatalog(await documentOf(text, 'catalog.yaml'), NAMES);
  if (answer.kind === 'faulty') throw new Error(answer.faults.map(faultLine).join('\n'));
  return answer.catalog;
}

async function faults(services: string, head = HEAD): Promise<string[]> {
  const answer = resolveCatalog(await documentOf(head + services, 'catalog.yaml'), NAMES);
  return answer.kind === 'faulty' ? answer.faults.map(faultLine) : [];
}

describe('the sample catalog', () => {
  it('fills in defaults, templates and names', async () => {
    const catalog = await resolved(await sample('catalog.yaml'));
    expect(placementsOf(catalog, { service: 'orders-api', environment: 'staging' })).toEqual([
      {
        cluster: 'test',
        namespace: 'staging',
        rollout: 'orders-api',
        git: {
          repository: 'gitops',
          file: 'clusters/staging/apps/orders-api/kustomization.yaml',
          format: 'kustomize',
        },
        argocd: { application: 'orders-api-staging', namespace: 'argocd' },
      },
    ]);
    const regions = placementsOf(catalog, { service: 'frontend', environment: 'prod' }).map(
      (one) => one.cluster,
    );
    expect(regions).toEqual(['prod-eu', 'prod-us']);
    expect(catalogService(catalog, 'payments-worker')).toMatchObject({
      tier: 2,
      images: { 'payments-worker': 'ghcr.io/acme/payments-worker' },
      dependsOn: [{ service: 'orders-api', minVersion: '1.8' }],
    });
  });

  it('knows in which environments a service exists', async () => {
    const catalog = await resolved(await sample('catalog.yaml'));
    expect(servicesIn(catalog, 'prod')).toEqual(['frontend', 'orders-api', 'payments-worker']);
    expect(servicesIn(catalog, 'dev')).toContain('mailcatcher');
    expect(catalogService(catalog, 'constructor')).toBeUndefined();
    expect(placementsOf(catalog, { service: 'constructor', environment: 'prod' })).toEqual([]);
  });
});

describe('a name in a catalog that means nothing', () => {
  it.each([
    [
      'a role',
      'web: { owner: web-owner, image: r.example/web }',
      '"web-owner" is no role of signalbox.yaml; did you mean web-owners?',
    ],
    [
      'a service',
      'web: { owner: web-owners, image: r.example/web, dependsOn: [wbe] }',
      '"wbe" is no service of this catalog; did you mean web?',
    ],
    [
      'a preset',
      'web: { owner: web-owners, image: r.example/web, gates: [erors] }',
      '"erors" is no gate preset of signalbox.yaml; did you mean errors?',
    ],
    [
      'an environment',
      'web: { owner: web-owners, image: r.example/web, environments: [stagin] }',
      '"stagin" is no environment of signalbox.yaml; did you mean staging?',
    ],
    [
      'a cluster',
      'web: { owner: web-owners, image: r.example/web, environments: [dev], placements: { dev: [{ cluster: tset, namespace: a, rollout: b }] } }',
      'services.web.placements.dev[0].cluster: "tset" is no cluster of signalbox.yaml; did you mean test?',
    ],
    [
      'a key that no placement has',
      'web: { owner: web-owners, image: r.example/web, placements: { dev: [{ cluster: test, namespace: a, rolout: b }] } }',
      'rolout: is not a known key; did you mean rollout?',
    ],
  ])('%s', async (_, services, says) => {
    expect((await faults(`  ${services}\n`)).join('\n')).toContain(says);
  });

  it('is told with every other, each once, in the order of the file', async () => {
    const head = HEAD.replace('cluster: test', 'cluster: tset');
    const lines = await faults(
      '  a: { owner: x, image: r.example/a }\n  b: { owner: x, image: r.example/b }\n',
      head,
    );
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'catalog.yaml:5:13',
      'catalog.yaml:7:8',
      'catalog.yaml:8:8',
    ]);
  });
});

describe('a catalog that contradicts itself', () => {
  it('has a cycle, which is shown as one path', async () => {
    const service = (name: string, needs: string) =>
      `  ${name}: { owner: web-owners, image: r.example/${name}, dependsOn: [${needs}] }\n`;
    expect(await faults(service('c', 'a') + service('b', 'c') + service('a', 'b'))).toEqual([
      expect.stringContaining('services.a.dependsOn: is a cycle: a → b → c → a'),
    ]);
  });

  it('gives one Rollout to two services', async () => {
    const head = HEAD.replace('"{service}"', 'one');
    expect(
      (
        await faults(
          '  a: { owner: web-owners, image: r.example/a, environments: [dev] }\n  b: { owner: web-owners, image: r.example/b, environments: [dev] }\n',
          head,
        )
      )[0],
    ).toContain('Rollout test/dev/one is both a in dev and b in dev');
  });

  it('leaves a service without a place', async () => {
    const head = HEAD.replace('"*"', 'dev');
    expect(await faults('  a: { owner: web-owners, image: r.example/a }\n', head)).toEqual([
      expect.stringContaining('services.a: has no placement in staging'),
      expect.stringContaining('services.a: has no placement in prod'),
    ]);
  });

  it.each([
    ['both forms of image', 'image: r.example/a, images: { a: r.example/a }', 'needs either image'],
    ['no image', 'tier: 1', 'needs either image'],
    [
      'source in a repository that nobody knows',
      'image: r.example/a, source: { repository: shop-sorce }',
      'source.repository: "shop-sorce" is no repository of signalbox.yaml; did you mean shop-source?',
    ],
    [
      'a tag that cuts, without the source it is pushed to',
      'image: r.example/a, cutOnTag: "a-{version}"',
      'cutOnTag: needs a source: say where the service is built from',
    ],
    [
      'checks of a source that nobody names',
      'image: r.example/a, checks: [unit]',
      'checks: needs a source: say where the service is built from',
    ],
    [
      'a candidate that no rule finds',
      'image: r.example/a, candidate: { from: registry }',
      'candidate: must be {from: artifacts}',
    ],
    [
      'source at an absolute path',
      'image: r.example/a, source: { repository: shop-source, path: /a }',
      'source.path: must be a path inside the repository',
    ],
    ['a tag in an image', 'image: "r.example/a:1.0"', 'without tag or digest'],
    [
      'a gate that is never judged',
      'image: r.example/a, gates: [{ type: prometheus, query: x }]',
      'gates[0].threshold: is missing',
    ],
    [
      'a gate that is not carried out',
      'image: r.example/a, gates: [{ type: synthetic }]',
      'gates[0].type: is not carried out',
    ],
  ])('has %s', async (_, line, says) => {
    expect((await faults(`  a: { owner: web-owners, ${line} }\n`)).join('\n')).toContain(says);
  });

  it.each([
    ['../secrets.yaml', 'must be a path inside the repository'],
    ['/etc/passwd', 'must be a path inside the repository'],
    ['.git/config', 'must be a path inside the repository'],
    ['a/.GIT/config', 'must be a path inside the repository'],
  ])('names a file outside the repository: %s', async (file, says) => {
    const placement = `{ cluster: test, namespace: a, rollout: b, git: { repository: gitops, file: "${file}", format: kustomize } }`;
    expect(
      (
        await faults(
          `  a: { owner: web-owners, image: r.example/a, environments: [dev], placements: { dev: [${placement}] } }\n`,
        )
      ).join(),
    ).toContain(says);
  });

  it('has a template with a name that is not filled in', async () => {
    const head = HEAD.replace('"{service}"', '"{svc}"');
    expect(
      (await faults('  a: { owner: web-owners, image: r.example/a, environments: [dev] }\n', head))[0],
    ).toContain('only {service} and {environment} are filled in');
  });
});
