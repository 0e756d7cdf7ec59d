import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clusters } from '../../src/adapters/kubernetes/open-clusters.ts';
import type { Placement } from '../../src/domain/catalog/placement.ts';
import type { RolloutView } from '../../src/domain/rollout/rollout-view.ts';
import { atRest } from './at-rest.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { CLUSTER, type InstalledProduct, installProduct } from './product-in-cluster.ts';
import { rolloutObject } from './rollout-fixture.ts';
import { waitUntil } from './wait-until.ts';

const NAMESPACE = 'prod';
const ANA = { kind: 'person', id: 'slack:T0ACME00001:U0ANA00001', via: 'slack' } as const;
const V1 = `sha256:${'1'.repeat(64)}`;
const V2 = `sha256:${'2'.repeat(64)}`;
const V3 = `sha256:${'3'.repeat(64)}`;

let plane: ControlPlane;
let product: InstalledProduct;
let clusters: Clusters;

beforeAll(async () => {
  plane = await startControlPlane({ podReadyMs: 50 });
  product = await installProduct(plane);
  clusters = product.open(['bad', 'less', 'marked', 'unmarked'].map(placement));
});

afterAll(async () => {
  await clusters?.[Symbol.asyncDispose]();
  await product?.client[Symbol.asyncDispose]();
  await plane?.stop();
});

function placement(rollout: string): Placement {
  return { cluster: CLUSTER, namespace: NAMESPACE, rollout };
}

type Fixture = ReturnType<typeof rolloutObject> & {
  metadata: { name: string };
  spec: { strategy: { canary: object }; template: { spec: { containers: object[] } } };
};

function canary(name: string, digest: string): Fixture {
  const image = `registry.test/app@${digest}`;
  const object = rolloutObject({ name, replicas: 2, image, steps: [{ setWeight: 50 }, { pause: {} }] });
  return { ...object, metadata: { name, namespace: NAMESPACE } } as unknown as Fixture;
}

/** The version that is asked for, once the controller has seen it and is in this phase. */
function until(name: string, phase: string, digest: string): Promise<RolloutView> {
  return waitUntil(
    () => {
      const seen = clusters.observe(placement(name));
      if (seen.kind !== 'seen' || !seen.rollout.observed) return false;
      return seen.rollout.phase === phase && seen.rollout.images['app']?.endsWith(digest) && seen.rollout;
    },
    {
      what: () => `${name} to be ${phase} on ${digest}: ${JSON.stringify(clusters.observe(placement(name)))}`,
    },
  );
}

/** As somebody's editor does it, when the controller is done with what was before. */
async function apply(object: { metadata: { name: string } }): Promise<void> {
  await atRest(plane, { namespace: NAMESPACE, name: object.metadata.name });
  await plane.apply(object);
}

async function undoByPlugin(name: string): Promise<string> {
  await atRest(plane, { namespace: NAMESPACE, name });
  return plane.argoRollouts('undo', name, '--namespace', NAMESPACE);
}

/** Healthy on the first version, then at the pause of the second, with labels that the controller puts on stable and canary. */
async function marked(name: string): Promise<RolloutView> {
  const labelled = (digest: string): Fixture => {
    const object = canary(name, digest);
    const metadata = {
      stableMetadata: { labels: { role: 'stable' } },
      canaryMetadata: { labels: { role: 'canary' } },
    };
    return {
      ...object,
      spec: { ...object.spec, strategy: { canary: { ...object.spec.strategy.canary, ...metadata } } },
    };
  };
  await apply(labelled(V1));
  await until(name, 'Healthy', V1);
  await apply(labelled(V2));
  return until(name, 'Paused', V2);
}

describe('kubectl argo rollouts undo', () => {
  it('goes to the aborted version, and back from there', async () => {
    await apply(canary('bad', V1));
    await until('bad', 'Healthy', V1);
    await apply(canary('bad', V2));
    await until('bad', 'Paused', V2);
    await atRest(plane, { namespace: NAMESPACE, name: 'bad' });
    await plane.argoRollouts('abort', 'bad', '--namespace', NAMESPACE);
    await until('bad', 'Degraded', V2);
    await apply(canary('bad', V3));
    await until('bad', 'Paused', V3);
    await undoByPlugin('bad');
    await until('bad', 'Paused', V2);
    await undoByPlugin('bad');
    await until('bad', 'Paused', V3);
  });

  it('says that it skipped, and nothing happens, when the bad version only took something away', async () => {
    const withEnv = (env: object[]): Fixture => {
      const object = canary('less', V1);
      const [container] = object.spec.template.spec.containers;
      const template = { ...object.spec.template, spec: { containers: [{ ...container, env }] } };
      return { ...object, spec: { ...object.spec, strategy: { canary: {} }, template } };
    };
    const [a, b] = [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ];
    await apply(withEnv([a, b]));
    const first = await until('less', 'Healthy', V1);
    await apply(withEnv([a]));
    const second = await waitUntil(
      async () => {
        const view = await until('less', 'Healthy', V1);
        return view.stablePodHash !== first.stablePodHash && view;
      },
      { what: 'the version without the second variable' },
    );
    expect(await undoByPlugin('less')).toContain('skipped rollback (current template already matches');
    const after = await clusters.look(placement('less'));
    expect(after).toMatchObject({
      rollout: { generation: second.generation, stablePodHash: second.stablePodHash },
    });
  });

  it('takes labels that the controller put on stable along, which makes a version that never was', async () => {
    const { stablePodHash } = await marked('marked');
    await undoByPlugin('marked');
    const view = await until('marked', 'Paused', V1);
    expect(view.stablePodHash).toBe(stablePodHash);
    expect(view.currentPodHash).not.toBe(stablePodHash);
  });
});

describe('the product’s undo', () => {
  it('leaves those labels out and is back on stable at once', async () => {
    const { stablePodHash } = await marked('unmarked');
    const effect = {
      kind: 'rollout.undo',
      cluster: CLUSTER,
      namespace: NAMESPACE,
      rollout: 'unmarked',
    } as const;
    expect((await clusters.perform({ ...effect, images: { app: [V1] } }, ANA)).kind).toBe('done');
    const view = await until('unmarked', 'Healthy', V1);
    expect([view.currentPodHash, view.stablePodHash]).toEqual([stablePodHash, stablePodHash]);
  });
});
