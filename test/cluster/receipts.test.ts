import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clusters } from '../../src/adapters/kubernetes/open-clusters.ts';
import { type Actor, policyOf } from '../../src/domain/actor.ts';
import type { Placement } from '../../src/domain/catalog/placement.ts';
import { RECOVERY } from '../../src/domain/rbac/identities.ts';
import type { RolloutView } from '../../src/domain/rollout/rollout-view.ts';
import type { ClusterDone, ClusterEffect } from '../../src/ports/cluster.ts';
import { atRest } from './at-rest.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { BOT, CLUSTER, type InstalledProduct, installProduct } from './product-in-cluster.ts';
import { rolloutObject } from './rollout-fixture.ts';
import { spelled, type Told, writesInLog, writesInReceipt } from './told-writes.ts';
import { waitUntil } from './wait-until.ts';

const ANA: Actor = { kind: 'person', id: 'slack:T0ACME00001:U0ANA00001', via: 'slack' };
const BEN: Actor = { kind: 'person', id: 'slack:T0ACME00001:U0BEN00001', via: 'slack' };
const NEW: Actor = { kind: 'person', id: 'slack:T0ACME00001:U0NEW00001', via: 'slack' };
const BREAK_GLASS: Actor = { kind: 'recovery', id: RECOVERY };
const NAMESPACE = 'prod';
const DIGESTS = ['1', '2', '3'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string, string];
const STEPS = [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }];

let plane: ControlPlane;
let product: InstalledProduct;
let clusters: Clusters;

beforeAll(async () => {
  plane = await startControlPlane({ podReadyMs: 50 });
  product = await installProduct(plane);
  clusters = product.open(['one', 'two'].map(placement));
});

afterAll(async () => {
  await clusters?.[Symbol.asyncDispose]();
  await product?.client[Symbol.asyncDispose]();
  await plane?.stop();
});

function placement(rollout: string): Placement {
  return { cluster: CLUSTER, namespace: NAMESPACE, rollout };
}

async function deploy(name: string, digest: string): Promise<void> {
  await atRest(plane, { namespace: NAMESPACE, name });
  const image = `registry.test/app@${digest}`;
  return plane.apply({
    ...rolloutObject({ name, replicas: 4, image, steps: STEPS }),
    metadata: { name, namespace: NAMESPACE },
  });
}

function until(name: string, holds: (rollout: RolloutView) => boolean): Promise<RolloutView> {
  const what = () => `${name}: ${JSON.stringify(clusters.observe(placement(name)))}`;
  return waitUntil(
    () => {
      const seen = clusters.observe(placement(name));
      return seen.kind === 'seen' && seen.rollout.observed && holds(seen.rollout) && seen.rollout;
    },
    { what, deadlineMs: 60_000 },
  );
}

/** A Rollout whose present spec its controller has not seen. */
function unheardOf(name: string): RolloutView | undefined {
  const seen = clusters.observe(placement(name));
  return seen.kind === 'seen' && !seen.rollout.observed ? seen.rollout : undefined;
}

/** Where even the impersonation was refused, the log knows only who asked for it. */
function asLogged(write: Told): Told {
  if (write.user !== NEW.id) return write;
  return { ...write, user: BOT, groups: ['system:serviceaccounts', 'system:serviceaccounts:signalbox'] };
}

const logged = async () => writesInLog(await plane.auditEvents(), { bot: BOT, cluster: CLUSTER });

const where = (rollout: string) => ({ cluster: CLUSTER, namespace: NAMESPACE, rollout });

function abort(rollout: string, { currentPodHash: podHash }: RolloutView): ClusterEffect {
  return { kind: 'rollout.abort', ...where(rollout), podHash };
}

function resume(rollout: string, view: RolloutView): ClusterEffect {
  const { currentPodHash: podHash, generation, stepIndex = 0, pauses } = view;
  const pauseStart = pauses[0]?.startTime ?? '';
  return { kind: 'rollout.resume', ...where(rollout), podHash, generation, stepIndex, pauseStart };
}

