import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseDocument } from 'yaml';
import { appFolder, applicationOf } from '../../src/sandbox/shop/gitops-files.ts';
import { type People, peopleOf } from './people.ts';
import { type Journey, PATIENCE_MS, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney(undefined, {
    configure: (text) => `mode: observe\n${text}`,
  });
  people = peopleOf(journey.world);
  await everythingRests(journey);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

/** Waits until everything was looked at once: what is done before that is seen, and its commits are not named. */
async function everythingRests({ world, store }: Journey): Promise<void> {
  const wanted = world.shop.environments.length * world.shop.services.length;
  const resting = () => store.run('look for services at rest', (redis) => redis.keys('*rested:*'));
  await vi.waitUntil(async () => (await resting()).length === wanted, { timeout: PATIENCE_MS });
}

/** What anybody but the people of this test has written: requests to push, and writes to the cluster. */
function writes({ world }: Journey): { pushes: string[]; cluster: string[] } {
  return {
    pushes: world.git.requests.map(({ path }) => path).filter((path) => path.includes('git-receive-pack')),
    cluster: world.cluster.requests
      .filter(({ method, path }) => method !== 'GET' && !path.includes('selfsubjectaccessreviews'))
      .map(({ method, path }) => `${method} ${path}`),
  };
}

/** Somebody else's commit that makes a service run another version, and their click on Refresh in Argo CD. */
async function commitsByHand(environment: 'dev' | 'prod', version: string): Promise<void> {
  const { cluster, gitops, digests, shop } = journey.world;
  const file = `${appFolder(environment, 'web')}/values.yaml`;
  const values = parseDocument((await gitops.read('main', file)) ?? '');
  values.setIn(['image', 'digest'], digests['web']?.[version]);
  await gitops.push({ branch: 'main', files: { [file]: `${values}` }, message: `web ${version}, by hand` });
  const name = applicationOf(environment, 'web');
  const application = cluster.get('Application', 'argocd', name);
  if (application === undefined) throw new Error(`${shop.train} has no Application ${name}`);
  const annotations = { 'argocd.argoproj.io/refresh': 'normal' };
  cluster.apply([{ ...application, metadata: { ...application.metadata, annotations } }]);
}

describe('an installation that only observes', { timeout: TEST_MS }, () => {
  it('refuses what would write, with the reason and what to change, and shows the plan all the same', async () => {
    const told = await people.types('dev', '/release cut dev web@1.8.0', /dev is only observed/);
    expect(told).toMatch(
      /nothing is written there[\s\S]*mode: observe out of signalbox.yaml[\s\S]*observe-only/,
    );
    await people.types('dev', '/release plan dev web@1.8.0', /→ \*1\.8\.0\*[\s\S]*dev is only observed/);
    await people.types('dev', '/release status', /dev\*? .*observe only/);
  });

  it('sees what others release, and takes it up as what runs', async () => {
    await commitsByHand('dev', '1.8.0');
    await people.reads('dev', /seen in dev: web 1\.7\.4 → 1\.8\.0 · serving[\s\S]*web 1\.8\.0, by hand/);
    await people.types('dev', '/release changes web', /seen, not a release of mine: 1\.8\.0/);
    await people.types('dev', '/release where web@1.8.0', /runs in dev/);
    await people.types('dev', '/release diff dev prod', /1\.8\.0/);
  });

  it('judges the gates of their canaries, and says what a release would have done', async () => {
    journey.metrics.tells({ errorRatio: ['0.5'] });
    await commitsByHand('prod', '1.8.0');
    await people.reads('prod', /seen in prod: web 1\.7\.4 → 1\.8\.0 · canary paused at/);
    await people.reads('prod', /error-ratio of web failed[\s\S]*would have been taken back here/);
    await people.types('dev', '/release status', /prod[\s\S]*observe only[\s\S]*web 1\.7\.4 → 1\.8\.0/);
    journey.metrics.tells({});
    await commitsByHand('prod', '1.7.4');
    await people.reads('prod', /seen in prod: web 1\.7\.4 → 1\.8\.0 · taken back/);
  });

  it('has written nothing, by the servers’ own word', () => {
    expect(writes(journey)).toEqual({ pushes: [], cluster: [] });
  });
});
