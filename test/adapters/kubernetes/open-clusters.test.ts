import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Clusters,
  type ClustersOptions,
  openClusters,
} from '../../../src/adapters/kubernetes/open-clusters.ts';
import { REFLECTOR_TIMING } from '../../../src/adapters/kubernetes/reflector-timing.ts';
import { type Placement, placementId } from '../../../src/domain/catalog/placement.ts';
import { type ApiBench, BOT_TOKEN, cart, replicaSetOf, startApiBench } from './api-bench.ts';
import { until } from './until.ts';

const CART: Placement = { cluster: 'east', namespace: 'shop', rollout: 'cart' };
const WITH_APP: Placement = { ...CART, argocd: { namespace: 'shop', application: 'cart' } };
const QUICK = {
  ...REFLECTOR_TIMING,
  backoff: { baseMs: 20, maxMs: 100, healthyMs: 500 },
  shortestWatchMs: 30,
  refusedMs: 200,
};

interface World extends ApiBench {
  clusters: Clusters;
  /** Milliseconds by which our clock is ahead. */
  later: { ms: number };
}

async function world(
  over: Partial<ClustersOptions> & { before?: (bench: ApiBench) => void } = {},
): Promise<World> {
  const bench = await startApiBench();
  bench.put(cart());
  over.before?.(bench);
  const later = { ms: 0 };
  const clusters = openClusters({
    clusters: {
      east: { access: { kind: 'inline', server: bench.server.url, token: BOT_TOKEN, insecure: true } },
    },
    placements: [CART],
    clock: { now: () => Date.now() + later.ms },
    random: () => 0.5,
    log: pino({ level: 'silent' }),
    timing: QUICK,
    ...over,
  });
  onTestFinished(() => clusters[Symbol.asyncDispose]());
  return { ...bench, clusters, later };
}

const seen = ({ clusters }: World, placement = CART) => clusters.observe(placement).kind === 'seen';
/** Requests for a list or watch of a kind. */
const asked = ({ server }: ApiBench, plural: string, watch: boolean) =>
  server.requests.filter(
    ({ method, query, plural: kind }) =>
      method === 'GET' && kind === plural && query.includes('watch=true') === watch,
  );
const forbid = ({ server }: ApiBench, plural: string) =>
  server.faults.add({ fault: { kind: 'forbid' }, when: ({ plural: kind }) => kind === plural });

describe('observations', () => {
  it('are unknown until everything essential is listed, and say what is missing', async () => {
    const all = await world({ before: (bench) => forbid(bench, 'pods') });
    await until('the refusal is known', () => {
      const observed = all.clusters.observe(CART);
      return (
        observed.kind === 'unknown' && /pods in shop are not known yet: .*forbidden/.test(observed.reason)
      );
    });
    all.server.faults.clear();
    await until('the Rollout is seen', () => seen(all));
    expect(all.clusters.observe({ ...CART, rollout: 'nobody' })).toEqual({ kind: 'missing' });
  });

  it('are not hidden by AnalysisRuns or Applications that cannot be seen', async () => {
    const all = await world({
      placements: [WITH_APP],
      before: (bench) => {
        forbid(bench, 'analysisruns');
        forbid(bench, 'applications');
      },
    });
    await until('the Rollout is seen', () => seen(all, WITH_APP));
    expect(all.clusters.observe(WITH_APP)).toMatchObject({
      rollout: {
        application: { sync: 'Unknown', health: 'Unknown', message: expect.stringContaining('applications') },
      },
    });
    expect(await all.clusters.look(WITH_APP)).toMatchObject({
      rollout: { application: { health: 'Unknown' } },
    });
    const troubled = all.clusters.health()['east']?.filter(({ trouble }) => trouble !== undefined);
    expect(troubled?.map(({ name }) => name)).toEqual(['analysisruns in shop', 'applications in shop']);
  });

  it('are unknown once nothing was heard for a minute', async () => {
    const all = await world();
    await until('the Rollout is seen', () => seen(all));
    all.later.ms = 61_000;
    expect(all.clusters.observe(CART)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringMatching(/^nothing was heard of the rollouts in shop for 6\d s$/),
    });
  });

  it('are unknown, not missing, for a Rollout that cannot be read', async () => {
    const all = await world({
      before: (bench) =>
        bench.put({ ...cart(), metadata: { name: 'odd', namespace: 'shop' }, status: { phase: 'Splendid' } }),
    });
    await until('the other one is seen', () => seen(all));
    const odd = { ...CART, rollout: 'odd' };
    const unreadable = { kind: 'unknown', reason: expect.stringContaining('status.phase') };
    expect(all.clusters.observe(odd)).toMatchObject(unreadable);
    expect(await all.clusters.look(odd)).toMatchObject(unreadable);
  });

  it('follow ReplicaSets that come before and after their Rollout', async () => {
    const all = await world();
    const owner = String(all.stored('Rollout', 'cart')['metadata']?.['uid']);
    await until('the Rollout is seen', () => seen(all));
    all.put(replicaSetOf('old', { image: 'cart:1', revision: 1, owner }));
    await until('the ReplicaSet is seen', () => {
      const observed = all.clusters.observe(CART);
      return observed.kind === 'seen' && observed.rollout.replicaSets.length === 1;
    });
    expect(await all.clusters.look(CART)).toMatchObject({
      rollout: { replicaSets: [{ podHash: 'old', revision: 1 }] },
    });
  });
});

