import { DESIRED_REPLICAS, POD_HASH_LABEL, REVISION, SCALE_DOWN_DEADLINE } from './names.ts';
import type { KubeObject, ReplicaSet } from './objects.ts';
import type { Rollout } from './rollout-object.ts';
import { replicasOf } from './settings.ts';

/** The hash a ReplicaSet carries; empty when it carries none. */
export function podHashOf(replicaSet: ReplicaSet | undefined): string {
  return replicaSet?.metadata.labels?.[POD_HASH_LABEL] ?? '';
}

/** Pods a ReplicaSet should have. */
export function wantedOf(replicaSet: ReplicaSet): number {
  return replicaSet.spec.replicas ?? 1;
}

/** Pods of a ReplicaSet that have been ready for `minReadySeconds`. */
export function availableOf(replicaSet: ReplicaSet | undefined): number {
  return replicaSet?.status?.availableReplicas ?? 0;
}

/** Pods of a ReplicaSet that exist. */
export function createdOf(replicaSet: ReplicaSet | undefined): number {
  return replicaSet?.status?.replicas ?? 0;
}

/** Wanted, existing, ready and available pods of several ReplicaSets. */
export function totals(replicaSets: readonly (ReplicaSet | undefined)[]): {
  wanted: number;
  created: number;
  ready: number;
  available: number;
} {
  const sum = { wanted: 0, created: 0, ready: 0, available: 0 };
  for (const replicaSet of replicaSets) {
    if (replicaSet === undefined) continue;
    sum.wanted += wantedOf(replicaSet);
    sum.created += createdOf(replicaSet);
    sum.ready += replicaSet.status?.readyReplicas ?? 0;
    sum.available += availableOf(replicaSet);
  }
  return sum;
}

/** The revision an object carries; 0 when it carries none. */
export function revisionOf(object: KubeObject): number {
  return Number.parseInt(object.metadata.annotations?.[REVISION] ?? '0', 10) || 0;
}

/** Whether a ReplicaSet waits for its scale-down deadline. */
export function hasScaleDownDeadline(replicaSet: ReplicaSet | undefined): boolean {
  return (replicaSet?.metadata.annotations?.[SCALE_DOWN_DEADLINE] ?? '') !== '';
}

/** Milliseconds to a ReplicaSet's scale-down deadline; absent when it has none, an unreadable one, or it has passed. */
export function msToScaleDown(replicaSet: ReplicaSet, now: number): number | undefined {
  const deadline = Date.parse(replicaSet.metadata.annotations?.[SCALE_DOWN_DEADLINE] ?? '');
  return deadline > now ? deadline - now : undefined;
}

/** Whether all the pods that the Rollout wants are this ReplicaSet's, and available. */
export function isSaturated(rollout: Rollout, replicaSet: ReplicaSet | undefined): boolean {
  if (replicaSet === undefined) return false;
  const wanted = replicasOf(rollout);
  return (
    wantedOf(replicaSet) === wanted &&
    Number(replicaSet.metadata.annotations?.[DESIRED_REPLICAS] ?? Number.NaN) === wanted &&
    availableOf(replicaSet) === wanted
  );
}

/** Whether a ReplicaSet is scaled up and has all of its pods available. */
export function isFullyAvailable(replicaSet: ReplicaSet): boolean {
  const available = availableOf(replicaSet);
  return wantedOf(replicaSet) !== 0 && available !== 0 && wantedOf(replicaSet) <= available;
}

/** The ReplicaSet with this pod hash. */
export function findByHash(replicaSets: readonly ReplicaSet[], podHash: string): ReplicaSet | undefined {
  if (podHash === '') return undefined;
  return replicaSets.find((replicaSet) => podHashOf(replicaSet) === podHash);
}

/** The stable ReplicaSet: whose hash is `status.stableRS`. */
export function findStable(rollout: Rollout, replicaSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return findByHash(replicaSets, rollout.status?.stableRS ?? '');
}

/** Those that are neither new nor stable. */
export function others(
  replicaSets: readonly ReplicaSet[],
  known: readonly (ReplicaSet | undefined)[],
): ReplicaSet[] {
  return replicaSets.filter(
    (replicaSet) => !known.some((one) => one?.metadata.name === replicaSet.metadata.name),
  );
}

/** Oldest first; names decide between those of one second. */
export function byCreation(a: ReplicaSet, b: ReplicaSet): number {
  const [left, right] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (left !== right) return left < right ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

/** Newest revision first. */
export function byRevisionDescending(a: ReplicaSet, b: ReplicaSet): number {
  return revisionOf(b) - revisionOf(a) || byCreation(b, a);
}
