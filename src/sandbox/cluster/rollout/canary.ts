import { reconcileAnalysis } from './analysis.ts';
import { canaryCounts, hasOtherStable } from './canary-counts.ts';
import { describeStep, isStepCompleted, reconcilePause, setsOf } from './canary-step.ts';
import { currentStep, isFullyPromoted } from './canary-weight.ts';
import { stepHash } from './hash.ts';
import { deleteOldReplicaSets } from './history.ts';
import { PAUSE, REASON } from './names.ts';
import { baseStatus, calculateConditions, resetStatus } from './next-status.ts';
import type { ReplicaSet } from './objects.ts';
import { persist } from './persist.ts';
import { isRollbackWithinWindow, promoteStable, reasonToPromote } from './promotion.ts';
import {
  availableOf,
  byCreation,
  byRevisionDescending,
  hasScaleDownDeadline,
  podHashOf,
  totals,
  wantedOf,
} from './replica-sets.ts';
import { restartPods } from './restart.ts';
import type { RolloutStatus } from './rollout-object.ts';
import {
  delaysScaleDownOnAbort,
  isReferenced,
  removeScaleDownDeadlines,
  replicasAfterAbort,
  replicasDuringDelay,
  scale,
} from './scaling.ts';
import { ensureSelected, reconcileCanaryServices } from './services.ts';
import { isRouted, maxUnavailable, replicasOf, stepsOf } from './settings.ts';
import { reconcileTraffic } from './traffic.ts';
import { isAborted, isHalted, statusOf, type Turn, tell } from './turn.ts';

/** One turn of a canary. */
export function reconcileCanary(turn: Turn): void {
  if (templateOrStepsChanged(turn)) {
    beginUpdate(turn);
    return;
  }
  if (restartPods(turn)) return;
  deleteOldReplicaSets(turn);
  reconcileCanaryServices(turn);
  reconcileTraffic(turn, () => {
    const service = turn.rollout.spec.strategy.canary?.canaryService;
    ensureSelected(turn, { service, replicaSet: turn.stable, checkAvailability: false });
  });
  reconcileAnalysis(turn);
  if (turn.decisions.add.size === 0 && !scaleCanary(turn)) reconcilePause(turn);
  writeStatus(turn);
}

/** Scales stable, new and other ReplicaSets, in this order, one at a time. Answers whether something was scaled. */
export function scaleCanary(turn: Turn): boolean {
  if (isHalted(turn)) return false;
  removeScaleDownDeadlines(turn);
  return scaleStable(turn) || scaleFresh(turn) || scaleOthers(turn);
}

function scaleStable(turn: Turn): boolean {
  const sets = setsOf(turn);
  if (!hasOtherStable(sets)) return false;
  // By the weights of the last turn, not of this one: stable is scaled after the traffic has moved, never with it.
  const { stable } = canaryCounts(turn.rollout, sets, statusOf(turn).canary?.weights);
  return scale(turn, sets.stable, stable);
}

function scaleFresh(turn: Turn): boolean {
  const counts = canaryCounts(turn.rollout, setsOf(turn), turn.draft.canary.weights);
  const replicas = delaysScaleDownOnAbort(turn) ? replicasAfterAbort(turn, counts.fresh) : counts.fresh;
  return replicas !== 'wait' && scale(turn, turn.fresh, replicas);
}

function scaleOthers(turn: Turn): boolean {
  const { rollout } = turn;
  const active = turn.others.filter((replicaSet) => wantedOf(replicaSet) > 0).sort(byCreation);
  if (active.length === 0) return false;
  const cleaned = active.map((replicaSet) => removeUnavailable(turn, replicaSet));
  let mayGo = totals(turn.all).available - (replicasOf(rollout) - maxUnavailable(rollout));
  if (mayGo <= 0) return false;
  let waiting = 0;
  let scaled = cleaned.some((replicaSet, index) => replicaSet !== active[index]);
  for (const replicaSet of cleaned.sort(byRevisionDescending)) {
    const wanted = wantedOf(replicaSet);
    if (isRouted(rollout) && isReferenced(turn, replicaSet)) continue;
    if (mayGo <= 0) break;
    if (wanted === 0) continue;
    const kept = replicasToKeep(turn, replicaSet, { waiting, mayGo });
    waiting = kept.waiting;
    if (wanted === kept.replicas) continue;
    scale(turn, replicaSet, kept.replicas);
    mayGo -= wanted - kept.replicas;
    scaled = true;
  }
  return scaled;
}

