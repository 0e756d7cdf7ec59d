import { describe, expect, it } from 'vitest';
import type { Placement } from '../../../src/domain/catalog/placement.ts';
import type { RolloutSpec } from '../../../src/sandbox/cluster/rollout/rollout-object.ts';
import { virtualScheduler } from '../../../src/sandbox/cluster/scheduler.ts';
import { clusterContract } from '../../contracts/cluster.ts';
import { createMemoryClusters, type MemoryClusterOptions } from './memory-cluster.ts';

const steps = [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }];

function spec(name: string, digest: string): RolloutSpec {
  return {
    replicas: 4,
    selector: { matchLabels: { app: name } },
    strategy: { canary: { steps } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name, image: `reg/app@${digest}` }] },
    },
  };
}

/** Clusters with a time of their own, moved a little at a time. */
function world(over: Partial<MemoryClusterOptions> = {}) {
  const time = virtualScheduler(Date.parse('2026-01-01T00:00:00Z'));
  const scheduler = {
    now: time.now,
    at: (ms: number, act: () => void) => void time.after(ms - time.now(), act),
  };
  const clusters = createMemoryClusters({ scheduler, clusters: ['east'], ...over });
  return { time, clusters };
}

clusterContract('in memory', async () => {
  const { time, clusters } = world({ watchLagMs: () => 3 });
  clusters.refused.add('slack:T1:U9');
  let count = 0;
  return {
    cluster: clusters.cluster,
    name: 'east',
    rollout: async (digest) => {
      count += 1;
      const placement: Placement = { cluster: 'east', namespace: 'shop', rollout: `app-${count}` };
      clusters.add(placement, spec(placement.rollout, digest));
      return placement;
    },
    deploy: async (placement, digest) =>
      clusters.setImages(placement, { [placement.rollout]: `reg/app@${digest}` }),
    withApplication: async (placement) => {
      const argocd = { namespace: 'argocd', application: placement.rollout };
      clusters.setApplication(`east/argocd/${placement.rollout}`, {
        sync: 'OutOfSync',
        health: 'Healthy',
        revision: '',
      });
      return { ...placement, argocd };
    },
    until: async (what, holds) => {
      for (let i = 0; i < 10_000; i += 1) {
        if (holds()) return;
        time.advance(50);
      }
      throw new Error(`never: ${what}`);
    },
    person: { kind: 'person', id: 'slack:T1:U1', via: 'slack' },
    stranger: { kind: 'person', id: 'slack:T1:U9', via: 'slack' },
    goAway: async () => {
      const back = clusters.goAway('east');
      return async () => back();
    },
    close: async () => undefined,
  };
});

describe('clusters in memory', () => {
  const placement: Placement = { cluster: 'east', namespace: 'shop', rollout: 'cart' };
  const V1 = `sha256:${'1'.repeat(64)}`;
  const V2 = `sha256:${'2'.repeat(64)}`;
  const PERSON = { kind: 'person', id: 'slack:T1:U1', via: 'slack' } as const;

  /** A canary at its first pause. */
  function paused(over: Partial<MemoryClusterOptions> = {}) {
    const all = world(over);
    all.clusters.add(placement, spec('cart', V1));
    all.time.advance(10_000);
    all.clusters.setImages(placement, { cart: `reg/app@${V2}` });
    all.time.advance(10_000);
    const observed = all.clusters.cluster.observe(placement);
    if (observed.kind !== 'seen' || observed.rollout.phase !== 'Paused')
      throw new Error(JSON.stringify(observed));
    const { currentPodHash: podHash } = observed.rollout;
    return {
      ...all,
      cluster: all.clusters.cluster,
      abort: { kind: 'rollout.abort', ...placement, podHash } as const,
    };
  }

  it('lose the answer to a write that was done, or do not do it at all', async () => {
    const { clusters, cluster, abort } = paused();
    clusters.failNextWrite('away');
    await expect(cluster.perform(abort, PERSON)).rejects.toMatchObject({ ambiguous: false });
    expect(clusters.find(placement)?.rollout().status?.abort).toBeUndefined();
    clusters.failNextWrite('answerLost');
    await expect(cluster.perform(abort, PERSON)).rejects.toMatchObject({ ambiguous: true });
    expect((await cluster.perform(abort, PERSON)).kind).toBe('found');
  });

  it('say nothing of what was heard more than a minute ago, and everything once they are back', async () => {
    const { clusters, cluster, time } = paused();
    const back = clusters.goAway('east');
    time.advance(60_000);
    expect(cluster.observe(placement)).toMatchObject({ kind: 'seen', staleMs: 60_000 });
    time.advance(1_000);
    expect(cluster.observe(placement)).toMatchObject({ kind: 'unknown' });
    clusters.setImages(placement, { cart: `reg/app@${V1}` });
    time.advance(10_000);
    back();
    expect(cluster.observe(placement)).toMatchObject({
      kind: 'seen',
      staleMs: 0,
      rollout: { phase: 'Healthy' },
    });
  });

  it('tell of a change after their lag, and look without it', async () => {
    const { clusters, cluster, time } = paused({ watchLagMs: () => 500 });
    clusters.setImages(placement, { cart: `reg/app@${V1}` });
    expect(cluster.observe(placement)).toMatchObject({ rollout: { observed: true } });
    expect(await cluster.look(placement)).toMatchObject({ rollout: { observed: false } });
    time.advance(500);
    expect(cluster.observe(placement)).toMatchObject({ rollout: { observed: false } });
  });

  it('have pods that never start, and pods that report the digest of their platform', () => {
    const startMs = (images: Readonly<Record<string, string>>) =>
      images['cart']?.endsWith(V2) ? Number.POSITIVE_INFINITY : 1_000;
    const { time, clusters } = world({
      pods: { startMs, platformDigest: (digest) => digest.replaceAll('1', 'a') },
    });
    clusters.add(placement, spec('cart', V1));
    time.advance(10_000);
    const digests = { cart: `sha256:${'a'.repeat(64)}` };
    const seen = () => clusters.cluster.observe(placement);
    expect(seen()).toMatchObject({
      rollout: { phase: 'Healthy', replicaSets: [{ readyPods: [{ digests }, {}, {}, {}] }] },
    });
    clusters.setImages(placement, { cart: `reg/app@${V2}` });
    time.advance(700_000);
    expect(seen()).toMatchObject({ rollout: { phase: 'Degraded', weight: 0 } });
  });

  it('do thousands of things a second', async () => {
    const { cluster, time, abort } = paused();
    const retry = { ...abort, kind: 'rollout.retry' } as const;
    const from = performance.now();
    for (let i = 0; i < 250; i += 1) {
      await cluster.perform(i % 2 === 0 ? abort : retry, PERSON);
      time.advance(10_000);
      for (let look = 0; look < 10; look += 1) cluster.observe(placement);
    }
    // 2,750 acts and a controller at work on each; the bound is wide, for a machine that does other things.
    expect(performance.now() - from).toBeLessThan(3_000);
  });
});
