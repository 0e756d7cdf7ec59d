import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { appFolder } from '../../src/sandbox/shop/gitops-files.ts';
import { type People, peopleOf } from './people.ts';
import { type Journey, PATIENCE_MS, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
  await people.releasesToDev('cart@1.8.0 stock@1.8.0');
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

const MANIFEST = 'releases/prod/release.yaml';

/** The release's branch, once the bot has pushed it. */
async function branchOf(name: string): Promise<string> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const branch = (await journey.world.gitops.branches()).find((each) => each.includes(name));
    if (branch) return branch;
    if (performance.now() > until) throw new Error(`there is no branch of ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Somebody's editor: the manifest on the release's branch says how its services are brought out. */
async function pushStated(branch: string, rollouts: Record<string, unknown>): Promise<void> {
  const document = parse((await journey.world.gitops.read(branch, MANIFEST)) ?? '');
  for (const [service, rollout] of Object.entries(rollouts))
    document.spec.services[service].rollout = rollout;
  await journey.world.gitops.push({
    branch,
    files: { [MANIFEST]: stringify(document, { aliasDuplicateObjects: false }) },
  });
}

describe('a manifest that says how a service is brought out', { timeout: TEST_MS }, () => {
  const steps = [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }];

  it('is compared with the Rollout in Git, or in the cluster where Git holds what it is made of', async () => {
    const name = await people.cuts('ana', 'prod', 'cart@1.8.0 stock@1.8.0');
    await people.board('prod', name, /wants \d approval/);
    const branch = await branchOf(name);
    const wrong = [{ setWeight: 30 }, ...steps.slice(1)];
    await pushStated(branch, {
      cart: { strategy: 'canary', steps: wrong },
      stock: { strategy: 'blueGreen' },
    });
    await people.presses('ben', 'prod', 'Approve');
    const board = await people.board('prod', name, /somebody pushed to its branch/);
    const told = await people.pressesCopy('pia', board, {
      button: 'Take over the change',
      words: /rollout-agrees/,
    });
    expect(told).toMatch(/differs at step 1: .*30.*and Git has .*25/);
    expect(told).toMatch(/is blueGreen, and the cluster has canary/);

    await pushStated(branch, { cart: { strategy: 'canary', steps }, stock: { strategy: 'canary', steps } });
    await people.pressesCopy('pia', board, { button: 'Take over the change', words: /pushed .* again/ });
    const head = (await journey.world.gitops.head(branch)) ?? 'nothing';
    await people.board('prod', name, new RegExp(head.slice(0, 8)));
    await people.presses('pia', 'prod', 'Take over the change');
    await people.board('prod', name, /wants \d approval/);
    await people.presses('ben', 'prod', 'Reject');
    await people.board('prod', name, /rejected/);
  });
});

describe('a controller that overlooks what Argo CD applied', { timeout: TEST_MS }, () => {
  it('is made to look again by the environment’s policy, and the release goes on', async () => {
    const { cluster } = journey.world;
    cluster.overlookNextChange('shop-dev', 'web');
    await people.releasesToDev('web@1.8.0');
    const touches = cluster.requests.filter(
      ({ method, code, body }) =>
        method === 'PATCH' && code === 200 && JSON.stringify(body).includes('look-again'),
    );
    expect(touches.map(({ impersonated }) => impersonated?.user)).toEqual(['signalbox:policy:dev']);
  });
});

describe('a service that is scaled to zero', { timeout: TEST_MS }, () => {
  const path = `${appFolder('dev', 'stock')}/rollout.yaml`;

  async function scaleTo(replicas: number): Promise<void> {
    const text = (await journey.world.gitops.read('main', path)) ?? '';
    await journey.world.gitops.push({
      branch: 'main',
      files: { [path]: text.replace(/^ {2}replicas: \d+$/m, `  replicas: ${replicas}`) },
    });
  }

  it('is released when a person says so, and taken back without anybody', async () => {
    await scaleTo(0);
    const name = await people.cuts('dev', 'dev', 'stock@1.9.0');
    await people.board('dev', name, /Waits for a person: stock is scaled to zero: nothing to prove/);
    await people.presses('dev', 'dev', 'Let stock go on');
    await people.board('dev', name, /released · 0 services proved · 1 scaled to zero: nothing to prove/);

    await people.opens('ana', `/rollback ${name} dev`, /stock/);
    await journey.world.workspace.person('ana').submit();
    await people.reads('dev', /Clean · 1 scaled to zero: nothing to prove, Git and cluster agree/);

    await scaleTo(1);
    expect(await people.releasesToDev('stock@1.10.0')).toBeTruthy();
  });
});
