import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse, parseDocument, stringify } from 'yaml';
import type { Shop } from '../../src/sandbox/shop/shop.ts';
import { type BackstageServer, startBackstage } from '../servers/backstage.ts';
import { type PactBrokerServer, startPactBroker } from '../servers/pact-broker.ts';
import { type People, peopleOf } from './people.ts';
import { type Journey, startJourney } from './world.ts';

const [FIRST, NEXT] = ['1.7.4', '1.8.0'];
const MINUTES_MS = 60_000;
const PATIENCE_MS = MINUTES_MS;

interface CatalogSample {
  services: Record<string, { owner: string; tier?: number; dependsOn?: (string | { service: string })[] }>;
}
interface ReleaseSample {
  metadata: { name: string };
  spec: { services: Record<string, { image: string }> };
}

const textOf = (file: string) =>
  readFileSync(new URL(`../../manifests/samples/forty/${file}`, import.meta.url), 'utf8');
const catalog: CatalogSample = parse(textOf('catalog.yaml'));
const release: ReleaseSample = parse(textOf('release.yaml'));
const moving = Object.keys(release.spec.services);

/** The forty, as the sandbox builds a cluster and a GitOps repository of them. */
const shop: Shop = {
  train: 'shop',
  environments: [
    { name: 'staging', replicas: 1 },
    { name: 'prod', replicas: 1 },
  ],
  services: Object.entries(catalog.services).map(([name, { owner, tier = 2 }]) => ({
    name,
    owner,
    tier,
    dependsOn: [],
    format: 'helm',
    version: FIRST,
    newer: [{ version: NEXT, authors: [] }],
  })),
};

/** The release that is followed. */
let name: string;
let journey: Journey;
let people: People;
let pacts: PactBrokerServer;
let backstage: BackstageServer;

beforeAll(async () => {
  pacts = await startPactBroker({
    pacts: [{ consumer: 'web', version: NEXT, provider: 'storefront-api' }],
    verifications: [],
    environments: { production: {} },
  });
  // One of the forty is described there and not in the file.
  backstage = await startBackstage({
    entities: [
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'status-page', labels: { tier: '4' } },
        spec: { type: 'service', lifecycle: 'production', owner: 'group:default/platform' },
      },
    ],
  });
  journey = await startJourney(shop, { configure });
  people = peopleOf(journey.world, PATIENCE_MS);
  const { gitops, registry } = journey.world;
  const written = parseDocument(textOf('catalog.yaml'));
  written.deleteIn(['services', 'status-page', 'owner']);
  written.deleteIn(['services', 'status-page', 'tier']);
  const here = `${written}`.replaceAll('ghcr.io/acme/', `${registry.host}/shop/`);
  await gitops.push({ branch: 'main', files: { 'catalog.yaml': here } });
}, 4 * MINUTES_MS);
afterAll(async () => {
  await journey?.[Symbol.asyncDispose]();
  await pacts?.[Symbol.asyncDispose]();
  await backstage?.[Symbol.asyncDispose]();
});

/** The sample's own configuration, at the addresses and with the pace of the desk. */
function configure(text: string): string {
  const desk = parse(text);
  const sample = parse(textOf('signalbox.yaml'));
  const { environments, roles, train, catalog: place } = sample;
  return stringify(
    {
      ...desk,
      environments,
      roles,
      train,
      catalog: { ...place, backstage: { url: `${backstage.url}/api/catalog`, refresh: '1s' } },
      contracts: { pactBroker: { ...sample.contracts.pactBroker, url: pacts.url } },
    },
    { aliasDuplicateObjects: false },
  );
}

/** The sample's document under another name, with the images that are there, looked at as often as a test can wait. */
function documentOf(name: string): string {
  const { digests, registry } = journey.world;
  return moving.reduce(
    (text, service) => {
      const image = release.spec.services[service]?.image ?? '';
      return text.replace(image, `${registry.host}/shop/${service}@${digests[service]?.[NEXT]}`);
    },
    textOf('release.yaml').replace(release.metadata.name, name).replace('window: 5m', 'window: 500ms'),
  );
}

/** Ana takes over what was pushed, on a card that shows the newest push; gives what she is told. */
async function takesOver(): Promise<string> {
  const board = await people.board('prod', name, /somebody pushed to its branch/);
  const pressed = { button: 'Take over the change', words: /Not cut|pushed to the branch/ };
  const told = await people.pressesCopy('ana', board, pressed);
  return /pushed to the branch/.test(told) ? takesOver() : told;
}

