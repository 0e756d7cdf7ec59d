import {
  findCondition,
  hasTimedOut,
  isComplete,
  isHealthy,
  madeProgress,
  newCondition,
  removeCondition,
  setCondition,
} from './conditions.ts';
import { REASON } from './names.ts';
import type { ReplicaSet } from './objects.ts';
import { isIndefinite, isPaused } from './persist.ts';
import {
  findByHash,
  hasScaleDownDeadline,
  isSaturated,
  podHashOf,
  revisionOf,
  totals,
} from './replica-sets.ts';
import type { RolloutCondition, RolloutStatus } from './rollout-object.ts';
import { replicasOf, stepsOf } from './settings.ts';
import { isAborted, statusOf, type Turn, tell } from './turn.ts';

/** The status every strategy begins with: hashes, counters and what this turn found. */
export function baseStatus(turn: Turn): RolloutStatus {
  const before = statusOf(turn);
  const all = totals(turn.all);
  const currentPodHash = podHashOf(turn.fresh);
  return {
    currentPodHash,
    replicas: all.created,
    updatedReplicas: turn.fresh.status?.replicas ?? 0,
    readyReplicas: all.ready,
    conditions: (before.conditions ?? []).filter(({ type }) => type !== 'InvalidSpec'),
    restartedAt: turn.draft.restartedAt,
    promoteFull: before.promoteFull === true,
    canary: { ...turn.draft.canary },
    blueGreen: { ...turn.draft.blueGreen },
  };
}

/** Begins a new update: no pauses, no abort, no full promotion, no runs, the first step. */
export function resetStatus(turn: Turn, next: RolloutStatus): void {
  turn.decisions.clear = true;
  turn.decisions.removeAbort = true;
  next.promoteFull = false;
  next.blueGreen = { ...next.blueGreen, scaleUpPreviewCheckPoint: false };
  delete next.blueGreen.prePromotionAnalysisRunStatus;
  delete next.blueGreen.postPromotionAnalysisRunStatus;
  next.canary = { weights: next.canary?.weights };
  next.currentStepIndex = stepsOf(turn.rollout).length > 0 ? 0 : undefined;
}

/** Adds all conditions to a status that is otherwise complete. */
export function calculateConditions(turn: Turn, next: RolloutStatus): void {
  const becameUnhealthy = setHealthy(turn, next);
  if (isAborted(turn)) setAborted(turn, next);
  else setProgressing(turn, next, becameUnhealthy);
  setAvailable(turn, next);
  const completed = isComplete(next);
  const text = { reason: REASON.completed, message: REASON.completed, now: turn.now };
  const changed = setCondition(next, newCondition('Completed', completed ? 'True' : 'False', text));
  if (changed && !completed) {
    const message = `Rollout not completed, started update to revision ${revisionOf(turn.rollout)} (${next.currentPodHash})`;
    tell(turn, REASON.notCompleted, message);
  }
}

/** Sets Healthy; a Rollout that never was healthy gets no such condition. Answers whether it has just ceased to be. */
function setHealthy(turn: Turn, next: RolloutStatus): boolean {
  const condition = (status: 'True' | 'False', message: string): RolloutCondition =>
    newCondition('Healthy', status, { reason: REASON.healthy, message, now: turn.now });
  if (!isPaused(turn) && isHealthy(turn.rollout, next)) {
    setCondition(next, condition('True', 'Rollout is healthy'));
    return false;
  }
  if (findCondition(statusOf(turn), 'Healthy') === undefined) return false;
  return setCondition(next, condition('False', 'Rollout is not healthy'));
}

function setAborted(turn: Turn, next: RolloutStatus): void {
  const why = turn.decisions.abort ?? '';
  const said = `Rollout aborted update to revision ${revisionOf(turn.rollout)}`;
  const message = why === '' ? said : `${said}: ${why}`;
  const text = { reason: REASON.aborted, message, now: turn.now };
  if (setCondition(next, newCondition('Progressing', 'False', text)))
    tell(turn, REASON.aborted, message, 'Warning');
}

function setProgressing(turn: Turn, next: RolloutStatus, becameUnhealthy: boolean): void {
  const { name } = turn.fresh.metadata;
  if (isHealthy(turn.rollout, next)) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    const text = { reason: REASON.newReplicaSetAvailable, message, now: turn.now };
    setCondition(next, newCondition('Progressing', 'True', text));
  } else if (madeProgress(turn.rollout, next) || becameUnhealthy) {
    noteProgress(turn, next, becameUnhealthy);
  } else if (!isIndefinite(turn) && !waitsForScaleDown(turn) && hasTimedOut(turn.rollout, next, turn.now)) {
    const message = `ReplicaSet "${name}" has timed out progressing.`;
    const text = { reason: REASON.timedOut, message, now: turn.now };
    setCondition(next, newCondition('Progressing', 'False', text));
    if (turn.rollout.spec.progressDeadlineAbort === true) {
      turn.decisions.abort = message;
      tell(turn, REASON.aborted, message, 'Warning');
    }
  }
}

/** Progress renews the condition's time even where nothing else of it changes: the deadline runs from there. */
function noteProgress(turn: Turn, next: RolloutStatus, becameUnhealthy: boolean): void {
  const wasPromoted = next.stableRS === next.currentPodHash && becameUnhealthy;
  const text = wasPromoted
    ? { reason: REASON.replicaSetNotAvailable, message: 'Rollout does not have minimum availability' }
    : {
        reason: REASON.replicaSetUpdated,
        message: `ReplicaSet "${turn.fresh.metadata.name}" is progressing.`,
      };
  const condition = newCondition('Progressing', 'True', { ...text, now: turn.now });
  const current = findCondition(statusOf(turn), 'Progressing');
  if (current?.status === 'True') condition.lastTransitionTime = current.lastTransitionTime;
  if (current !== undefined) removeCondition(next, 'Progressing');
  setCondition(next, condition);
}

function waitsForScaleDown(turn: Turn): boolean {
  return turn.others.some((replicaSet) => hasScaleDownDeadline(replicaSet));
}

function setAvailable(turn: Turn, next: RolloutStatus): void {
  const available = isAvailable(turn, findByHash(turn.all, next.blueGreen?.activeSelector ?? ''));
  const message = available
    ? 'Rollout has minimum availability'
    : 'Rollout does not have minimum availability';
  const text = { reason: REASON.available, message, now: turn.now };
  setCondition(next, newCondition('Available', available ? 'True' : 'False', text));
}

function isAvailable(turn: Turn, active: ReplicaSet | undefined): boolean {
  if (turn.rollout.spec.strategy.blueGreen !== undefined) return isSaturated(turn.rollout, active);
  return totals(turn.all).available >= replicasOf(turn.rollout);
}
