import { reconcileAnalysis, skipsPostPromotion } from './analysis.ts';
import { deleteOldReplicaSets } from './history.ts';
import { PAUSE } from './names.ts';
import { baseStatus, calculateConditions, resetStatus } from './next-status.ts';
import type { Service } from './objects.ts';
import { persist } from './persist.ts';
import { isRollbackWithinWindow, promoteStable, reasonToPromote } from './promotion.ts';
import {
  availableOf,
  byRevisionDescending,
  findByHash,
  hasScaleDownDeadline,
  isSaturated,
  podHashOf,
  totals,
  wantedOf,
} from './replica-sets.ts';
import { restartPods } from './restart.ts';
import type { BlueGreenStrategy, RolloutStatus } from './rollout-object.ts';
import {
  delaysScaleDownOnAbort,
  isReferenced,
  removeScaleDownDeadlines,
  replicasAfterAbort,
  replicasDuringDelay,
  scale,
} from './scaling.ts';
import { selectPods } from './services.ts';
import { replicasOf } from './settings.ts';
import {
  isHalted,
  pauseCondition,
  selectedHash,
  serviceNamed,
  statusOf,
  type Turn,
  wakeAfter,
} from './turn.ts';

/** One turn of a blue-green Rollout. Nothing happens while its active Service is missing. */
export function reconcileBlueGreen(turn: Turn): void {
  const active = activeService(turn);
  if (active === undefined) return;
  const preview = previewService(turn);
  if (preview !== undefined && !isHalted(turn)) selectPods(turn, preview, podHashOf(turn.fresh));
  if (!templateChanged(turn)) {
    restartPods(turn);
    scaleBlueGreen(turn);
    reconcilePause(turn);
    switchActive(turn);
    reconcileAnalysis(turn);
  }
  writeStatus(turn);
}

function strategyOf(turn: Turn): BlueGreenStrategy {
  return turn.rollout.spec.strategy.blueGreen ?? { activeService: '' };
}

function activeService(turn: Turn): Service | undefined {
  return serviceNamed(turn, strategyOf(turn).activeService);
}

function previewService(turn: Turn): Service | undefined {
  return serviceNamed(turn, strategyOf(turn).previewService);
}

function templateChanged(turn: Turn): boolean {
  const known = statusOf(turn).currentPodHash ?? '';
  return known !== '' && known !== podHashOf(turn.fresh);
}

/** Scales stable and new ReplicaSets up and, after their delay, old ones down. */
export function scaleBlueGreen(turn: Turn): void {
  removeScaleDownDeadlines(turn);
  const { stable, fresh } = turn;
  if (stable !== undefined && stable.metadata.name !== fresh.metadata.name) {
    scale(turn, stable, replicasOf(turn.rollout));
  }
  const wanted = freshReplicas(turn);
  const replicas = delaysScaleDownOnAbort(turn) ? replicasAfterAbort(turn, wanted) : wanted;
  if (replicas !== 'wait') scale(turn, turn.fresh, replicas);
  scaleDownOthers(turn);
  deleteOldReplicaSets(turn);
}

/** Pods of the new ReplicaSet: the preview's number until the preview has been approved. */
function freshReplicas(turn: Turn): number {
  const { previewReplicaCount } = strategyOf(turn);
  const all = replicasOf(turn.rollout);
  const status = statusOf(turn);
  if (previewReplicaCount === undefined || status.promoteFull === true) return all;
  const active = findByHash(turn.all, status.blueGreen?.activeSelector ?? '');
  if (active === undefined || active.metadata.name === turn.fresh.metadata.name) return all;
  if (podHashOf(turn.fresh) !== status.currentPodHash) return previewReplicaCount;
  const isPaused = turn.rollout.spec.paused === true || (status.pauseConditions ?? []).length > 0;
  return !isPaused && status.blueGreen?.scaleUpPreviewCheckPoint === true ? all : previewReplicaCount;
}

function scaleDownOthers(turn: Turn): void {
  const strategy = strategyOf(turn);
  if (pauseCondition(turn, PAUSE.inconclusive) !== undefined) return;
  const isJudging =
    strategy.postPromotionAnalysis !== undefined &&
    strategy.scaleDownDelaySeconds === undefined &&
    !skipsPostPromotion(turn) &&
    turn.runs.postPromotion?.status?.phase !== 'Successful';
  if (isJudging) return;
  let waiting = 0;
  const active = turn.others.filter((replicaSet) => wantedOf(replicaSet) > 0);
  for (const replicaSet of active.sort(byRevisionDescending)) {
    if (isReferenced(turn, replicaSet)) continue;
    const kept = replicasDuringDelay(turn, replicaSet, { waiting, replicas: replicasOf(turn.rollout) });
    waiting = kept.waiting;
    if (kept.replicas !== wantedOf(replicaSet)) scale(turn, replicaSet, kept.replicas);
  }
}

/** Whether the new ReplicaSet has all its pods, so that pausing or switching makes sense. */
function isReadyForPause(turn: Turn): boolean {
  const wanted = freshReplicas(turn);
  return wantedOf(turn.fresh) === wanted && availableOf(turn.fresh) === wanted;
}

