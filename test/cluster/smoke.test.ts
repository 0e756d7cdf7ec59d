import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { OTHER_DIGEST, rolloutObject, runsOtherDigest } from './rollout-fixture.ts';
import { POD_FATE_ANNOTATION, READY_AFTER_ANNOTATION } from './stages.ts';
import { waitUntil } from './wait-until.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const Rollout = z.object({
  status: z
    .object({
      phase: z.string().optional(),
      message: z.string().optional(),
      currentStepIndex: z.int().optional(),
      observedGeneration: z.string().optional(),
      availableReplicas: z.int().optional(),
      HPAReplicas: z.int().optional(),
    })
    .default({}),
  metadata: z.object({ generation: z.int() }),
});

const Pods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ creationTimestamp: z.iso.datetime() }),
      status: z.object({
        conditions: z
          .array(
            z.object({ type: z.string(), status: z.string(), lastTransitionTime: z.string().nullable() }),
          )
          .default([]),
        containerStatuses: z
          .array(
            z.object({
              imageID: z.string(),
              ready: z.boolean(),
              restartCount: z.int(),
              state: z.record(z.string(), z.looseObject({ reason: z.string().optional() })),
            }),
          )
          .default([]),
      }),
    }),
  ),
});

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ podReadyMs: 100 });
  await plane.apply(...impersonationRights());
});

afterAll(() => plane?.stop());

/** The bot may read Rollouts and impersonate one person and one group; that group may abort. Neither may do anything else. */
function impersonationRights(): object[] {
  const rbac = 'rbac.authorization.k8s.io';
  const clusterRole = (name: string, rules: object[]): object => ({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name },
    rules,
  });
  const binding = (role: string, subject: { kind: 'User' | 'Group'; name: string }): object => ({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: role },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: rbac, ...subject }],
  });
  const read = { apiGroups: ['argoproj.io'], resources: ['rollouts', 'rollouts/status'], verbs: ['get'] };
  return [
    clusterRole('bot', [
      read,
      { apiGroups: [''], resources: ['users'], resourceNames: ['slack:T1:U1'], verbs: ['impersonate'] },
      {
        apiGroups: [''],
        resources: ['groups'],
        resourceNames: ['signalbox:operators'],
        verbs: ['impersonate'],
      },
    ]),
    binding('bot', { kind: 'User', name: 'signalbox' }),
    // `kubectl patch` reads what it patches first.
    clusterRole('operators', [{ ...read, verbs: ['get', 'patch'] }]),
    binding('operators', { kind: 'Group', name: 'signalbox:operators' }),
  ];
}

async function waitForPhase(name: string, phase: string): Promise<z.infer<typeof Rollout>> {
  const look = async (): Promise<z.infer<typeof Rollout> | false> => {
    const rollout = Rollout.parse(await plane.get('rollout', name));
    const isCurrent = rollout.status.observedGeneration === String(rollout.metadata.generation);
    return isCurrent && rollout.status.phase === phase && rollout;
  };
  return waitUntil(look, { what: `Rollout ${name} to be ${phase}` });
}

async function podsOf(name: string): Promise<z.infer<typeof Pods>['items']> {
  const printed = await plane.kubectl('get', 'pods', '--selector', `app=${name}`, '--output', 'json');
  return Pods.parse(JSON.parse(printed)).items;
}

/** Waits until every Pod of the Rollout has something to say about its containers. */
function startedPodsOf(name: string): Promise<z.infer<typeof Pods>['items']> {
  const look = async (): Promise<z.infer<typeof Pods>['items'] | false> => {
    const pods = await podsOf(name);
    return pods.length > 0 && pods.every(({ status }) => status.containerStatuses.length > 0) && pods;
  };
  return waitUntil(look, { what: `the Pods of ${name} to start` });
}