describe('watching', () => {
  it('asks for what belongs to Rollouts only, in the namespaces that are wanted', async () => {
    const all = await world();
    await until('the Rollout is seen', () => seen(all));
    await until('it is watched', () => asked(all, 'pods', true).length === 1);
    const [pods] = asked(all, 'pods', true);
    expect(pods?.namespace).toBe('shop');
    expect(new URLSearchParams(pods?.query).get('labelSelector')).toBe('rollouts-pod-template-hash');
    expect(asked(all, 'applications', false)).toEqual([]);
  });

  it('stops where nothing is wanted any more, forgets what it knew there, and begins anew', async () => {
    const all = await world();
    await until('the Rollout is seen', () => seen(all));
    all.clusters.watch([]);
    expect(all.clusters.observe(CART)).toEqual({ kind: 'unknown', reason: 'namespace shop is not watched' });
    expect(all.clusters.health()).toEqual({ east: [] });
    await until('the server has no watch', () => all.server.faults.cutWatches('clean') === 0);
    all.clusters.watch([CART]);
    await until('the Rollout is seen again', () => seen(all));
  });

  it('needs one watch of each kind where the whole cluster is watched', async () => {
    const access = (url: string) =>
      ({ kind: 'inline', server: url, token: BOT_TOKEN, insecure: true }) as const;
    const bench = await startApiBench();
    bench.put(cart());
    const clusters = openClusters({
      clusters: { east: { access: access(bench.server.url), scope: 'cluster' } },
      placements: [CART, { ...CART, namespace: 'other' }],
      clock: { now: () => Date.now() },
      random: () => 0.5,
      log: pino({ level: 'silent' }),
      timing: QUICK,
    });
    onTestFinished(() => clusters[Symbol.asyncDispose]());
    await until(
      'all four were asked for',
      () => clusters.health()['east']?.length === 4 && asked(bench, 'pods', false).length > 0,
    );
    expect(asked(bench, 'pods', false)[0]?.namespace ?? '').toBe('');
  });

  it('rings once for many changes at once, for wanted placements only, and never after it was closed', async () => {
    const all = await world({
      before: (bench) => bench.put({ ...cart(), metadata: { name: 'orders', namespace: 'shop' } }),
    });
    await until('the Rollout is seen', () => seen(all));
    const rung: string[] = [];
    all.clusters.onChange(() => {
      throw new Error('a defect of another listener');
    });
    all.clusters.onChange((name) => rung.push(name));
    const owner = String(all.stored('Rollout', 'cart')['metadata']?.['uid']);
    for (const podHash of ['a', 'b', 'c'])
      all.put(replicaSetOf(podHash, { image: 'cart:1', revision: 1, owner }));
    await until('it rang', () => rung.length > 0);
    expect(new Set(rung)).toEqual(new Set([placementId(CART)]));
    expect(rung.length).toBeLessThanOrEqual(3);
    await all.clusters[Symbol.asyncDispose]();
    const before = rung.length;
    all.put(replicaSetOf('d', { image: 'cart:1', revision: 1, owner }));
    await until('the server has no watch', () => all.server.faults.cutWatches('clean') === 0);
    expect(rung).toHaveLength(before);
  });

  it('is not rung by Rollouts that nobody wants, nor by a namespace that stays unknown', async () => {
    const all = await world();
    await until('the Rollout is seen', () => seen(all));
    await until(
      'nothing rings any more',
      () => all.clusters.health()['east']?.every(({ listed }) => listed) === true,
    );
    const rung = new Set<string>();
    const stop = all.clusters.onChange((name) => rung.add(name));
    const other = { ...CART, namespace: 'default', rollout: 'orders' };
    all.clusters.watch([CART, other]);
    // Without rights there it stays unknown; every try to list would ring for nothing.
    all.put({ ...cart(), metadata: { name: 'cart-2', namespace: 'shop' } });
    await until('what is new is seen', () => seen(all, { ...CART, rollout: 'cart-2' }));
    stop();
    expect([...rung]).toEqual([]);
  });

  it('outlives a server that goes away and comes back, and says so meanwhile', async () => {
    const all = await world();
    await until('the Rollout is seen', () => seen(all));
    await all.server.faults.down();
    await until(
      'it says so',
      () => all.clusters.health()['east']?.every(({ trouble }) => trouble !== undefined) === true,
    );
    expect(await all.clusters.look(CART)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    await all.server.faults.up();
    all.put({ ...cart(), metadata: { name: 'later', namespace: 'shop' } });
    await until('what is new is seen', () => seen(all, { ...CART, rollout: 'later' }));
    await until(
      'nothing is wrong any more',
      () => all.clusters.health()['east']?.every(({ trouble }) => trouble === undefined) === true,
    );
  });
});

describe('opening', () => {
  it('names every cluster that cannot work', () => {
    const options: ClustersOptions = {
      clusters: {
        east: { access: { kind: 'inline', server: 'http://10.0.0.1', token: 't' } },
        west: { access: { kind: 'kubeconfig', path: '/nowhere/config' } },
      },
      placements: [],
      clock: { now: () => 0 },
      random: () => 0,
      log: pino({ level: 'silent' }),
    };
    expect(() => openClusters(options)).toThrow(/cluster east: .*; cluster west: /);
  });
});

describe('asking for rights', () => {
  const patch = {
    cluster: 'east',
    namespace: 'shop',
    verb: 'patch',
    group: 'argoproj.io',
    resource: 'rollouts',
  };

  it('answers for each actor, also when the bot may not even act for them', async () => {
    const all = await world();
    const ask = (user: `slack:T1:${string}`, namespace = 'shop') =>
      all.clusters.selfSubjectAccess(
        { kind: 'person', id: user, via: 'slack' },
        { ...patch, namespace, subresource: 'status' },
      );
    expect(await ask('slack:T1:U1')).toMatchObject({ allowed: true });
    expect(await ask('slack:T1:U1', 'kube-system')).toMatchObject({ allowed: false });
    expect(await ask('slack:T1:U9')).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('impersonate'),
    });
    const recovery = { kind: 'recovery', id: 'signalbox:recovery' } as const;
    expect(await all.clusters.selfSubjectAccess(recovery, patch)).toMatchObject({ allowed: true });
    const itself = { kind: 'system', id: 'signalbox' } as const;
    expect(await all.clusters.selfSubjectAccess(itself, patch)).toMatchObject({ allowed: false });
    expect(await all.clusters.selfSubjectAccess(itself, { ...patch, verb: 'watch' })).toMatchObject({
      allowed: true,
    });
  });
});
