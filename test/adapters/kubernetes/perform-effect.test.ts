import { describe, expect, it } from 'vitest';
import { performEffect } from '../../../src/adapters/kubernetes/perform-effect.ts';
import type { Actor } from '../../../src/domain/actor.ts';
import type { ClusterEffect } from '../../../src/ports/cluster.ts';
import type { Fault } from '../../../src/sandbox/cluster/api/faults.ts';
import { type ApiBench, cart, replicaSetOf, startApiBench, templateOf } from './api-bench.ts';
import { until } from './until.ts';

const NOW = '2026-01-01T12:00:00.000Z';
const ANA: Actor = { kind: 'person', id: 'slack:T1:U1', via: 'slack' };
const POLICY: Actor = { kind: 'policy', id: 'signalbox:policy:prod' };
const where = { cluster: 'east', namespace: 'shop', rollout: 'cart' };
const abort: ClusterEffect = { kind: 'rollout.abort', ...where, podHash: 'new' };
const retry: ClusterEffect = { kind: 'rollout.retry', ...where, podHash: 'new' };
const resume: ClusterEffect = {
  kind: 'rollout.resume',
  ...where,
  podHash: 'new',
  generation: 1,
  stepIndex: 1,
  pauseStart: '2026-01-01T10:00:00Z',
};
const refresh: ClusterEffect = {
  kind: 'argocd.refresh',
  cluster: 'east',
  namespace: 'shop',
  application: 'cart',
};
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const undo = (letter: string): ClusterEffect => ({
  kind: 'rollout.undo',
  ...where,
  images: { cart: [digest(letter)] },
});

const perform = (bench: ApiBench, effect: ClusterEffect, actor: Actor = ANA) =>
  performEffect(
    { cluster: 'east', client: bench.client, clock: { now: () => Date.parse(NOW) } },
    { effect, actor },
  );
const patches = ({ server }: ApiBench) => server.requests.filter(({ method }) => method === 'PATCH');
const onPatch = (bench: ApiBench, fault: Fault, times = 1) =>
  bench.server.faults.add({ fault, times, when: ({ method }) => method === 'PATCH' });

async function withCart(over: Parameters<typeof cart>[0] = {}): Promise<ApiBench> {
  const bench = await startApiBench();
  bench.put(cart(over));
  return bench;
}

