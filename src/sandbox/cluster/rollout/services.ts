import { MANAGED_BY } from './names.ts';
import type { ReplicaSet, Service } from './objects.ts';
import { availableOf, isFullyAvailable, podHashOf } from './replica-sets.ts';
import { isRouted } from './settings.ts';
import { isRollingBackDynamically } from './traffic.ts';
import { isAborted, selectedHash, serviceNamed, type Turn, tell } from './turn.ts';

/** Decides that a Service is to select this pod hash; the last decision of a turn is written. */
export function selectPods(turn: Turn, service: Service, podHash: string): void {
  turn.selected.set(service.metadata.name, podHash);
}

/**
 * Writes the turn's decisions on Services. After an abort behind a router Argo points the canary Service at the new pods and
 * back again in every reconcile; here only what remains is written.
 */
export function writeSelectors(turn: Turn): void {
  for (const [name, podHash] of turn.selected) {
    const service = turn.input.services?.find((one) => one.metadata.name === name);
    const current = selectedHash(service);
    if (current === podHash && service?.metadata.annotations?.[MANAGED_BY] !== undefined) continue;
    turn.writes.push({ kind: 'service.select', name, podHash, managedBy: turn.rollout.metadata.name });
    tell(turn, 'SwitchService', `Switched selector for service '${name}' from '${current}' to '${podHash}'`);
  }
}

/** Keeps a canary's stable and canary Services on their ReplicaSets. */
export function reconcileCanaryServices(turn: Turn): void {
  const { canary } = turn.rollout.spec.strategy;
  ensureSelected(turn, { service: canary?.stableService, replicaSet: turn.stable, checkAvailability: true });
  if (isAborted(turn) && !isRouted(turn.rollout)) {
    ensureSelected(turn, {
      service: canary?.canaryService,
      replicaSet: turn.stable,
      checkAvailability: true,
    });
    return;
  }
  // The stable pods that were scaled down for the canary are not back yet: moving the traffic now would drown them.
  if (isRollingBackDynamically(turn)) return;
  ensureSelected(turn, { service: canary?.canaryService, replicaSet: turn.fresh, checkAvailability: true });
}

/**
 * Points a Service at a ReplicaSet once that can serve: a Service taken over waits for all of its pods, one that is already
 * managed for the first.
 */
export function ensureSelected(
  turn: Turn,
  wish: { service: string | undefined; replicaSet: ReplicaSet | undefined; checkAvailability: boolean },
): void {
  const { replicaSet } = wish;
  const service = serviceNamed(turn, wish.service);
  if (replicaSet === undefined || service === undefined) return;
  if (selectedHash(service) === podHashOf(replicaSet)) return;
  if (wish.checkAvailability) {
    const isManaged = service.metadata.annotations?.[MANAGED_BY] !== undefined;
    if (!isManaged && !isFullyAvailable(replicaSet)) return;
    if (availableOf(replicaSet) === 0) return;
  }
  selectPods(turn, service, podHashOf(replicaSet));
}
