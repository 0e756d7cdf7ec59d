import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/sandbox/cluster/rollout/objects.ts';
import { type People, peopleOf } from './people.ts';
import { type Journey, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

describe('the cluster says no, or nothing at all', { timeout: TEST_MS }, () => {
  it('a watch that is told 410 reads everything again and misses nothing', async () => {
    const { cluster } = journey.world;
    const before = cluster.requests.length;
    const name = await people.cuts('dev', 'dev', 'web@1.8.0');
    cluster.faults.compact();
    expect(cluster.faults.cutWatches('clean')).toBeGreaterThan(0);
    await people.board('dev', name, /· released ·/);
    const lists = cluster.requests.slice(before).filter(({ verb }) => verb === 'list');
    expect(lists.length).toBeGreaterThan(0);
  });

  it('with the API server away a release waits and says so, and goes on when it is back', async () => {
    const { cluster } = journey.world;
    const name = await people.cuts('dev', 'dev', 'web@1.9.0');
    await cluster.faults.down();
    try {
      await people.board('dev', name, /Waits for the cluster|tried again/);
    } finally {
      await cluster.faults.up();
    }
    await people.board('dev', name, /· released ·/);
  });

  it('a Rollout that is gone is named, and the release ends once it is there again', async () => {
    const { cluster } = journey.world;
    const automated = applicationOfStock();
    const name = await people.cuts('dev', 'dev', 'stock@1.8.0');
    // Argo CD would put it back within a second.
    cluster.apply([{ ...automated, spec: { ...(automated['spec'] as object), syncPolicy: {} } }]);
    cluster.delete('Rollout', 'shop-dev', 'stock');
    await people.board('dev', name, /Waits for stock: there is no Rollout shop\/shop-dev\/stock/);
    cluster.apply([automated]);
    await people.board('dev', name, /· released ·/);
  });

  it('a person whom the API server refuses is told so, and nothing is claimed', async () => {
    const { cluster } = journey.world;
    await people.releasesToDev('web@1.10.0');
    const stop = cluster.faults.add({
      fault: { kind: 'forbid' },
      when: ({ method, namespace }) => method === 'PATCH' && namespace === 'shop-prod',
    });
    const name = await people.cuts('ana', 'prod', 'web@1.10.0');
    await people.presses('ben', 'prod', 'Approve');
    await people.board('prod', name, /HELD[\s\S]*(forbidden|403|refused)/i);
    stop();
    await people.presses('ana', 'prod', 'Go on anyway');
    await people.board('prod', name, /· released ·/);
  });
});

/** As somebody would apply it: without what the server keeps. */
function applicationOfStock(): KubeObject {
  const found = journey.world.cluster.get('Application', 'argocd', 'stock-dev');
  if (found === undefined) throw new Error('stock has no Application in dev');
  const { apiVersion, kind, metadata, spec } = found as KubeObject & { spec: unknown };
  return { apiVersion, kind, metadata: { name: metadata.name, namespace: 'argocd' }, spec } as KubeObject;
}