describe('the audit log of the API server', () => {
  it('tells of the same writes as the receipts, and of no other', async () => {
    const told: Told[] = [];
    const perform = async (effect: ClusterEffect, actor: Actor): Promise<ClusterDone['kind']> => {
      const done = await clusters.perform(effect, actor);
      if ('receipt' in done) told.push(...writesInReceipt(done.receipt));
      return done.kind;
    };
    const isPaused = ({ phase, pauses }: RolloutView): boolean => phase === 'Paused' && pauses.length === 1;
    const pausedAt = async (rollout: string, digest: string): Promise<RolloutView> => {
      await deploy(rollout, digest);
      return until(rollout, (view) => isPaused(view) && view.images['app']?.endsWith(digest) === true);
    };
    for (const rollout of ['one', 'two']) {
      await deploy(rollout, DIGESTS[0]);
      await until(rollout, ({ phase }) => phase === 'Healthy');
    }

    // A canary that is held, goes on by one click and is taken back by somebody else; a second abort finds it done.
    let view = await pausedAt('one', DIGESTS[1]);
    const hold = { kind: 'rollout.pause', ...where('one'), podHash: view.currentPodHash } as const;
    expect(await perform(hold, ANA)).toBe('done');
    view = await until('one', ({ pausedBySpec }) => pausedBySpec);
    expect(await perform(resume('one', view), BEN)).toBe('done');
    view = await until('one', (now) => isPaused(now) && now.stepIndex === 3);
    expect(await perform(abort('one', view), policyOf('prod'))).toBe('done');
    view = await until('one', ({ phase, weight }) => phase === 'Degraded' && weight === 0);
    expect(await perform(abort('one', view), ANA)).toBe('found');
    const again = { kind: 'rollout.retry', ...where('one'), podHash: view.currentPodHash } as const;
    expect(await perform(again, ANA)).toBe('done');
    view = await until('one', isPaused);
    const full = { ...where('one'), podHash: view.currentPodHash, generation: view.generation };
    expect(await perform({ kind: 'rollout.promoteFull', ...full }, ANA)).toBe('done');
    view = await until('one', ({ phase }) => phase === 'Healthy');

    // A change that its controller has not taken up: the touch is another write, and the API server says when it was.
    const touch = (of: RolloutView) =>
      ({ kind: 'rollout.wake', ...where('one'), generation: of.generation }) as const;
    expect(await perform(touch(view), policyOf('prod'))).toBe('found');
    plane.process('rollouts-controller').freeze();
    await deploy('one', DIGESTS[2]);
    const unheard = await waitUntil(() => unheardOf('one'), { what: 'a change that nobody heard of' });
    expect(await perform(touch(unheard), policyOf('prod'))).toBe('done');
    plane.process('rollouts-controller').thaw();
    await until('one', (now) => isPaused(now) && now.images['app']?.endsWith(DIGESTS[2]) === true);
    expect(Math.abs((unheard.writtenAt ?? 0) - Date.now())).toBeLessThan(60_000);

    // Somebody whom the API server does not know, and recovery in their place.
    view = await pausedAt('two', DIGESTS[1]);
    expect(await perform(abort('two', view), NEW)).toBe('forbidden');
    expect(await perform(abort('two', view), BREAK_GLASS)).toBe('done');
    await until('two', ({ phase, weight }) => phase === 'Degraded' && weight === 0);
    await pausedAt('two', DIGESTS[2]);
    const undo: ClusterEffect = { kind: 'rollout.undo', ...where('two'), images: { app: [DIGESTS[0]] } };
    expect(await perform(undo, ANA)).toBe('done');
    await until('two', ({ phase }) => phase === 'Healthy');
    expect(await perform(undo, ANA)).toBe('found');

    await clusters.selfSubjectAccess(ANA, {
      cluster: CLUSTER,
      namespace: NAMESPACE,
      verb: 'patch',
      group: 'argoproj.io',
      resource: 'rollouts',
    });
    expect(told.length).toBeGreaterThan(8);
    // The last line of the log is written after its answer was sent.
    await waitUntil(async () => (await logged()).length >= told.length, {
      what: () => `${told.length} writes in the audit log`,
    });
    expect(spelled(await logged())).toEqual(spelled(told.map(asLogged)));
  });
});
