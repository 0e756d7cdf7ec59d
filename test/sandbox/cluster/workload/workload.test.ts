import { describe, expect, it } from 'vitest';
import { createObject, updateObject } from '../../../../src/sandbox/cluster/api/objects.ts';
import { NAMESPACES, PODS, ROLLOUTS } from '../../../../src/sandbox/cluster/api/resources.ts';
import { createStore, type Store } from '../../../../src/sandbox/cluster/api/store.ts';
import type { KubeObject } from '../../../../src/sandbox/cluster/rollout/objects.ts';
import type { Rollout } from '../../../../src/sandbox/cluster/rollout/rollout-object.ts';
import { virtualScheduler } from '../../../../src/sandbox/cluster/scheduler.ts';
import { startCluster } from '../../../../src/sandbox/cluster/start.ts';
import { expose } from '../../../../src/sandbox/cluster/workload/exposition.ts';
import { startWorkload, type Workload } from '../../../../src/sandbox/cluster/workload/simulator.ts';
import { rolloutWith, START, templateOf } from '../rollout/stage.ts';

const OLD = `sha256:${'a'.repeat(64)}`;
const NEW = `sha256:${'b'.repeat(64)}`;

function readyPod(name: string, podHash: string, digest: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: 'web', 'rollouts-pod-template-hash': podHash } },
    spec: templateOf(`web@${digest}`).spec,
  };
}

/** A service with three old pods and one new one, 100 requests a second, in virtual time. */
function open(spec: Partial<Rollout['spec']>, status: NonNullable<Rollout['status']>) {
  const scheduler = virtualScheduler(START);
  const store = createStore(scheduler.now);
  createObject(store, NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  const rollout = createObject(store, ROLLOUTS, rolloutWith(spec));
  if (rollout.kind === 'value') {
    updateObject(store, ROLLOUTS, {
      stored: rollout.value,
      next: { ...rollout.value, status },
      part: 'status',
    });
  }
  for (const name of ['a', 'b', 'c']) addReady(store, readyPod(name, 'old', OLD));
  addReady(store, readyPod('d', 'new', NEW));
  const traffic = { requestsPerSecond: 100, errorRate: 0, latencyMs: 40 };
  const workload = startWorkload({ store, scheduler }, { traffic, environmentOf: () => 'prod' });
  workload.counters();
  return { scheduler, workload, store };
}

function addReady(store: Store, pod: KubeObject): void {
  const made = createObject(store, PODS, pod);
  if (made.kind === 'failure') throw new Error(made.failure.message);
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-20T00:00:00Z' }];
  const next = { ...made.value, status: { phase: 'Running', conditions } };
  updateObject(store, PODS, { stored: made.value, next, part: 'status' });
}

/** Requests of each pod, good and bad. */
function requests(workload: Workload): Record<string, [good: number, bad: number]> {
  return Object.fromEntries(
    workload.counters().map(({ labels, good, bad }) => [labels['pod'], [Math.round(good), Math.round(bad)]]),
  );
}

describe('the world’s users', () => {
  it('are spread over all ready pods without a router', () => {
    const { scheduler, workload } = open({}, {});
    scheduler.advance(40_000);
    expect(requests(workload)).toEqual({ a: [1000, 0], b: [1000, 0], c: [1000, 0], d: [1000, 0] });
    workload.stop();
  });

  it('follow the weights of a router', () => {
    const weights = {
      canary: { weight: 10, podTemplateHash: 'new' },
      stable: { weight: 90, podTemplateHash: 'old' },
    };
    const { scheduler, workload } = open(
      { strategy: { canary: { trafficRouting: {} } } },
      { canary: { weights } },
    );
    scheduler.advance(10_000);
    expect(requests(workload)).toEqual({ a: [300, 0], b: [300, 0], c: [300, 0], d: [100, 0] });
    workload.stop();
  });

  it('see the active version only of a blue-green service', () => {
    const strategy = { blueGreen: { activeService: 'web' } };
    const { scheduler, workload } = open({ strategy }, { blueGreen: { activeSelector: 'old' } });
    scheduler.advance(9000);
    expect(requests(workload)).toEqual({ a: [300, 0], b: [300, 0], c: [300, 0] });
    workload.stop();
  });

  it('get errors and wait from a broken version alone, from then on, until it is healed', () => {
    const { scheduler, workload } = open({}, {});
    scheduler.advance(4000);
    workload.breakVersion('web', `web@${NEW}`, { errorRate: 0.5, latencyMs: 2000 });
    scheduler.advance(4000);
    workload.healVersion('web', NEW);
    scheduler.advance(4000);
    expect(requests(workload)).toMatchObject({ a: [300, 0], d: [250, 50] });
    const slow = workload.counters().find(({ labels }) => labels['pod'] === 'd');
    const quick = workload.counters().find(({ labels }) => labels['pod'] === 'a');
    expect(slow?.sumSeconds).toBeGreaterThan(20 * (quick?.sumSeconds ?? 0) * 0.3);
    workload.stop();
  });

  it('are told in Prometheus’ text format, whole requests, by labels of pod and version', () => {
    const { scheduler, workload } = open({}, {});
    workload.breakVersion('web', NEW, { errorRate: 0.25 });
    scheduler.advance(4000);
    const lines = expose(workload.counters()).split('\n');
    const labels =
      'service="web",job="web",namespace="shop",environment="prod",pod_hash="new",pod="d",version="bbbbbbbbbbbb"';
    expect(lines).toContain(`http_requests_total{${labels},status="2xx"} 75`);
    expect(lines).toContain(`http_requests_total{${labels},status="5xx"} 25`);
    expect(lines).toContain(`http_request_duration_seconds_bucket{${labels},le="0.05"} 80`);
    expect(lines).toContain(`http_request_duration_seconds_bucket{${labels},le="+Inf"} 100`);
    expect(lines).toContain(`http_request_duration_seconds_count{${labels}} 100`);
    expect(lines.filter((line) => line.startsWith('# TYPE'))).toEqual([
      '# TYPE http_requests_total counter',
      '# TYPE http_request_duration_seconds histogram',
    ]);
    workload.stop();
  });
});

describe('the metrics’ address', () => {
  it('serves the counters of a running cluster, and those of gone pods no more', async () => {
    await using cluster = await startCluster({ podReadyMs: 5, traffic: { requestsPerSecond: 5000 } });
    cluster.apply([rolloutWith({ replicas: 1 })]);
    const scrape = async (): Promise<string> => (await fetch(cluster.metricsUrl)).text();
    await expect
      .poll(scrape, { timeout: 4000, interval: 50 })
      .toMatch(/http_requests_total\{.*status="2xx"\} [1-9]/);
    cluster.delete('Rollout', 'shop', 'web');
    await cluster.waitFor('the pods to go', () => cluster.list('Pod', 'shop').length === 0);
    expect(await scrape()).not.toContain('service="web"');
    expect((await fetch(cluster.metricsUrl.replace('metrics', 'other'))).status).toBe(404);
  });
});
