import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOutsideGit } from './outside-git.ts';
import { type People, peopleOf } from './people.ts';
import { FIRST } from './shop.ts';
import { adopted, type Journey, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

async function digestIn(path: string): Promise<string | undefined> {
  return /sha256:[0-9a-f]{64}/.exec((await journey.world.gitops.read('main', path)) ?? '')?.[0];
}

describe('what was verified comes back', { timeout: TEST_MS }, () => {
  it('a finished release goes back when somebody asks who may: in one commit, without its canary’s steps, proved', async () => {
    const { cluster, workspace, digests, gitops } = journey.world;
    await people.releasesToDev('web@1.8.0');
    const name = await people.cuts('ana', 'prod', 'web@1.8.0');
    await people.presses('ben', 'prod', 'Approve');
    await people.board('prod', name, /· released ·/);
    const before = (await gitops.log('main')).length;
    await people.opens('dev', `/rollback ${name} prod`, /Roll back in prod/);
    await people.told('dev', /You can't roll back prod[\s\S]*Ask release-managers/, () =>
      workspace.person('dev').submit(),
    );
    expect(await gitops.log('main')).toHaveLength(before);
    const plan = await people.opens('cleo', `/rollback ${name} prod`, /Roll back in prod/);
    expect(plan).toMatch(/web`?\s+1\.8\.0 → \*?1\.7\.4/);
    await workspace.person('cleo').submit();
    await people.reads('prod', /Clean ·/);
    expect(await digestIn('clusters/prod/apps/web/values.yaml')).toBe(digests['web']?.[FIRST]);
    const log = await gitops.log('main');
    expect(log).toHaveLength(before + 1);
    expect(log[0]?.message).toMatch(/Release-Intent: rollback/);
    expect(log[0]?.message).toMatch(new RegExp(`Rolls-Back: .*${name}`));
    const promoted = cluster.requests.filter(
      ({ method, code, body, namespace }) =>
        method === 'PATCH' &&
        code === 200 &&
        namespace === 'shop-prod' &&
        JSON.stringify(body).includes('promoteFull'),
    );
    expect(promoted).toHaveLength(1);
  });

  it('of one service that another needs, both go back, and the plan says why', async () => {
    const { workspace, digests } = journey.world;
    await people.releasesToDev('stock@1.9.0 cart@1.9.0');
    const plan = await people.opens('cleo', '/rollback stock dev', /Roll back in dev/);
    expect(plan).toMatch(/stock/);
    expect(plan).toMatch(/cart/);
    await workspace.person('cleo').submit();
    await people.reads('dev', /Clean ·/);
    expect(await digestIn('clusters/dev/apps/stock/kustomization.yaml')).toBe(digests['stock']?.[FIRST]);
  });

  it('of a Rollout that Git does not own, its pod template comes back, as it was before somebody changed it', async () => {
    const { cluster, workspace } = journey.world;
    const till = await startOutsideGit(journey.world, { version: FIRST });
    await adopted(journey.store, 'dev', [till.name]);
    const before = till.image();
    await till.runs('1.8.0');
    const plan = await people.opens('cleo', `/rollback ${till.name} dev`, /Roll back in dev/);
    expect(plan).toMatch(/till`?\s+unknown → /);
    await workspace.person('cleo').submit();
    await people.reads('dev', /Clean ·[\s\S]*till/);
    expect(till.image()).toBe(before);
    const undone = cluster.requests.filter(
      ({ method, code, name, body }) =>
        method === 'PATCH' && code === 200 && name === till.name && JSON.stringify(body).includes(before),
    );
    expect(undone).toHaveLength(1);
    expect(undone[0]?.impersonated?.user).toMatch(/^slack:/);
  });
});
