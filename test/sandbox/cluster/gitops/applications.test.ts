import { describe, expect, it } from 'vitest';
import type { SimulatedCluster } from '../../../../src/sandbox/cluster/cluster.ts';
import type { Application } from '../../../../src/sandbox/cluster/gitops/application-object.ts';
import type { Rollout } from '../../../../src/sandbox/cluster/rollout/rollout-object.ts';
import { startCluster } from '../../../../src/sandbox/cluster/start.ts';
import { MERGE } from '../../../conformance/cluster/client.ts';
import { openRepository } from './repository.ts';

const V1 = `sha256:${'1'.repeat(64)}`;
const V2 = `sha256:${'2'.repeat(64)}`;

const BASE = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web, labels: { app: web } }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: registry.test/web }] }
  strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;

const kustomization = (digest: string): string => `
resources: [../base]
images:
  - { name: registry.test/web, digest: '${digest}' }
`;

function application(repoURL: string, spec: Partial<Application['spec']> = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop-web', namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL, path: 'prod', targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      syncPolicy: { automated: { selfHeal: true, prune: true } },
      ...spec,
    },
  };
}

function statusOf(cluster: SimulatedCluster): NonNullable<Application['status']> {
  return (cluster.get('Application', 'argocd', 'shop-web') as Application | undefined)?.status ?? {};
}

function untilApplication(cluster: SimulatedCluster, sync: string, health: string): Promise<true> {
  return cluster.waitFor(`${sync} and ${health}`, () => {
    const status = statusOf(cluster);
    return status.sync?.status === sync && status.health?.status === health;
  });
}

function imageOf(cluster: SimulatedCluster): string | undefined {
  const rollout = cluster.get('Rollout', 'shop', 'web') as Rollout | undefined;
  return rollout?.spec.template?.spec.containers[0]?.image;
}

