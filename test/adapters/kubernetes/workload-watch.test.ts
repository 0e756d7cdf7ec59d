import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openClusters } from '../../../src/adapters/kubernetes/open-clusters.ts';
import { REFLECTOR_TIMING } from '../../../src/adapters/kubernetes/reflector-timing.ts';
import type { Placement } from '../../../src/domain/catalog/placement.ts';
import { updateObject } from '../../../src/sandbox/cluster/api/objects.ts';
import { DEPLOYMENTS } from '../../../src/sandbox/cluster/api/resources.ts';
import type { KubeObject } from '../../../src/sandbox/cluster/rollout/objects.ts';
import { type ApiBench, BOT_TOKEN, cart, startApiBench, templateOf } from './api-bench.ts';
import { until } from './until.ts';

const CART: Placement = { cluster: 'east', namespace: 'shop', rollout: 'cart' };
/** Refers to a Deployment. */
const REFERRING: Placement = { ...CART, rollout: 'referring' };

const deployment = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas: 0, selector: { matchLabels: { app: 'cart' } }, template: templateOf(image) },
});

function referring(): object {
  const { spec } = cart({
    spec: { template: undefined, workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
  }) as KubeObject;
  return { ...cart(), metadata: { name: 'referring', namespace: 'shop' }, spec };
}

async function world(...objects: object[]) {
  const bench = await startApiBench();
  bench.put(cart(), ...objects);
  const clusters = openClusters({
    clusters: {
      east: { access: { kind: 'inline', server: bench.server.url, token: BOT_TOKEN, insecure: true } },
    },
    placements: [CART],
    clock: { now: () => Date.now() },
    random: () => 0.5,
    log: pino({ level: 'silent' }),
    timing: {
      ...REFLECTOR_TIMING,
      backoff: { baseMs: 20, maxMs: 100, healthyMs: 500 },
      shortestWatchMs: 30,
      refusedMs: 200,
    },
  });
  onTestFinished(() => clusters[Symbol.asyncDispose]());
  const images = (placement: Placement) => {
    const observed = clusters.observe(placement);
    return observed.kind === 'seen' ? observed.rollout.images : observed;
  };
  return { ...bench, clusters, images };
}

/** Waits until what is seen is as expected. */
function shows(seen: () => unknown, expected: unknown): Promise<void> {
  return vi.waitFor(() => expect(seen()).toEqual(expected), { timeout: 5_000, interval: 5 });
}

/** Puts another image into the Deployment. */
function change({ store, stored }: ApiBench, image: string): void {
  const before = stored('Deployment', 'web') as unknown as KubeObject;
  const next = { ...before, spec: deployment(image).spec };
  const written = updateObject(store, DEPLOYMENTS, { stored: before, next, part: 'main' });
  if (written.kind === 'failure') throw new Error(written.failure.message);
}

describe('a Rollout that refers to a Deployment', () => {
  it('shows what the Deployment holds, and rings when that changes', async () => {
    const all = await world(referring(), deployment('web:1'));
    await shows(() => all.images(REFERRING), { cart: 'web:1' });
    const rung: string[] = [];
    all.clusters.watch([REFERRING]);
    all.clusters.onChange((name) => rung.push(name));
    change(all, 'web:2');
    await shows(() => all.images(REFERRING), { cart: 'web:2' });
    await until('it rang', () => rung.length > 0);
    expect(await all.clusters.look(REFERRING)).toMatchObject({ rollout: { images: { cart: 'web:2' } } });
  });

  it('is unknown while its Deployment may not be seen; others are not', async () => {
    const all = await world(referring(), deployment('web:1'));
    all.server.faults.add({ fault: { kind: 'forbid' }, when: ({ plural }) => plural === 'deployments' });
    all.clusters.watch([]);
    all.clusters.watch([CART]);
    const reason = expect.stringMatching(/deployments in shop are not known yet: .*forbidden/);
    await shows(() => all.images(REFERRING), { kind: 'unknown', reason });
    expect(all.clusters.observe(CART).kind).toBe('seen');
    expect(await all.clusters.look(REFERRING)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('forbidden'),
    });
    all.server.faults.clear();
    await shows(() => all.images(REFERRING), { cart: 'web:1' });
  });

  it('is seen without images of its own when the Deployment is gone', async () => {
    const all = await world(referring());
    await shows(() => all.images(REFERRING), {});
    all.put(deployment('web:1'));
    await shows(() => all.images(REFERRING), { cart: 'web:1' });
  });

  it('is the only reason to watch Deployments', async () => {
    const all = await world(deployment('web:1'));
    const asked = () => all.server.requests.filter(({ plural }) => plural === 'deployments').length;
    await until('the other Rollout is watched', () => all.clusters.observe(CART).kind === 'seen');
    expect(asked()).toBe(0);
    all.put(referring());
    await shows(() => all.images(REFERRING), { cart: 'web:1' });
    expect(asked()).toBeGreaterThan(0);
  });
});
