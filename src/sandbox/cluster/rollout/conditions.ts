import { REASON } from './names.ts';
import type { Rollout, RolloutCondition, RolloutStatus } from './rollout-object.ts';
import { progressDeadlineSeconds, replicasOf, stepsOf } from './settings.ts';
import { timestamp } from './time.ts';

type ConditionType = RolloutCondition['type'];

/** A condition that begins now. */
export function newCondition(
  type: ConditionType,
  status: RolloutCondition['status'],
  text: { reason: string; message: string; now: number },
): RolloutCondition {
  const at = timestamp(text.now);
  return {
    type,
    status,
    reason: text.reason,
    message: text.message,
    lastUpdateTime: at,
    lastTransitionTime: at,
  };
}

/** The condition of this type. */
export function findCondition(status: RolloutStatus, type: ConditionType): RolloutCondition | undefined {
  return status.conditions?.find((condition) => condition.type === type);
}

/** Puts a condition at the end of the list, unless one of the same status and reason is there. Answers whether it did. */
export function setCondition(status: RolloutStatus, condition: RolloutCondition): boolean {
  const current = findCondition(status, condition.type);
  if (current?.status === condition.status && current.reason === condition.reason) return false;
  const lastTransitionTime =
    current?.status === condition.status ? current.lastTransitionTime : condition.lastTransitionTime;
  removeCondition(status, condition.type);
  status.conditions = [...(status.conditions ?? []), { ...condition, lastTransitionTime }];
  return true;
}

/** Takes a condition out of the list. */
export function removeCondition(status: RolloutStatus, type: ConditionType): void {
  status.conditions = (status.conditions ?? []).filter((condition) => condition.type !== type);
}

/** Whether the stable ReplicaSet is the desired one; old pods may still be there. */
export function isComplete(status: RolloutStatus): boolean {
  return (status.stableRS ?? '') !== '' && status.stableRS === status.currentPodHash;
}

/** Whether everything wanted is updated, available and serving, and nothing old runs. */
export function isHealthy(rollout: Rollout, next: RolloutStatus): boolean {
  const replicas = replicasOf(rollout);
  return (
    (next.updatedReplicas ?? 0) === replicas &&
    (next.availableReplicas ?? 0) === replicas &&
    rollout.status?.observedGeneration === String(rollout.metadata.generation) &&
    strategyIsComplete(rollout, next)
  );
}

function strategyIsComplete(rollout: Rollout, next: RolloutStatus): boolean {
  const { blueGreen, canary } = rollout.spec.strategy;
  if (blueGreen !== undefined) {
    const active = (next.blueGreen?.activeSelector ?? '') === next.currentPodHash;
    const preview = (next.blueGreen?.previewSelector ?? '') === next.currentPodHash;
    return active && ((blueGreen.previewService ?? '') === '' || preview);
  }
  if (canary === undefined) return true;
  const steps = stepsOf(rollout).length;
  const done = steps === 0 || next.currentStepIndex === undefined || next.currentStepIndex === steps;
  return done && isComplete(next) && (next.replicas ?? 0) === replicasOf(rollout);
}

/** Whether something moved between two statuses: pods came or went, a step, a service or the stable one changed. */
export function madeProgress(rollout: Rollout, next: RolloutStatus): boolean {
  const before = rollout.status ?? {};
  const old = (status: RolloutStatus): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (next.updatedReplicas ?? 0) !== (before.updatedReplicas ?? 0) ||
    old(next) < old(before) ||
    (next.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (before.availableReplicas ?? 0) ||
    strategyProgressed(rollout, next)
  );
}

function strategyProgressed(rollout: Rollout, next: RolloutStatus): boolean {
  const before = rollout.status ?? {};
  if (rollout.spec.strategy.blueGreen !== undefined) {
    return (
      (before.blueGreen?.activeSelector ?? '') !== (next.blueGreen?.activeSelector ?? '') ||
      (before.blueGreen?.previewSelector ?? '') !== (next.blueGreen?.previewSelector ?? '')
    );
  }
  const stepped =
    next.currentStepIndex !== undefined &&
    before.currentStepIndex !== undefined &&
    next.currentStepIndex !== before.currentStepIndex;
  return (
    (next.stableRS ?? '') !== (before.stableRS ?? '') ||
    stepped ||
    (next.currentStepHash ?? '') !== (before.currentStepHash ?? '')
  );
}

/** Whether the last progress is longer ago than the deadline. Aborted and paused Rollouts have no clock running. */
export function hasTimedOut(rollout: Rollout, next: RolloutStatus, now: number): boolean {
  const progressing = findCondition(next, 'Progressing');
  if (progressing === undefined) return false;
  if (progressing.reason === REASON.aborted || progressing.reason === REASON.paused) return false;
  if (progressing.reason === REASON.timedOut) return true;
  return Date.parse(progressing.lastUpdateTime) + progressDeadlineSeconds(rollout) * 1000 < now;
}