/** Pods that never became available go first, so that they hold nothing up. Answers the ReplicaSet as it then is. */
function removeUnavailable(turn: Turn, replicaSet: ReplicaSet): ReplicaSet {
  const available = availableOf(replicaSet);
  if (available >= wantedOf(replicaSet)) return replicaSet;
  scale(turn, replicaSet, available);
  return { ...replicaSet, spec: { ...replicaSet.spec, replicas: available } };
}

/** Pods an old ReplicaSet keeps: with a router it waits out its delay, without one its pods take traffic and must go. */
function replicasToKeep(
  turn: Turn,
  replicaSet: ReplicaSet,
  limits: { waiting: number; mayGo: number },
): { waiting: number; replicas: number } {
  const wanted = wantedOf(replicaSet);
  if (!isRouted(turn.rollout))
    return { waiting: limits.waiting, replicas: Math.max(0, wanted - limits.mayGo) };
  const isFormerStable = isFullyPromoted(turn.rollout) || hasScaleDownDeadline(replicaSet);
  if (!isFormerStable || turn.rollout.spec.strategy.canary?.dynamicStableScale === true) {
    return { waiting: limits.waiting, replicas: 0 };
  }
  return replicasDuringDelay(turn, replicaSet, { waiting: limits.waiting, replicas: wanted });
}

/** Whether the template or the steps are not those the status speaks of. */
function templateOrStepsChanged(turn: Turn): boolean {
  const status = statusOf(turn);
  const known = status.currentStepHash ?? '';
  if (known === '' || known !== stepHash(turn.rollout.spec)) return true;
  return (status.currentPodHash ?? '') !== '' && status.currentPodHash !== podHashOf(turn.fresh);
}

function canaryStatus(turn: Turn): RolloutStatus {
  const all = totals(turn.all);
  return {
    ...baseStatus(turn),
    availableReplicas: all.available,
    HPAReplicas: all.created,
    selector: formatSelector(turn.rollout.spec.selector?.matchLabels ?? {}),
    stableRS: statusOf(turn).stableRS,
    currentStepHash: stepHash(turn.rollout.spec),
  };
}

function formatSelector(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key]}`)
    .join(',');
}

/** The first turn of an update: everything of the former one is forgotten; the way back to stable has no steps. */
function beginUpdate(turn: Turn): void {
  const next = canaryStatus(turn);
  resetStatus(turn, next);
  const steps = stepsOf(turn.rollout).length;
  if (steps > 0) {
    if (next.stableRS === podHashOf(turn.fresh)) {
      tell(turn, 'SkipSteps', 'Rollback to stable ReplicaSets');
      next.currentStepIndex = steps;
    } else if (isRollbackWithinWindow(turn) && wantedOf(turn.fresh) > 0) {
      tell(turn, 'SkipSteps', 'Rollback to active ReplicaSets within RollbackWindow');
      next.currentStepIndex = steps;
    }
  }
  calculateConditions(turn, next);
  persist(turn, next);
}

function writeStatus(turn: Turn): void {
  const next = canaryStatus(turn);
  const steps = stepsOf(turn.rollout).length;
  let { index } = currentStep(turn.rollout);
  if (statusOf(turn).promoteFull === true || isRollbackWithinWindow(turn)) {
    turn.decisions.clear = true;
    turn.decisions.removeAbort = true;
    if (steps > 0) index = steps;
  }
  const reason = reasonToPromote(turn, next);
  if (reason !== undefined) {
    promoteStable(turn, next, reason);
  } else if (isAborted(turn)) {
    if (steps > 0) next.currentStepIndex = next.stableRS === next.currentPodHash ? steps : 0;
  } else {
    next.currentStepIndex = completeStep(turn, next, index);
  }
  calculateConditions(turn, next);
  persist(turn, next);
}

/** The step to stand at: the next one when the current one is done. */
function completeStep(turn: Turn, next: RolloutStatus, index: number | undefined): number | undefined {
  const { step } = currentStep(turn.rollout);
  if (index === undefined || step === undefined || !isStepCompleted(turn)) return index;
  if (next.canary !== undefined) delete next.canary.currentStepAnalysisRunStatus;
  turn.decisions.remove.add(PAUSE.canaryStep);
  const steps = stepsOf(turn.rollout).length;
  tell(turn, REASON.stepCompleted, `Rollout step ${index + 1}/${steps} completed (${describeStep(step)})`);
  return index + 1;
}