/** Whether no pause is due: full promotion, back to pods that are still up, the first deploy, or already active. */
function isFastTracked(turn: Turn): boolean {
  const selected = selectedHash(activeService(turn));
  return (
    hasScaleDownDeadline(turn.fresh) ||
    statusOf(turn).promoteFull === true ||
    selected === '' ||
    selected === podHashOf(turn.fresh)
  );
}

function reconcilePause(turn: Turn): void {
  if (statusOf(turn).abort === true || !isReadyForPause(turn) || isHalted(turn)) return;
  const { autoPromotionEnabled, autoPromotionSeconds = 0 } = strategyOf(turn);
  const needsPause = autoPromotionEnabled === false || autoPromotionSeconds > 0;
  const isPast = statusOf(turn).blueGreen?.scaleUpPreviewCheckPoint === true;
  if (isFastTracked(turn) || isPast || !needsPause) {
    turn.decisions.remove.add(PAUSE.blueGreen);
    return;
  }
  if (!isPrePromotionPassed(turn)) return;
  const pause = pauseCondition(turn, PAUSE.blueGreen);
  if (pause === undefined) {
    if (statusOf(turn).controllerPause !== true) turn.decisions.add.add(PAUSE.blueGreen);
  } else if (isPauseOver(turn)) {
    turn.decisions.remove.add(PAUSE.blueGreen);
  } else if (autoPromotionSeconds > 0) {
    wakeAfter(turn, Date.parse(pause.startTime) + autoPromotionSeconds * 1000 - turn.now);
  }
}

/** Whether the pause is over: somebody resumed, or the seconds to automatic promotion have passed. */
function isPauseOver(turn: Turn): boolean {
  const status = statusOf(turn);
  if (turn.decisions.add.size > 0) return false;
  if (status.blueGreen?.scaleUpPreviewCheckPoint === true) return true;
  const pause = pauseCondition(turn, PAUSE.blueGreen);
  const { autoPromotionEnabled, autoPromotionSeconds = 0 } = strategyOf(turn);
  if (autoPromotionEnabled === false) return status.controllerPause === true && pause === undefined;
  if (autoPromotionSeconds === 0) return true;
  return pause !== undefined && Date.parse(pause.startTime) + autoPromotionSeconds * 1000 <= turn.now;
}

function isPrePromotionPassed(turn: Turn): boolean {
  if (strategyOf(turn).prePromotionAnalysis === undefined) return true;
  return turn.runs.prePromotion?.status?.phase === 'Successful';
}

/**
 * Switches the active Service. An abort is looked at only after the new pods were found whole: pods that crash after they
 * became active keep the Service, whatever `status.abort` says.
 */
function switchActive(turn: Turn): void {
  const service = activeService(turn);
  if (service === undefined || isHalted(turn)) return;
  if (!isReadyForPause(turn) || !isSaturated(turn.rollout, turn.fresh)) return;
  let podHash = selectedHash(service);
  if (isFastTracked(turn) || (isPauseOver(turn) && isPrePromotionPassed(turn)))
    podHash = podHashOf(turn.fresh);
  if (statusOf(turn).abort === true) podHash = statusOf(turn).stableRS ?? '';
  selectPods(turn, service, podHash);
}

function writeStatus(turn: Turn): void {
  const next = baseStatus(turn);
  next.stableRS = statusOf(turn).stableRS;
  if (templateChanged(turn)) resetStatus(turn, next);
  if (statusOf(turn).promoteFull === true || isRollbackWithinWindow(turn)) {
    turn.decisions.clear = true;
    turn.decisions.removeAbort = true;
  }
  next.blueGreen = {
    ...next.blueGreen,
    previewSelector: selectedHash(previewService(turn)),
    activeSelector: selectedHash(activeService(turn)),
  };
  const reason = reasonToPromote(turn, next);
  if (reason === undefined) next.blueGreen.scaleUpPreviewCheckPoint = isPastCheckPoint(turn);
  else promoteStable(turn, next, reason);
  countActive(turn, next);
  calculateConditions(turn, next);
  persist(turn, next);
}

/** Counters of a blue-green Rollout are those of what serves. */
function countActive(turn: Turn, next: RolloutStatus): void {
  const active = findByHash(turn.all, next.blueGreen?.activeSelector ?? '');
  const labels =
    active === undefined ? turn.rollout.spec.selector?.matchLabels : active.spec.selector.matchLabels;
  next.selector = Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
  const counted = totals(active === undefined ? turn.all : [active]);
  next.HPAReplicas = counted.created;
  next.availableReplicas = counted.available;
  next.readyReplicas = counted.ready;
}

/** Whether the preview with fewer pods was approved, so that the rest may be started: stays so until promoted. */
function isPastCheckPoint(turn: Turn): boolean {
  const { previewReplicaCount } = strategyOf(turn);
  if (previewReplicaCount === undefined) return false;
  if (statusOf(turn).blueGreen?.scaleUpPreviewCheckPoint === true) return true;
  if (!isPrePromotionPassed(turn) || !isPauseOver(turn)) return false;
  return availableOf(turn.fresh) === previewReplicaCount;
}
