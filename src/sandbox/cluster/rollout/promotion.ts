import { currentStep } from './canary-weight.ts';
import { REASON } from './names.ts';
import type { ReplicaSet } from './objects.ts';
import { availableOf, hasScaleDownDeadline, revisionOf } from './replica-sets.ts';
import type { RolloutStatus } from './rollout-object.ts';
import { replicasOf, stepsOf } from './settings.ts';
import { isAborted, statusOf, type Turn, tell } from './turn.ts';

/** Whether the template went back to one so recent that `spec.rollbackWindow` lets it skip the steps. */
export function isRollbackWithinWindow(turn: Turn): boolean {
  const revisions = turn.rollout.spec.rollbackWindow?.revisions ?? 0;
  const { fresh, stable, all } = turn;
  if (revisions <= 0 || stable === undefined || !isOlder(fresh, stable)) return false;
  const between = all.filter((replicaSet) => isOlder(replicaSet, stable) && isOlder(fresh, replicaSet));
  return between.length < revisions;
}

/** By creation time, whole seconds: revision numbers change on a rollback, birthdays do not. */
function isOlder(a: ReplicaSet, b: ReplicaSet): boolean {
  return Date.parse(a.metadata.creationTimestamp ?? '') < Date.parse(b.metadata.creationTimestamp ?? '');
}

/** Why the desired ReplicaSet becomes the stable one now; absent when it does not. */
export function reasonToPromote(turn: Turn, next: RolloutStatus): string | undefined {
  if (turn.stable === undefined) return 'Initial deploy';
  return turn.rollout.spec.strategy.blueGreen === undefined
    ? reasonToPromoteCanary(turn)
    : reasonToPromoteBlueGreen(turn, next);
}

function reasonToPromoteCanary(turn: Turn): string | undefined {
  if (isAborted(turn)) return undefined;
  if (availableOf(turn.fresh) < replicasOf(turn.rollout)) return undefined;
  if (statusOf(turn).promoteFull === true) return 'Full promotion requested';
  if (isRollbackWithinWindow(turn)) return 'Rollback within window';
  const steps = stepsOf(turn.rollout).length;
  const isDone = steps === 0 || currentStep(turn.rollout).index === steps;
  return isDone ? `Completed all ${steps} canary steps` : undefined;
}

function reasonToPromoteBlueGreen(turn: Turn, next: RolloutStatus): string | undefined {
  const active = next.blueGreen?.activeSelector ?? '';
  if (active === '') return 'Initial deploy';
  if (active !== next.currentPodHash) return undefined;
  if (statusOf(turn).promoteFull === true) return 'Full promotion requested';
  if (isRollbackWithinWindow(turn)) return 'Rollback within window';
  if (isAborted(turn)) return undefined;
  if (turn.rollout.spec.strategy.blueGreen?.postPromotionAnalysis !== undefined) {
    if (hasScaleDownDeadline(turn.fresh)) {
      return `Rollback to '${turn.fresh.metadata.name}' within scaleDownDelay`;
    }
    if (turn.runs.postPromotion?.status?.phase !== 'Successful') return undefined;
  }
  return 'Completed blue-green update';
}

/** Makes the desired ReplicaSet the stable one: no pauses, no abort, all steps done. */
export function promoteStable(turn: Turn, next: RolloutStatus, reason: string): void {
  turn.decisions.clear = true;
  turn.decisions.removeAbort = true;
  next.promoteFull = false;
  next.blueGreen = { ...next.blueGreen, scaleUpPreviewCheckPoint: false };
  if (turn.rollout.spec.strategy.canary !== undefined) {
    const steps = stepsOf(turn.rollout).length;
    next.currentStepIndex = steps > 0 ? steps : undefined;
  }
  if ((next.stableRS ?? '') === next.currentPodHash) return;
  next.stableRS = next.currentPodHash;
  const revision = revisionOf(turn.rollout);
  const message = `Rollout completed update to revision ${revision} (${next.currentPodHash}): ${reason}`;
  tell(turn, REASON.completed, message);
}