/** The branch that the bot has made for a release. */
async function branchOf(name: string): Promise<string> {
  const find = async () =>
    (await journey.world.gitops.branches()).find((each) => each.includes(name) && each.includes('prod'));
  return vi.waitUntil(find, { timeout: PATIENCE_MS });
}

/** Number of the line on which something stands first. */
const lineOf = (text: string, words: string) => text.slice(0, text.indexOf(words)).split('\n').length;

describe('forty services, twelve of which go to prod', { timeout: 8 * MINUTES_MS }, () => {
  it('are verified in staging first', async () => {
    const cut = moving.map((service) => `${service}@${NEXT}`).join(' ');
    name = await people.cuts('dev', 'staging', cut);
    await people.board('staging', name, /· released ·/);
  });

  it('are refused for five reasons at once, each with its rule, its line and what to do', async () => {
    const { gitops, registry } = journey.world;
    name = await people.cuts('ana', 'prod', moving.map((service) => `${service}@${NEXT}`).join(' '));
    const path = 'releases/prod/release.yaml';
    const good = documentOf(name);
    const wrong = {
      cutShort: `${registry.host}/shop/media@sha256:721c9525...`,
      elsewhere: `${registry.host}/other/products@${journey.world.digests['products']?.[NEXT]}`,
      floating: `${registry.host}/shop/inventory:latest`,
      tooLate: '{ service: pricing, minVersion: "1.9" }',
      weaker: 'approvals: { required: 0 }',
    };
    const bad = good
      .replace(/\S+\/media@\S+/, wrong.cutShort)
      .replace(/\S+\/products@\S+/, wrong.elsewhere)
      .replace(/\S+\/inventory@\S+/, wrong.floating)
      .replace('{ service: pricing, minVersion: "1.8" }', wrong.tooLate)
      .replace('approvals: { required: 1 }', wrong.weaker);
    const branch = await branchOf(name);
    await gitops.push({ branch, files: { [path]: bad } });
    const told = await takesOver();
    const rows: [rule: string, words: string, remedy: RegExp][] = [
      ['placeholder-digest', wrong.cutShort, /Write all 64 digits/],
      ['catalog-agrees', wrong.elsewhere, /catalog/],
      ['no-floating-tag', wrong.floating, /digest/],
      ['dependency-version', wrong.tooLate, /Put pricing 1\.9 or later into this release/],
      ['no-weakening', wrong.weaker, /Leave it out, or ask for more/],
    ];
    for (const [rule, words, remedy] of rows) {
      expect(told).toContain(rule);
      expect(told, rule).toContain(`${path}:${lineOf(bad, words)}`);
      expect(told, rule).toMatch(remedy);
    }
    expect((await gitops.read('main', path)) ?? '').not.toContain('721c9525...');
  });

  it('are refused once more by the pact broker, then mended, approved by their owners and released', async () => {
    const { gitops } = journey.world;
    await gitops.push({
      branch: await branchOf(name),
      files: { 'releases/prod/release.yaml': documentOf(name) },
    });
    expect(await takesOver()).toMatch(/1 rule refuses it[\s\S]*contract-compatible/);
    pacts.holds.verifications.push({
      consumer: 'web',
      consumerVersion: NEXT,
      provider: 'storefront-api',
      providerVersion: NEXT,
      success: true,
    });
    await people.presses('ana', 'prod', 'Take over the change');
    await people.board('prod', name, /wants/);
    for (const person of ['ben', 'olu', 'pia', 'wei']) await people.presses(person, 'prod', 'Approve');
    await people.board('prod', name, /· released ·/);
    const moved = await Promise.all(
      moving.map((service) => gitops.read('main', `clusters/prod/apps/${service}/values.yaml`)),
    );
    moving.forEach((service, i) => {
      expect(moved[i]).toContain(journey.world.digests[service]?.[NEXT]);
    });
  });

  it('are known with Backstage away as well, and how old that is is said', async () => {
    backstage.holds.trouble = 'broken';
    await expect
      .poll(() => people.types('ana', '/release status', /under way/), { timeout: PATIENCE_MS })
      .toMatch(/Backstage answers 500.*ago/);
    const plan = await people.types(
      'ana',
      '/release plan staging status-page@1.8.0',
      /Backstage answers 500/,
    );
    expect(plan).toMatch(/Said by: owner Backstage · tier Backstage · gate error-ratio signalbox\.yaml/);
  });
});
