import { pino } from 'pino';
import { openClusters } from '../../../src/adapters/kubernetes/open-clusters.ts';
import { REFLECTOR_TIMING } from '../../../src/adapters/kubernetes/reflector-timing.ts';
import type { Placement } from '../../../src/domain/catalog/placement.ts';
import { rbacObjects } from '../../../src/domain/rbac/rbac-objects.ts';
import type { KubeObject } from '../../../src/sandbox/cluster/rollout/objects.ts';
import { startCluster } from '../../../src/sandbox/cluster/start.ts';
import { clusterContract } from '../../contracts/cluster.ts';
import { until } from './until.ts';

const STEPS = [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }];

function rollout(name: string, digest: string): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace: 'shop' },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: name } },
      strategy: { canary: { steps: STEPS } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name, image: `reg/app@${digest}` }] },
      },
    },
  };
}

function application(name: string): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: { project: 'default' },
    status: { sync: { status: 'OutOfSync' }, health: { status: 'Healthy' } },
  };
}

clusterContract('Kubernetes', async () => {
  const argocd = { namespace: 'argocd', application: 'any' };
  const simulated = await startCluster({
    podReadyMs: 20,
    users: [{ token: 'bot', name: 'signalbox-bot', groups: [] }],
  });
  const rights = rbacObjects({
    cluster: 'east',
    bot: { kind: 'user', name: 'signalbox-bot' },
    people: ['slack:T1:U1'],
    environments: [
      { name: 'prod', placements: [{ cluster: 'east', namespace: 'shop', rollout: 'any', argocd }] },
    ],
    scope: 'namespaces',
    deployments: false,
  });
  simulated.apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    ...(rights as unknown as KubeObject[]),
  ]);
  const placements: Placement[] = [];
  const clusters = openClusters({
    clusters: { east: { access: { kind: 'inline', server: simulated.url, token: 'bot', insecure: true } } },
    placements,
    clock: { now: () => Date.now() },
    random: Math.random,
    log: pino({ level: 'silent' }),
    timing: { ...REFLECTOR_TIMING, backoff: { baseMs: 20, maxMs: 100, healthyMs: 60_000 } },
  });
  const place = (placement: Placement): Placement => {
    placements.push(placement);
    clusters.watch([...placements]);
    return placement;
  };
  return {
    cluster: clusters,
    name: 'east',
    rollout: async (digest) => {
      const name = `app-${placements.length + 1}`;
      simulated.apply([rollout(name, digest)]);
      return place({ cluster: 'east', namespace: 'shop', rollout: name });
    },
    deploy: async ({ rollout: name }, digest) => simulated.apply([rollout(name, digest)]),
    withApplication: async (placement) => {
      simulated.apply([application(placement.rollout)]);
      return place({ ...placement, argocd: { namespace: 'argocd', application: placement.rollout } });
    },
    until,
    person: { kind: 'person', id: 'slack:T1:U1', via: 'slack' },
    stranger: { kind: 'person', id: 'slack:T1:U9', via: 'slack' },
    goAway: async () => {
      await simulated.faults.down();
      return () => simulated.faults.up();
    },
    close: async () => {
      await clusters[Symbol.asyncDispose]();
      await simulated[Symbol.asyncDispose]();
    },
  };
});
