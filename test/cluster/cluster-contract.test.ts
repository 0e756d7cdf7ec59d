import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { openClusters } from '../../src/adapters/kubernetes/open-clusters.ts';
import type { Placement } from '../../src/domain/catalog/placement.ts';
import { rbacObjects } from '../../src/domain/rbac/rbac-objects.ts';
import { clusterContract } from '../contracts/cluster.ts';
import { ARGOCD_NAMESPACE } from './argocd.ts';
import { atRest } from './at-rest.ts';
import { findPrograms } from './build.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { applyDefinitions } from './kubectl.ts';
import { allModules } from './programs.ts';
import { rolloutObject } from './rollout-fixture.ts';
import { waitUntil } from './wait-until.ts';

const NAMESPACE = 'shop';
const STEPS = [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }];

/** A control plane that knows Applications, with nobody who looks after them: what a test says of one stays so. */
async function startPlane(): Promise<ControlPlane> {
  const programs = await findPrograms({ modules: allModules });
  const plane = await startControlPlane({ programs, podReadyMs: 50 });
  try {
    await applyDefinitions(plane, programs.manifests('argocd-crds'));
    for (const name of [NAMESPACE, ARGOCD_NAMESPACE]) {
      await plane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
    await plane.apply(...rights(plane.bot.user));
    return plane;
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

function rights(bot: string): object[] {
  const argocd = { namespace: ARGOCD_NAMESPACE, application: 'any' };
  return rbacObjects({
    cluster: 'east',
    bot: { kind: 'user', name: bot },
    people: ['slack:T1:U1'],
    environments: [
      { name: 'prod', placements: [{ cluster: 'east', namespace: NAMESPACE, rollout: 'any', argocd }] },
    ],
    scope: 'namespaces',
    deployments: false,
  });
}

function application(name: string): object {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: ARGOCD_NAMESPACE },
    spec: { project: 'default', destination: {} },
    status: { sync: { status: 'OutOfSync' }, health: { status: 'Healthy' } },
  };
}

clusterContract('Kubernetes, on a real control plane', async () => {
  const plane = await startPlane();
  const deploy = async ({ rollout: name }: Pick<Placement, 'rollout'>, digest: string): Promise<void> => {
    await atRest(plane, { namespace: NAMESPACE, name });
    const image = `reg/app@${digest}`;
    const rollout = rolloutObject({ name, container: name, replicas: 4, image, steps: STEPS });
    return plane.apply({ ...rollout, metadata: { name, namespace: NAMESPACE } });
  };
  const ca = await readFile(plane.caFile, 'utf8');
  const placements: Placement[] = [];
  const clusters = openClusters({
    clusters: { east: { access: { kind: 'inline', server: plane.url, token: plane.bot.token, ca } } },
    placements,
    clock: { now: () => Date.now() },
    random: Math.random,
    log: pino({ level: 'silent' }),
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
      const rollout = `app-${placements.length + 1}`;
      await deploy({ rollout }, digest);
      return place({ cluster: 'east', namespace: NAMESPACE, rollout });
    },
    deploy,
    withApplication: async (placement) => {
      await plane.apply(application(placement.rollout));
      const argocd = { namespace: ARGOCD_NAMESPACE, application: placement.rollout };
      return place({ ...placement, argocd });
    },
    until: async (what, holds) => {
      await waitUntil(holds, { what });
    },
    person: { kind: 'person', id: 'slack:T1:U1', via: 'slack' },
    stranger: { kind: 'person', id: 'slack:T1:U9', via: 'slack' },
    goAway: async () => {
      await plane.process('kube-apiserver').kill();
      return () => plane.process('kube-apiserver').start();
    },
    close: async () => {
      await clusters[Symbol.asyncDispose]();
      await plane.stop();
    },
  };
});