describe('the control plane', () => {
  it('carries a Rollout to Healthy, pauses its canary at the first step and takes it back on abort', async () => {
    const first = { name: 'orders-api', replicas: 4, image: `registry.test/orders-api:1@${DIGEST}` };
    await plane.apply(rolloutObject(first));
    expect((await waitForPhase('orders-api', 'Healthy')).status.availableReplicas).toBe(4);

    await plane.apply(rolloutObject({ ...first, image: 'registry.test/orders-api:2' }));
    const paused = await waitForPhase('orders-api', 'Paused');
    expect(paused.status).toMatchObject({ currentStepIndex: 1, message: 'CanaryPauseStep' });
    expect(await plane.argoRollouts('get', 'rollout', 'orders-api', '--no-color')).toMatch(
      /ActualWeight:\s+25/,
    );

    await plane.argoRollouts('abort', 'orders-api');
    const aborted = await waitForPhase('orders-api', 'Degraded');
    expect(aborted.status.message).toBe('RolloutAborted: Rollout aborted update to revision 2');
    expect((await plane.attempt('kubectl-argo-rollouts', 'status', 'orders-api')).exitCode).toBe(1);
  });

  it('lets the bot act only as the person it impersonates, and says so in its audit log', async () => {
    await plane.apply(rolloutObject({ name: 'audited', replicas: 1, image: 'registry.test/audited:1' }));
    const bot = ['--kubeconfig', plane.bot.kubeconfigFile];
    const abort = [
      'patch',
      'rollout',
      'audited',
      '--subresource=status',
      '--type=merge',
      '--patch',
      '{"status":{"abort":true}}',
    ];
    const byItself = await plane.attempt('kubectl', ...bot, ...abort);
    expect(byItself.stderr).toContain('User "signalbox" cannot patch resource "rollouts/status"');
    await plane.kubectl(...bot, '--as', 'slack:T1:U1', '--as-group', 'signalbox:operators', ...abort);

    const patches = (await plane.auditEvents()).filter(
      ({ verb, objectRef }) =>
        verb === 'patch' && objectRef?.name === 'audited' && objectRef.subresource === 'status',
    );
    expect(
      patches.map(({ user, impersonatedUser, responseStatus }) => ({
        user,
        impersonatedUser,
        responseStatus,
      })),
    ).toEqual([
      {
        user: { username: 'signalbox', groups: ['system:authenticated'] },
        impersonatedUser: undefined,
        responseStatus: expect.objectContaining({ code: 403 }),
      },
      {
        user: { username: 'signalbox', groups: ['system:authenticated'] },
        impersonatedUser: {
          username: 'slack:T1:U1',
          groups: ['signalbox:operators', 'system:authenticated'],
        },
        responseStatus: expect.objectContaining({ code: 200 }),
      },
    ]);
    expect(patches[1]?.requestObject).toEqual({ status: { abort: true } });
  });

  it('leaves its own programs out of the audit log', async () => {
    await plane.kubectl('get', 'nodes');
    const users = (await plane.auditEvents()).map(({ user }) => user.username);
    expect(users).toContain('admin');
    expect(users).not.toContain('control-plane');
  });

  it('reports the digest of the image reference as what runs, or another one when told to', async () => {
    const image = `registry.test:5000/team/same:1.2@${DIGEST}`;
    await plane.apply(rolloutObject({ name: 'same', replicas: 1, image }));
    await plane.apply(rolloutObject({ name: 'other', replicas: 1, image, annotations: runsOtherDigest }));
    await plane.apply(
      rolloutObject({ name: 'by-tag', replicas: 1, image: 'registry.test:5000/team/by-tag:1.2' }),
    );
    const imageIds = async (name: string): Promise<unknown> =>
      (await startedPodsOf(name)).flatMap(({ status }) =>
        status.containerStatuses.map(({ imageID }) => imageID),
      );
    expect(await imageIds('same')).toEqual([`registry.test:5000/team/same@${DIGEST}`]);
    expect(await imageIds('other')).toEqual([`registry.test:5000/team/same@${OTHER_DIGEST}`]);
    expect(await imageIds('by-tag')).toEqual([
      expect.stringMatching(/^registry\.test:5000\/team\/by-tag@sha256:[0-9a-f]{64}$/),
    ]);
  });

  it('keeps Pods from getting ready, lets them crash, and makes them slow, by annotation', async () => {
    const image = 'registry.test/fate:1';
    const fixture = { replicas: 1, image };
    await plane.apply(
      rolloutObject({ ...fixture, name: 'stuck', annotations: { [POD_FATE_ANNOTATION]: 'never-ready' } }),
      rolloutObject({ ...fixture, name: 'crashing', annotations: { [POD_FATE_ANNOTATION]: 'crash' } }),
      rolloutObject({ ...fixture, name: 'slow', annotations: { [READY_AFTER_ANNOTATION]: '4s' } }),
    );
    const [stuck] = await startedPodsOf('stuck');
    expect(stuck?.status.containerStatuses).toMatchObject([
      { ready: false, restartCount: 0, state: { running: {} } },
    ]);
    const [crashing] = await startedPodsOf('crashing');
    expect(crashing?.status.containerStatuses).toMatchObject([
      { ready: false, restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff' } } },
    ]);
    await waitForPhase('slow', 'Healthy');
    const [slow] = await podsOf('slow');
    const readyAt = slow?.status.conditions.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '';
    const tookMs = Date.parse(readyAt) - Date.parse(slow?.metadata.creationTimestamp ?? '');
    // The API server keeps whole seconds.
    expect(tookMs).toBeGreaterThanOrEqual(3_000);
    expect(tookMs).toBeLessThan(10_000);
    expect((await waitForPhase('stuck', 'Progressing')).status.availableReplicas).toBeUndefined();
  });

  it('restarts the API server for a new token and goes on', async () => {
    const ana = await plane.addToken({ user: 'ana', groups: ['oncall', 'signalbox:operators'] });
    const whoAmI = await plane.kubectl(
      '--kubeconfig',
      ana.kubeconfigFile,
      'auth',
      'whoami',
      '--output',
      'json',
    );
    expect(JSON.parse(whoAmI).status.userInfo).toMatchObject({
      username: 'ana',
      groups: ['oncall', 'signalbox:operators', 'system:authenticated'],
    });
    await plane.apply(rolloutObject({ name: 'after-restart', replicas: 2, image: 'registry.test/after:1' }));
    await waitForPhase('after-restart', 'Healthy');
  });

  it('forgets old revisions when told to, which a restarted API server answers with 410', async () => {
    const { metadata } = z
      .object({ metadata: z.object({ resourceVersion: z.string() }) })
      .parse(JSON.parse(await plane.kubectl('get', '--raw', '/api/v1/namespaces/default/configmaps')));
    await plane.kubectl('create', 'configmap', 'newer');
    const old = `/api/v1/namespaces/default/configmaps?resourceVersionMatch=Exact&limit=1&resourceVersion=${metadata.resourceVersion}`;
    await plane.kubectl('get', '--raw', old);
    await plane.compactHistory();
    await plane.process('kube-apiserver').kill();
    await plane.process('kube-apiserver').start();
    expect((await plane.attempt('kubectl', 'get', '--raw', old)).stderr).toContain('too old');
  });
});
