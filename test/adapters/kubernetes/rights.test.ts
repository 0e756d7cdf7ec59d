import { describe, expect, it } from 'vitest';
import { performEffect } from '../../../src/adapters/kubernetes/perform-effect.ts';
import { type Actor, policyOf } from '../../../src/domain/actor.ts';
import { Effect } from '../../../src/domain/effect.ts';
import type { ClusterEffect } from '../../../src/ports/cluster.ts';
import { type ApiBench, cart, replicaSetOf, startApiBench } from './api-bench.ts';

const IDENTITIES = {
  person: { kind: 'person', id: 'slack:T1:U1', via: 'slack' },
  stranger: { kind: 'person', id: 'slack:T1:U9', via: 'slack' },
  policy: policyOf('prod'),
  'policy of another environment': policyOf('dev'),
  recovery: { kind: 'recovery', id: 'signalbox:recovery' },
} as const satisfies Record<string, Actor>;

const where = { cluster: 'east', namespace: 'shop', rollout: 'cart' };
const old = `sha256:${'a'.repeat(64)}`;
const aborted = { status: { abort: true, pauseConditions: null, controllerPause: false } };

/** Each effect on a cluster, and the Rollout on which it has something to write. */
const EFFECTS: { [K in ClusterEffect['kind']]: [ClusterEffect, Parameters<typeof cart>[0]] } = {
  'argocd.refresh': [{ kind: 'argocd.refresh', cluster: 'east', namespace: 'shop', application: 'cart' }, {}],
  'rollout.abort': [{ kind: 'rollout.abort', ...where, podHash: 'new' }, {}],
  'rollout.resume': [
    {
      kind: 'rollout.resume',
      ...where,
      podHash: 'new',
      generation: 1,
      stepIndex: 1,
      pauseStart: '2026-01-01T10:00:00Z',
    },
    {},
  ],
  'rollout.promoteFull': [{ kind: 'rollout.promoteFull', ...where, podHash: 'new', generation: 1 }, {}],
  'rollout.pause': [{ kind: 'rollout.pause', ...where, podHash: 'new' }, {}],
  'rollout.retry': [{ kind: 'rollout.retry', ...where, podHash: 'new' }, aborted],
  'rollout.wake': [
    { kind: 'rollout.wake', ...where, generation: 1 },
    { status: { observedGeneration: '0' } },
  ],
  'rollout.undo': [{ kind: 'rollout.undo', ...where, images: { cart: [old] } }, {}],
};

/** Who may do what: the product acts as these identities, and the rights that `signalbox rbac` prints let them. */
const MAY: Record<keyof typeof IDENTITIES, readonly ClusterEffect['kind'][]> = {
  person: [
    'argocd.refresh',
    'rollout.abort',
    'rollout.resume',
    'rollout.promoteFull',
    'rollout.pause',
    'rollout.retry',
    'rollout.wake',
    'rollout.undo',
  ],
  stranger: [],
  policy: [
    'argocd.refresh',
    'rollout.abort',
    'rollout.resume',
    'rollout.promoteFull',
    'rollout.pause',
    'rollout.retry',
    'rollout.wake',
    'rollout.undo',
  ],
  // Applications of all environments lie in one namespace, where RBAC does not tell them apart; a refresh changes nothing.
  'policy of another environment': ['argocd.refresh'],
  recovery: ['rollout.abort', 'rollout.promoteFull', 'rollout.undo'],
};

const KINDS = Object.keys(EFFECTS) as ClusterEffect['kind'][];
const WHO = Object.keys(IDENTITIES) as (keyof typeof IDENTITIES)[];

async function bench(over: Parameters<typeof cart>[0]): Promise<ApiBench> {
  const started = await startApiBench();
  started.put(cart(over), {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { project: 'default' },
  });
  const owner = String(started.stored('Rollout', 'cart')['metadata']?.['uid']);
  started.put(replicaSetOf('old', { image: `cart@${old}`, revision: 1, owner }));
  return started;
}

describe('the rights that are printed', () => {
  it('are asked about for every effect on a cluster', () => {
    const all = Effect.options.map(({ shape }) => shape.kind.value);
    expect(KINDS.toSorted()).toEqual(all.filter((kind) => /^(rollout|argocd)\./.test(kind)).toSorted());
  });

  it.each(WHO.flatMap((who) => KINDS.map((kind) => ({ who, kind, may: MAY[who].includes(kind) }))))(
    '$who does $kind: $may',
    async ({ who, kind, may }) => {
      const [effect, over] = EFFECTS[kind];
      const { client, server } = await bench(over);
      const done = await performEffect(
        { cluster: 'east', client, clock: { now: () => 0 } },
        { effect, actor: IDENTITIES[who] },
      );
      expect(done.kind).toBe(may ? 'done' : 'forbidden');
      const written = server.requests.filter(({ method, code }) => method === 'PATCH' && code === 200);
      expect(written.length > 0).toBe(may);
    },
  );
});
