import { DESIRED_REPLICAS, REASON, SCALE_DOWN_DEADLINE } from './names.ts';
import type { ReplicaSet } from './objects.ts';
import {
  availableOf,
  hasScaleDownDeadline,
  msToScaleDown,
  podHashOf,
  revisionOf,
  wantedOf,
} from './replica-sets.ts';
import {
  abortScaleDownDelay,
  isRouted,
  replicasOf,
  scaleDownDelaySeconds,
  scaleDownRevisionLimit,
} from './settings.ts';
import { timestamp } from './time.ts';
import { isAborted, selectedHash, serviceNamed, statusOf, type Turn, tell, wakeAfter } from './turn.ts';

/** Scales a ReplicaSet and notes how many pods the Rollout wants. Answers whether the number changed. */
export function scale(turn: Turn, replicaSet: ReplicaSet, replicas: number): boolean {
  const wanted = String(replicasOf(turn.rollout));
  const had = wantedOf(replicaSet);
  const isNoted = replicaSet.metadata.annotations?.[DESIRED_REPLICAS] === wanted;
  if (had === replicas && isNoted) return false;
  const leaves = replicas === 0 && !delaysScaleDownOnAbort(turn);
  turn.writes.push({
    kind: 'replicaSet.update',
    name: replicaSet.metadata.name,
    change: {
      replicas,
      annotations: {
        [DESIRED_REPLICAS]: wanted,
        ...(leaves && hasScaleDownDeadline(replicaSet) ? { [SCALE_DOWN_DEADLINE]: null } : {}),
      },
    },
  });
  if (had === replicas) return false;
  const way = had < replicas ? 'up' : 'down';
  const { name } = replicaSet.metadata;
  const message = `Scaled ${way} ReplicaSet ${name} (revision ${revisionOf(replicaSet)}) from ${had} to ${replicas}`;
  tell(turn, REASON.scaling, message);
  return true;
}

/** Whether an abort leaves the new pods up for a while: not for a basic canary, and not when told to leave them for good. */
export function delaysScaleDownOnAbort(turn: Turn): boolean {
  const { canary } = turn.rollout.spec.strategy;
  if (!isAborted(turn) || turn.stable === undefined) return false;
  if (canary !== undefined && !isRouted(turn.rollout)) return false;
  const delay = abortScaleDownDelay(turn.rollout);
  if (delay.seconds === 'never') return false;
  return canary?.dynamicStableScale !== true || delay.written;
}

/** Takes the scale-down deadline from ReplicaSets that are wanted again. */
export function removeScaleDownDeadlines(turn: Turn): void {
  const wanted = delaysScaleDownOnAbort(turn) ? [] : [turn.fresh];
  const { stable } = turn;
  if (stable !== undefined && (wanted.length === 0 || stable.metadata.name !== turn.fresh.metadata.name)) {
    wanted.push(stable);
  }
  for (const replicaSet of wanted) removeScaleDownDeadline(turn, replicaSet);
}

function removeScaleDownDeadline(turn: Turn, replicaSet: ReplicaSet): void {
  if (!hasScaleDownDeadline(replicaSet)) return;
  turn.writes.push({
    kind: 'replicaSet.update',
    name: replicaSet.metadata.name,
    change: { annotations: { [SCALE_DOWN_DEADLINE]: null } },
  });
}

/** Notes when a ReplicaSet will go; zero seconds takes the note away. */
export function addScaleDownDeadline(turn: Turn, replicaSet: ReplicaSet, seconds: number): void {
  if (seconds === 0) {
    removeScaleDownDeadline(turn, replicaSet);
    return;
  }
  turn.writes.push({
    kind: 'replicaSet.update',
    name: replicaSet.metadata.name,
    change: { annotations: { [SCALE_DOWN_DEADLINE]: timestamp(turn.now + seconds * 1000) } },
  });
}

/**
 * Pods an old ReplicaSet keeps: it first gets a deadline, then keeps its pods until then. `waiting` counts those that wait,
 * because only so many may.
 */
export function replicasDuringDelay(
  turn: Turn,
  replicaSet: ReplicaSet,
  delay: { waiting: number; replicas: number },
): { waiting: number; replicas: number } {
  const limit = scaleDownRevisionLimit(turn.rollout);
  if (!hasScaleDownDeadline(replicaSet)) {
    if (wantedOf(replicaSet) === 0 || delay.waiting >= limit) return { waiting: delay.waiting, replicas: 0 };
    const seconds = scaleDownDelaySeconds(turn.rollout);
    addScaleDownDeadline(turn, replicaSet, seconds);
    wakeAfter(turn, seconds * 1000);
    return { waiting: delay.waiting + 1, replicas: wantedOf(replicaSet) };
  }
  const waiting = delay.waiting + 1;
  const remainingMs = waiting > limit ? undefined : msToScaleDown(replicaSet, turn.now);
  if (remainingMs === undefined) return { waiting, replicas: 0 };
  wakeAfter(turn, remainingMs);
  return { waiting, replicas: delay.replicas };
}

/**
 * Pods the aborted ReplicaSet keeps. `wait`: leave it as it is, until stable is whole or the deadline comes.
 */
export function replicasAfterAbort(turn: Turn, replicas: number): number | 'wait' {
  const deadline = turn.fresh.metadata.annotations?.[SCALE_DOWN_DEADLINE];
  if (deadline !== undefined) {
    const remainingMs = msToScaleDown(turn.fresh, turn.now);
    if (remainingMs === undefined) return Number.isNaN(Date.parse(deadline)) ? replicas : 0;
    wakeAfter(turn, remainingMs);
    return 'wait';
  }
  const { seconds } = abortScaleDownDelay(turn.rollout);
  if (seconds === 'never') return replicas;
  if (availableOf(turn.stable) === replicasOf(turn.rollout)) addScaleDownDeadline(turn, turn.fresh, seconds);
  return 'wait';
}

/** Whether traffic may still reach a ReplicaSet: a status field, a router's weight or a Service names it. */
export function isReferenced(turn: Turn, replicaSet: ReplicaSet): boolean {
  const podHash = podHashOf(replicaSet);
  if (podHash === '') return false;
  const status = statusOf(turn);
  const { blueGreen, canary } = turn.rollout.spec.strategy;
  const services =
    canary === undefined
      ? [blueGreen?.activeService, blueGreen?.previewService]
      : [canary.canaryService, canary.stableService];
  return [
    status.stableRS,
    status.currentPodHash,
    status.blueGreen?.activeSelector,
    status.blueGreen?.previewSelector,
    status.canary?.weights?.canary.podTemplateHash,
    status.canary?.weights?.stable.podTemplateHash,
    ...services.map((name) => selectedHash(serviceNamed(turn, name))),
  ].includes(podHash);
}
