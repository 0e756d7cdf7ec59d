import {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import type { SimulatedCluster } from '../../../src/sandbox/cluster/cluster.ts';
import type { KubeObject } from '../../../src/sandbox/cluster/rollout/objects.ts';
import type { Rollout } from '../../../src/sandbox/cluster/rollout/rollout-object.ts';
import { startCluster } from '../../../src/sandbox/cluster/start.ts';
import { rolloutWith, templateOf } from './rollout/stage.ts';

const OF_ROLLOUTS = { group: 'argoproj.io', version: 'v1alpha1', namespace: 'shop', plural: 'rollouts' };
const STEPS = { canary: { steps: [{ setWeight: 25 }, { pause: {} }] } };

function open(): Promise<SimulatedCluster> {
  return startCluster({
    podReadyMs: 20,
    users: [
      { token: 'admin-token', name: 'admin', groups: ['system:masters'] },
      { token: 'bot-token', name: 'signalbox', groups: [] },
    ],
  });
}

function configFor(cluster: SimulatedCluster, token: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig(token));
  return config;
}

function statusOf(cluster: SimulatedCluster): NonNullable<Rollout['status']> {
  return (cluster.get('Rollout', 'shop', 'web') as Rollout | undefined)?.status ?? {};
}

/** Nothing has changed for a while: no turn of the controller is still to come. */
async function atRest(cluster: SimulatedCluster): Promise<void> {
  const everything = () =>
    JSON.stringify(['Rollout', 'ReplicaSet', 'Pod'].map((kind) => cluster.list(kind, 'shop')));
  for (let before = ''; before !== everything(); await new Promise((resolve) => setTimeout(resolve, 500)))
    before = everything();
}

function untilPhase(cluster: SimulatedCluster, phase: string): Promise<true> {
  return cluster.waitFor(phase, () => statusOf(cluster).phase === phase);
}