async function patch(cluster: SimulatedCluster, path: string, body: unknown): Promise<void> {
  const response = await fetch(cluster.url + path, {
    method: 'PATCH',
    headers: { Authorization: 'Bearer admin-token', 'Content-Type': MERGE },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

const APPLICATION = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop-web';
const ROLLOUT = '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/web';

function refresh(cluster: SimulatedCluster): Promise<void> {
  const annotations = { 'argocd.argoproj.io/refresh': 'normal' };
  return patch(cluster, APPLICATION, { metadata: { annotations } });
}

function open(): Promise<SimulatedCluster> {
  return startCluster({
    podReadyMs: 20,
    gitops: { selfHealMs: 200 },
    users: [{ token: 'admin-token', name: 'admin', groups: ['system:masters'] }],
  });
}

describe('the GitOps agent', () => {
  it('applies what Git says, follows a commit when asked, and shows health as Argo CD does', async () => {
    await using repository = await openRepository();
    await using cluster = await open();
    const first = await repository.commit({
      'base/web.yaml': BASE,
      'base/kustomization.yaml': 'resources: [web.yaml]',
      'prod/kustomization.yaml': kustomization(V1),
    });
    cluster.apply([application(repository.url)]);
    await untilApplication(cluster, 'Synced', 'Healthy');
    expect(imageOf(cluster)).toBe(`registry.test/web@${V1}`);
    expect(statusOf(cluster)).toMatchObject({
      sync: { revision: first },
      sourceType: 'Kustomize',
      operationState: { phase: 'Succeeded', message: 'successfully synced (all tasks run)' },
      history: [{ id: 0, revision: first }],
      summary: { images: [`registry.test/web@${V1}`] },
    });
    const second = await repository.commit({ 'prod/kustomization.yaml': kustomization(V2) });
    await refresh(cluster);
    await untilApplication(cluster, 'Synced', 'Suspended');
    expect(statusOf(cluster).sync?.revision).toBe(second);
    expect(imageOf(cluster)).toBe(`registry.test/web@${V2}`);
    const app = cluster.get('Application', 'argocd', 'shop-web');
    expect(app?.metadata.annotations).not.toHaveProperty('argocd.argoproj.io/refresh');
  });

  it('does not look at Git by itself for a long time', async () => {
    await using repository = await openRepository();
    await using cluster = await open();
    await repository.commit({ 'prod/web.yaml': BASE });
    cluster.apply([application(repository.url)]);
    await untilApplication(cluster, 'Synced', 'Healthy');
    const before = statusOf(cluster).sync?.revision;
    await repository.commit({ 'prod/web.yaml': BASE.replace('replicas: 2', 'replicas: 3') });
    await patch(cluster, ROLLOUT, { metadata: { labels: { touched: 'yes' } } });
    await cluster.waitFor(
      'the touch',
      () => cluster.get('Rollout', 'shop', 'web')?.metadata.labels?.['touched'],
    );
    expect(statusOf(cluster).sync?.revision).toBe(before);
  });

  it('takes back a template that Git does not have, and leaves an abort alone', async () => {
    await using repository = await openRepository();
    await using cluster = await open();
    await repository.commit({
      'prod/web.yaml': BASE,
      'prod/kustomization.yaml': `resources: [web.yaml]\nimages: [{ name: registry.test/web, digest: '${V1}' }]`,
    });
    cluster.apply([application(repository.url)]);
    await untilApplication(cluster, 'Synced', 'Healthy');
    await patch(cluster, `${ROLLOUT}/status`, { status: { abort: true } });
    await cluster.waitFor('the abort to be taken back', () => {
      const rollout = cluster.get('Rollout', 'shop', 'web') as Rollout;
      return rollout.status?.abort === undefined;
    });
    expect(statusOf(cluster).sync?.status).toBe('Synced');
    const container = { name: 'web', image: `registry.test/web@${V2}` };
    await patch(cluster, ROLLOUT, { spec: { template: { spec: { containers: [container] } } } });
    expect(imageOf(cluster)).toBe(`registry.test/web@${V2}`);
    await cluster.waitFor('drift to be seen', () => statusOf(cluster).sync?.status === 'OutOfSync');
    await cluster.waitFor('drift to be healed', () => imageOf(cluster) === `registry.test/web@${V1}`);
    await untilApplication(cluster, 'Synced', 'Healthy');
  });

  it('takes an aborted release back by a commit: healthy on the old ReplicaSet', async () => {
    await using repository = await openRepository();
    await using cluster = await open();
    const files = (digest: string) => ({
      'prod/web.yaml': BASE,
      'prod/kustomization.yaml': `resources: [web.yaml]\nimages: [{ name: registry.test/web, digest: '${digest}' }]`,
    });
    await repository.commit(files(V1));
    cluster.apply([application(repository.url)]);
    await untilApplication(cluster, 'Synced', 'Healthy');
    await repository.commit(files(V2));
    await refresh(cluster);
    await untilApplication(cluster, 'Synced', 'Suspended');
    await patch(cluster, `${ROLLOUT}/status`, { status: { abort: true } });
    await untilApplication(cluster, 'Synced', 'Degraded');
    const third = await repository.commit(files(V1));
    await refresh(cluster);
    await untilApplication(cluster, 'Synced', 'Healthy');
    expect(statusOf(cluster).sync?.revision).toBe(third);
    const rollout = cluster.get('Rollout', 'shop', 'web') as Rollout;
    expect(rollout.status?.stableRS).toBe(rollout.status?.currentPodHash);
  });

  it('deletes what Git has no more, and never what controllers made from it', async () => {
    await using repository = await openRepository();
    await using cluster = await open();
    const [rollout = '', service = ''] = BASE.split('---');
    await repository.commit({ 'prod/rollout.yaml': rollout, 'prod/service.yaml': service });
    cluster.apply([application(repository.url)]);
    await untilApplication(cluster, 'Synced', 'Healthy');
    await repository.commit({ 'prod/service.yaml': null });
    await refresh(cluster);
    await cluster.waitFor('the service to go', () => cluster.get('Service', 'shop', 'web') === undefined);
    await untilApplication(cluster, 'Synced', 'Healthy');
    expect(cluster.list('ReplicaSet', 'shop').length).toBe(1);
  });

  it('renders values with its own chart, over each other', async () => {
    await using repository = await openRepository();
    await using cluster = await open();
    await repository.commit({
      'prod/values.yaml': 'name: web\nreplicas: 1\nimage: { repository: registry.test/web, tag: "1.0" }',
      'prod/values-prod.yaml': `image: { digest: '${V1}' }\nsteps: [{ setWeight: 50 }]\nenv: { RELEASE_ID: r1 }`,
    });
    const helm = { valueFiles: ['values-prod.yaml'] };
    const source = { repoURL: repository.url, path: 'prod', targetRevision: 'main', helm };
    cluster.apply([application(repository.url, { source })]);
    await untilApplication(cluster, 'Synced', 'Healthy');
    expect(imageOf(cluster)).toBe(`registry.test/web:1.0@${V1}`);
    expect(statusOf(cluster).sourceType).toBe('Helm');
    expect(cluster.get('Service', 'shop', 'web')).toMatchObject({ spec: { selector: { app: 'web' } } });
  });

  it('says why it cannot tell what is wanted, and tries a failed sync of a commit once', async () => {
    await using repository = await openRepository();
    await using cluster = await open();
    await repository.commit({ 'prod/web.yaml': BASE.replace('setWeight: 50', 'setWeight: no') });
    cluster.apply([application(repository.url)]);
    await cluster.waitFor('the sync to fail', () => statusOf(cluster).operationState?.phase === 'Failed');
    await cluster.waitFor('the error to show', () => statusOf(cluster).conditions?.[0]?.type === 'SyncError');
    expect(statusOf(cluster).sync?.status).toBe('OutOfSync');
    await repository.commit({ 'prod/kustomization.yaml': 'resources: [web.yaml]\npatches: []' });
    await refresh(cluster);
    await cluster.waitFor('the error to show', () => statusOf(cluster).sync?.status === 'Unknown');
    expect(statusOf(cluster).conditions).toMatchObject([
      { type: 'ComparisonError', message: expect.stringContaining('not supported in the sandbox') },
    ]);
    const source = { repoURL: repository.url, path: 'prod', targetRevision: 'nowhere' };
    await patch(cluster, APPLICATION, { spec: { source } });
    await cluster.waitFor('the branch to be missed', () =>
      statusOf(cluster).conditions?.[0]?.message.includes("unable to resolve 'nowhere' to a commit SHA"),
    );
  });

  it('keeps its hands off an Application that says so', async () => {
    await using repository = await openRepository();
    await using cluster = await open();
    await repository.commit({ 'prod/web.yaml': BASE });
    const app = application(repository.url);
    const annotations = { 'argocd.argoproj.io/skip-reconcile': 'true' };
    cluster.apply([{ ...app, metadata: { ...app.metadata, annotations } }]);
    await refresh(cluster);
    await patch(cluster, APPLICATION, { metadata: { labels: { seen: 'no' } } });
    expect(statusOf(cluster)).toEqual({});
    expect(cluster.get('Rollout', 'shop', 'web')).toBeUndefined();
  });
});