describe('a write', () => {
  it('goes to the status in the person’s name, after a look, with the receipt of what the server answered', async () => {
    const bench = await withCart();
    const done = await perform(bench, abort);
    const { metadata } = bench.stored('Rollout', 'cart');
    expect(done).toEqual({
      kind: 'done',
      receipt: {
        at: NOW,
        how: 'done',
        kubernetes: {
          verb: 'patch',
          object: 'east/shop/rollouts/cart',
          subresource: 'status',
          user: 'slack:T1:U1',
          groups: ['signalbox:operators'],
          status: 200,
          resourceVersion: metadata?.['resourceVersion'],
        },
      },
    });
    const [patch] = patches(bench);
    expect(patch).toMatchObject({
      user: 'signalbox-bot',
      impersonated: { user: 'slack:T1:U1', groups: expect.arrayContaining(['signalbox:operators']) },
      contentType: 'application/json-patch+json',
      subresource: 'status',
    });
    expect(bench.server.requests.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
  });

  it('is not made when it is done already', async () => {
    const bench = await withCart({ status: { abort: true } });
    expect(await perform(bench, abort)).toMatchObject({
      kind: 'found',
      receipt: { how: 'found', kubernetes: { verb: 'get', user: 'signalbox', groups: [] } },
    });
    expect(patches(bench)).toEqual([]);
  });

  it('goes to the object itself where there is no status of its own, as the plugin does', async () => {
    const bench = await withCart();
    bench.server.faults.add({
      fault: { kind: 'answer', code: 404 },
      when: ({ method, subresource }) => method === 'PATCH' && subresource === 'status',
    });
    const done = await perform(bench, abort);
    expect(done).toMatchObject({ kind: 'done' });
    expect(done).not.toHaveProperty('receipt.kubernetes.subresource');
    expect(patches(bench).map(({ subresource }) => subresource ?? '')).toEqual(['status', '']);
  });

  it('is decided once more when somebody wrote at the same moment, and then given up', async () => {
    const bench = await withCart();
    onPatch(bench, { kind: 'answer', code: 409 });
    expect(await perform(bench, abort)).toMatchObject({
      kind: 'done',
      receipt: { kubernetes: { status: 200 }, alsoWrote: [{ subresource: 'status', status: 409 }] },
    });
    onPatch(bench, { kind: 'answer', code: 409 }, 2);
    await expect(perform(bench, retry)).rejects.toMatchObject({ name: 'UnavailableError', ambiguous: false });
  });

  it('is stale when the object changed between the look and the patch', async () => {
    const bench = await withCart();
    // The server itself refuses: the step is another one by the time the patch arrives.
    bench.server.faults.add({ fault: { kind: 'delay', ms: 200 }, when: ({ method }) => method === 'PATCH' });
    const racing = perform(bench, resume);
    await bench.client.send({
      method: 'PATCH',
      path: '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/cart/status',
      body: { contentType: 'application/merge-patch+json', json: { status: { currentStepIndex: 2 } } },
      as: { user: 'slack:T1:U2', groups: ['signalbox:operators'] },
      deadlineMs: 2_000,
    });
    // Refused or not, the server was asked, and its log says so.
    expect(await racing).toMatchObject({
      kind: 'stale',
      receipt: { kubernetes: { verb: 'patch', subresource: 'status', status: 422 } },
    });
    expect(bench.stored('Rollout', 'cart')['status']).toMatchObject({ pauseConditions: [{}] });
  });

  it.each<[string, Fault, { ambiguous: boolean; retryAfterMs?: number }]>([
    [
      'the server is busy',
      { kind: 'answer', code: 429, retryAfterSeconds: 3 },
      { ambiguous: false, retryAfterMs: 3_000 },
    ],
    ['the server fails', { kind: 'answer', code: 500 }, { ambiguous: true }],
    ['the server fails after it was done', { kind: 'commitThenAnswer', code: 500 }, { ambiguous: true }],
    ['the connection is cut', { kind: 'reset' }, { ambiguous: true }],
    ['the connection is cut after it was done', { kind: 'commitThenReset' }, { ambiguous: true }],
  ])('is unavailable when %s, and then done or found, once', async (_, fault, error) => {
    const bench = await withCart();
    onPatch(bench, fault);
    await expect(perform(bench, abort)).rejects.toMatchObject({ name: 'UnavailableError', ...error });
    expect((await perform(bench, abort)).kind).toBe(fault.kind.startsWith('commit') ? 'found' : 'done');
    expect(bench.stored('Rollout', 'cart')['status']).toMatchObject({ abort: true });
  });

  it('is not made when the look fails, and that is not ambiguous', async () => {
    const bench = await withCart();
    bench.server.faults.add({ fault: { kind: 'answer', code: 503 }, when: ({ method }) => method === 'GET' });
    await expect(perform(bench, abort)).rejects.toMatchObject({ name: 'UnavailableError', ambiguous: false });
    expect(patches(bench)).toEqual([]);
  });

  it('that the server does not understand is never tried again', async () => {
    const bench = await withCart();
    onPatch(bench, { kind: 'answer', code: 415 });
    await expect(perform(bench, abort)).rejects.toMatchObject({ name: 'TerminalError' });
  });
});

describe('a write in two parts', () => {
  const held = () => withCart({ spec: { paused: true } });
  const onStatus = (bench: ApiBench, fault: Fault) =>
    bench.server.faults.add({
      fault,
      times: 1,
      when: ({ subresource, contentType }) => subresource === 'status' && contentType.includes('json-patch'),
    });

  it('ends the hold and then the pause', async () => {
    const bench = await held();
    expect((await perform(bench, resume)).kind).toBe('done');
    expect(patches(bench).map(({ subresource }) => subresource)).toEqual(['', 'status']);
    expect(bench.stored('Rollout', 'cart')).toMatchObject({ spec: { paused: false } });
    expect(bench.stored('Rollout', 'cart')['status']).not.toHaveProperty('pauseConditions');
  });

  it('ends with the first that is refused', async () => {
    const bench = await held();
    onPatch(bench, { kind: 'answer', code: 422 });
    expect((await perform(bench, resume)).kind).toBe('stale');
    expect(patches(bench)).toHaveLength(1);
    expect(bench.stored('Rollout', 'cart')['spec']).toMatchObject({ paused: true });
  });

  it('that broke off is stale afterwards, because the spec is another one now, and asked for anew is done', async () => {
    const bench = await held();
    onStatus(bench, { kind: 'reset' });
    await expect(perform(bench, resume)).rejects.toMatchObject({ ambiguous: true });
    expect((await perform(bench, resume)).kind).toBe('stale');
    expect((await perform(bench, { ...resume, generation: 2 } as ClusterEffect)).kind).toBe('done');
  });

  it('is decided again when the canary went on by itself after the first', async () => {
    const bench = await held();
    onStatus(bench, { kind: 'delay', ms: 150 });
    const resuming = perform(bench, resume);
    await until('the hold is ended', () => bench.stored('Rollout', 'cart')['spec']?.['paused'] === false);
    await bench.client.send({
      method: 'PATCH',
      path: '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/cart/status',
      body: {
        contentType: 'application/merge-patch+json',
        json: { status: { currentStepIndex: 2, pauseConditions: null } },
      },
      as: { user: 'slack:T1:U2', groups: ['signalbox:operators'] },
      deadlineMs: 2_000,
    });
    expect((await resuming).kind).toBe('found');
  });
});

describe('whose name', () => {
  it('is the policy’s for what an environment does by itself', async () => {
    const bench = await withCart();
    await perform(bench, resume, POLICY);
    expect(patches(bench)[0]?.impersonated).toMatchObject({
      user: 'signalbox:policy:prod',
      groups: expect.arrayContaining(['signalbox:policies']),
    });
  });

  it('is nobody’s whom the rights do not list: the refusal is recorded', async () => {
    const bench = await withCart();
    const stranger: Actor = { kind: 'person', id: 'slack:T1:U9', via: 'slack' };
    expect(await perform(bench, abort, stranger)).toMatchObject({
      kind: 'forbidden',
      reason: expect.stringContaining('cannot impersonate resource "users"'),
      receipt: { kubernetes: { user: 'slack:T1:U9', status: 403 } },
    });
  });

  it('is recovery’s for three verbs, and other ones are not even sent', async () => {
    const bench = await withCart();
    const recovery: Actor = { kind: 'recovery', id: 'signalbox:recovery', person: 'slack:T1:U9' };
    for (const effect of [resume, retry, refresh]) {
      expect(await perform(bench, effect, recovery)).toMatchObject({
        kind: 'forbidden',
        receipt: { kubernetes: { status: 0 } },
      });
    }
    expect(bench.server.requests).toEqual([]);
    expect(await perform(bench, abort, recovery)).toMatchObject({
      kind: 'done',
      receipt: { kubernetes: { user: 'signalbox:recovery', groups: [] } },
    });
  });
});

describe('undo', () => {
  const withHistory = async (over: Parameters<typeof cart>[0] = {}) => {
    const bench = await withCart(over);
    const owner = String(bench.stored('Rollout', 'cart')['metadata']?.['uid']);
    bench.put(
      replicaSetOf('old', { image: `cart@${digest('a')}`, revision: 1, owner }),
      replicaSetOf('new', { image: `cart@${digest('b')}`, revision: 2, owner }),
      replicaSetOf('alien', { image: `cart@${digest('c')}`, revision: 3, owner: 'somebody-else' }),
    );
    return bench;
  };

  it('puts the template of the very ReplicaSet back, once', async () => {
    const bench = await withHistory();
    expect(await perform(bench, undo('a'))).toMatchObject({ kind: 'done' });
    const template = bench.stored('Rollout', 'cart')['spec']?.['template'];
    expect(template).toMatchObject({ spec: { containers: [{ image: `cart@${digest('a')}` }] } });
    expect(template).toHaveProperty('metadata.labels', { app: 'cart' });
    expect((await perform(bench, undo('a'))).kind).toBe('found');
  });

  it('takes no ReplicaSet of another Rollout', async () => {
    expect(await perform(await withHistory(), undo('c'))).toMatchObject({ kind: 'missing' });
  });

  it('goes to the Deployment that a Rollout refers to', async () => {
    const spec = {
      template: undefined,
      workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
    };
    const bench = await withHistory({ spec });
    bench.put({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'cart' } },
        template: templateOf(`cart@${digest('b')}`),
      },
    });
    expect(await perform(bench, undo('a'))).toMatchObject({
      kind: 'done',
      receipt: { kubernetes: { object: 'east/shop/deployments/cart' } },
    });
    expect(bench.stored('Deployment', 'cart')['spec']).toMatchObject({
      template: templateOf(`cart@${digest('a')}`),
    });
  });

  it('through anything but a Deployment is refused for good', async () => {
    const spec = {
      template: undefined,
      workloadRef: { apiVersion: 'v1', kind: 'PodTemplate', name: 'cart' },
    };
    await expect(perform(await withHistory({ spec }), undo('a'))).rejects.toThrow(
      /PodTemplate is not supported/,
    );
  });
});

describe('refresh', () => {
  it('asks once, by a merge patch that needs no annotations to be there', async () => {
    const bench = await startApiBench();
    bench.put({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { project: 'default' },
    });
    expect((await perform(bench, refresh)).kind).toBe('done');
    expect(bench.stored('Application', 'cart')['metadata']).toMatchObject({
      annotations: { 'argocd.argoproj.io/refresh': 'normal' },
    });
    expect(patches(bench)[0]?.contentType).toBe('application/merge-patch+json');
    expect((await perform(bench, refresh)).kind).toBe('found');
  });
});