describe('the simulated cluster with the official client', () => {
  it('lists, reads and patches Rollouts, status apart', async () => {
    await using cluster = await open();
    cluster.apply([rolloutWith({ strategy: STEPS })]);
    await untilPhase(cluster, 'Healthy');
    const rollouts = configFor(cluster, 'admin-token').makeApiClient(CustomObjectsApi);
    const list = await rollouts.listNamespacedCustomObject({ ...OF_ROLLOUTS, limit: 5 });
    expect(list).toMatchObject({ kind: 'RolloutList', items: [{ metadata: { name: 'web' } }] });
    cluster.apply([rolloutWith({ strategy: STEPS, template: templateOf('web:2') })]);
    await untilPhase(cluster, 'Paused');
    const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    await rollouts.patchNamespacedCustomObjectStatus(
      { ...OF_ROLLOUTS, name: 'web', body: { status: { pauseConditions: null } } },
      merge,
    );
    await untilPhase(cluster, 'Healthy');
    const objectAsJsonPatch = rollouts.patchNamespacedCustomObject({
      ...OF_ROLLOUTS,
      name: 'web',
      body: { spec: {} },
    });
    await expect(objectAsJsonPatch).rejects.toMatchObject({ code: 400 });
    const pods = await configFor(cluster, 'admin-token')
      .makeApiClient(CoreV1Api)
      .listNamespacedPod({ namespace: 'shop' });
    expect(pods.items.length).toBe(4);
    const sets = await configFor(cluster, 'admin-token')
      .makeApiClient(AppsV1Api)
      .listNamespacedReplicaSet({ namespace: 'shop' });
    expect(sets.items.map(({ status }) => status?.availableReplicas ?? 0).sort()).toEqual([0, 4]);
  });

  it('is watched', async () => {
    await using cluster = await open();
    cluster.apply([rolloutWith({})]);
    const seen: string[] = [];
    const watch = new Watch(configFor(cluster, 'admin-token'));
    const path = '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts';
    const abort = await watch.watch(
      path,
      {},
      (type: string, object: Rollout) => seen.push(`${type} ${object.status?.phase ?? ''}`),
      () => {},
    );
    await cluster.waitFor('the watch to tell of health', () => seen.includes('MODIFIED Healthy'));
    abort.abort();
  });

  it('knows whom somebody acts for, and refuses the rest in its own words', async () => {
    await using cluster = await open();
    const api = 'rbac.authorization.k8s.io';
    const role = (name: string, rules: unknown[]): KubeObject => ({
      apiVersion: `${api}/v1`,
      kind: 'ClusterRole',
      metadata: { name },
      rules,
    });
    const bound = (name: string, subject: { kind: string; name: string }): KubeObject => ({
      apiVersion: `${api}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: api, kind: 'ClusterRole', name },
      subjects: [{ apiGroup: api, ...subject }],
    });
    cluster.apply([
      rolloutWith({}),
      role('bot', [
        {
          apiGroups: [''],
          resources: ['users', 'groups'],
          resourceNames: ['slack:U1', 'a', 'b'],
          verbs: ['impersonate'],
        },
      ]),
      bound('bot', { kind: 'User', name: 'signalbox' }),
      role('b', [{ apiGroups: ['argoproj.io'], resources: ['rollouts/status'], verbs: ['patch'] }]),
      bound('b', { kind: 'Group', name: 'b' }),
    ]);
    const config = configFor(cluster, 'bot-token');
    const user = config.getCurrentUser();
    config.users = [{ ...user, name: 'sandbox', impersonateUser: 'slack:U1' }];
    const asPerson = config.makeApiClient(CustomObjectsApi);
    const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    const abort = asPerson.patchNamespacedCustomObjectStatus(
      { ...OF_ROLLOUTS, name: 'web', body: { status: { abort: true } } },
      merge,
    );
    await expect(abort).rejects.toMatchObject({
      code: 403,
      body: expect.stringContaining('User \\"slack:U1\\" cannot patch resource \\"rollouts/status\\"'),
    });
    const review = await config.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { verb: 'patch', group: 'argoproj.io', resource: 'rollouts' } } },
    });
    expect(review.status?.allowed).toBe(false);
    expect(cluster.requests.at(-1)).toMatchObject({ user: 'signalbox', impersonated: { user: 'slack:U1' } });
  });
});

describe('the simulated cluster', () => {
  it('reports the platform’s digest for an index it has been told of', async () => {
    await using cluster = await open();
    const [index, platform] = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
    cluster.reportPlatform(index, platform);
    cluster.apply([rolloutWith({ replicas: 1, template: templateOf(`registry.test/web@${index}`) })]);
    await untilPhase(cluster, 'Healthy');
    const [pod] = cluster.list('Pod', 'shop');
    expect(pod).toMatchObject({
      status: { containerStatuses: [{ imageID: `registry.test/web@${platform}` }] },
    });
  });

  it('can be told how single pods fare', async () => {
    await using cluster = await startCluster({
      podReadyMs: 5,
      podFate: (pod) => (pod.spec.containers[0]?.image === 'web:2' ? { fate: 'crash' } : undefined),
    });
    cluster.apply([rolloutWith({ strategy: STEPS })]);
    await untilPhase(cluster, 'Healthy');
    cluster.apply([rolloutWith({ strategy: STEPS, template: templateOf('web:2') })]);
    const crashing = await cluster.waitFor('a pod to crash', () =>
      cluster.list('Pod', 'shop').find((pod) => JSON.stringify(pod).includes('CrashLoopBackOff')),
    );
    expect(crashing).toMatchObject({ status: { containerStatuses: [{ ready: false, restartCount: 1 }] } });
    expect(statusOf(cluster).currentStepIndex).toBe(0);
  });

  it('can miss a change as the real controller does, until something else happens', async () => {
    await using cluster = await open();
    cluster.apply([rolloutWith({ strategy: STEPS })]);
    await untilPhase(cluster, 'Healthy');
    cluster.apply([rolloutWith({ strategy: STEPS, template: templateOf('web:2') })]);
    await untilPhase(cluster, 'Paused');
    const rollouts = configFor(cluster, 'admin-token').makeApiClient(CustomObjectsApi);
    const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    const target = { ...OF_ROLLOUTS, name: 'web' };
    await atRest(cluster);
    cluster.overlookNextChange('shop', 'web');
    await rollouts.patchNamespacedCustomObjectStatus({ ...target, body: { status: { abort: true } } }, merge);
    await rollouts.listNamespacedCustomObject(OF_ROLLOUTS);
    expect(statusOf(cluster)).toMatchObject({ abort: true, phase: 'Paused' });
    await rollouts.patchNamespacedCustomObject(
      { ...target, body: { metadata: { annotations: { touched: 'now' } } } },
      merge,
    );
    await untilPhase(cluster, 'Degraded');
  });

  it('refuses what it does not have, by name', async () => {
    await using cluster = await open();
    expect(() => cluster.apply([{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'x' } }])).toThrow(
      'this cluster has no Job in batch/v1',
    );
    expect(() =>
      cluster.apply([{ ...rolloutWith({}), metadata: { name: 'A_B', namespace: 'shop' } }]),
    ).toThrow('a lowercase RFC 1123 subdomain');
    await expect(cluster.waitFor('nothing', () => undefined, 20)).rejects.toThrow('waited 20 ms for nothing');
  });

  it('leaves nothing running when it cannot start', async () => {
    await using other = await startCluster();
    const first = await startCluster();
    const port = Number(new URL(first.url).port);
    await first[Symbol.asyncDispose]();
    const metricsPort = Number(new URL(other.metricsUrl).port);
    await expect(startCluster({ port, metricsPort })).rejects.toThrow('EADDRINUSE');
    await using again = await startCluster({ port });
    expect(new URL(again.url).port).toBe(String(port));
  });
});
