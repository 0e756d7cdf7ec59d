import { randomBytes } from 'node:crypto';
import { PODS, REPLICA_SETS } from '../api/resources.ts';
import { safeEncode } from '../rollout/hash.ts';
import { sameJson } from '../rollout/merge-patch.ts';
import type { Pod, ReplicaSet } from '../rollout/objects.ts';
import { wantedOf } from '../rollout/replica-sets.ts';
import {
  type Controller,
  type ControllerContext,
  change,
  controllerKey,
  create,
  isControlledBy,
  keyOf,
  partsOf,
  remove,
} from './controller.ts';
import { isReady, readySince } from './pod-status.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

/** Makes and removes pods for ReplicaSets, and counts them. */
export function startReplicaSets(context: ControllerContext): Controller {
  const { store, scheduler, reactionMs, failed } = context;
  const queue = createWorkQueue({
    scheduler,
    delayMs: reactionMs,
    failed,
    work(key) {
      const { namespace, name } = partsOf(key);
      const replicaSet = store.get(REPLICA_SETS, namespace, name);
      if (replicaSet !== undefined) reconcile(context, queue, replicaSet);
    },
  });
  const unsubscribe = store.subscribe(({ resource, object }) => {
    if (resource === REPLICA_SETS) queue.add(keyOf(object.metadata));
    const owner = resource === PODS ? controllerKey(object, 'ReplicaSet') : undefined;
    if (owner !== undefined) queue.add(owner);
  });
  return {
    stop() {
      unsubscribe();
      queue.stop();
    },
  };
}

function reconcile(context: ControllerContext, queue: WorkQueue, replicaSet: ReplicaSet): void {
  const { namespace, name } = replicaSet.metadata;
  const pods = context.store.list(PODS, namespace).filter((pod) => isControlledBy(pod, replicaSet));
  const missing = wantedOf(replicaSet) - pods.length;
  for (let count = 0; count < missing; count += 1) create(context, PODS, podOf(replicaSet));
  for (const pod of pods.sort(leastUsefulFirst).slice(0, Math.max(0, -missing))) {
    remove(context, PODS, { namespace, name: pod.metadata.name });
  }
  const status = count(context, replicaSet);
  const to = (stored: ReplicaSet): ReplicaSet =>
    sameJson(stored.status, status) ? stored : { ...stored, status };
  change(context, REPLICA_SETS, { namespace, name, part: 'status', to });
  const untilMs = msToNextAvailable(context, replicaSet);
  if (untilMs !== undefined) queue.addAfter(keyOf(replicaSet.metadata), untilMs);
}

function podOf(replicaSet: ReplicaSet): Pod {
  const { name, namespace, uid } = replicaSet.metadata;
  const { template } = replicaSet.spec;
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: uid ?? '' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${safeEncode(randomBytes(5).toString('latin1'))}`,
      namespace,
      generateName: `${name}-`,
      labels: template.metadata?.labels,
      annotations: template.metadata?.annotations,
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: template.spec,
  };
}

/** Pods that don't serve go first, then the youngest (kubernetes `ActivePodsWithRanks`). */
function leastUsefulFirst(a: Pod, b: Pod): number {
  if (isReady(a) !== isReady(b)) return isReady(a) ? 1 : -1;
  return Number(b.metadata.resourceVersion) - Number(a.metadata.resourceVersion);
}

function podsOf(context: ControllerContext, replicaSet: ReplicaSet): Pod[] {
  return context.store
    .list(PODS, replicaSet.metadata.namespace)
    .filter((pod) => isControlledBy(pod, replicaSet));
}

function count(context: ControllerContext, replicaSet: ReplicaSet): NonNullable<ReplicaSet['status']> {
  const pods = podsOf(context, replicaSet);
  const ready = pods.filter(isReady);
  const minReadyMs = (replicaSet.spec.minReadySeconds ?? 0) * 1000;
  const available = ready.filter((pod) => readySince(pod) + minReadyMs <= context.scheduler.now());
  const counted = (field: string, pods: readonly Pod[]) =>
    pods.length === 0 ? {} : { [field]: pods.length };
  return {
    replicas: pods.length,
    ...counted('fullyLabeledReplicas', pods),
    ...counted('readyReplicas', ready),
    ...counted('availableReplicas', available),
    observedGeneration: replicaSet.metadata.generation,
  };
}

function msToNextAvailable(context: ControllerContext, replicaSet: ReplicaSet): number | undefined {
  const minReadyMs = (replicaSet.spec.minReadySeconds ?? 0) * 1000;
  if (minReadyMs === 0) return undefined;
  const waits = podsOf(context, replicaSet)
    .filter(isReady)
    .map((pod) => readySince(pod) + minReadyMs - context.scheduler.now())
    .filter((ms) => ms > 0);
  return waits.length === 0 ? undefined : Math.min(...waits);
}
