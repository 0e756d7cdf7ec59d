import { type AnalysisRun, isCompleted } from './analysis-object.ts';
import { createRun, type RunWish } from './analysis-run.ts';
import { currentStep, isFullyPromoted } from './canary-weight.ts';
import { PAUSE, POD_HASH_LABEL, STEP_INDEX_LABEL } from './names.ts';
import { isRollbackWithinWindow } from './promotion.ts';
import { availableOf, hasScaleDownDeadline, isSaturated, podHashOf, wantedOf } from './replica-sets.ts';
import type { RolloutAnalysis, RunStatus } from './rollout-object.ts';
import { type CurrentRuns, isAborted, pauseCondition, statusOf, type Turn, tell } from './turn.ts';

/** Sorts a Rollout's runs into those its status names and the rest. */
export function sortRuns(turn: Turn, runs: readonly AnalysisRun[]): void {
  const { canary, blueGreen } = statusOf(turn);
  const named = (status: RunStatus | undefined): AnalysisRun | undefined =>
    status === undefined ? undefined : runs.find((run) => run.metadata.name === status.name);
  turn.runs = {
    step: named(canary?.currentStepAnalysisRunStatus),
    background: named(canary?.currentBackgroundAnalysisRunStatus),
    prePromotion: named(blueGreen?.prePromotionAnalysisRunStatus),
    postPromotion: named(blueGreen?.postPromotionAnalysisRunStatus),
  };
  const current = Object.values(turn.runs);
  turn.otherRuns = runs.filter((run) => !current.includes(run));
}

/**
 * Starts, judges and ends the runs of an update. Nothing is judged when aborted, fully promoted by order, on the first
 * deploy and on the way back to pods that are still up: "no analysis" is no pass.
 */
export function reconcileAnalysis(turn: Turn): void {
  const status = statusOf(turn);
  const isSkipped =
    isAborted(turn) ||
    status.promoteFull === true ||
    hasScaleDownDeadline(turn.fresh) ||
    (status.stableRS ?? '') === '' ||
    isRollbackWithinWindow(turn);
  if (isSkipped) {
    noteRuns(turn, turn.runs);
    for (const run of [...Object.values(turn.runs), ...turn.otherRuns]) terminate(turn, run);
    return;
  }
  const next = turn.rollout.spec.strategy.blueGreen === undefined ? canaryRuns(turn) : blueGreenRuns(turn);
  const before = turn.runs;
  turn.runs = next;
  noteRuns(turn, next);
  const kept = Object.values(next).map((run) => run?.metadata.name);
  const rest = turn.otherRuns.filter((run) => !kept.includes(run.metadata.name));
  for (const run of rest) terminate(turn, run);
  deleteRuns(turn, rest);
  tellChanges(turn, before, next);
}

function canaryRuns(turn: Turn): CurrentRuns {
  return { step: stepRun(turn), background: backgroundRun(turn) };
}

function stepRun(turn: Turn): AnalysisRun | undefined {
  const { step, index } = currentStep(turn.rollout);
  const current = turn.runs.step;
  const status = statusOf(turn);
  if ((status.pauseConditions ?? []).length > 0 || status.abort === true) return current;
  const isOfFormerStep =
    current !== undefined && current.metadata.labels?.[STEP_INDEX_LABEL] !== String(index);
  if (index === undefined || !isAsked(step?.analysis) || isOfFormerStep) {
    terminate(turn, current);
    return undefined;
  }
  if (needsNewRun(turn, current)) {
    return createRun(turn, {
      analysis: step?.analysis,
      suffix: String(index),
      type: 'Step',
      stepIndex: index,
    });
  }
  judge(turn, current, 'Step-based analysis phase error/failed');
  return current;
}

function backgroundRun(turn: Turn): AnalysisRun | undefined {
  const analysis = turn.rollout.spec.strategy.canary?.analysis;
  const current = turn.runs.background;
  if (!isAsked(analysis)) {
    terminate(turn, current);
    return undefined;
  }
  const { index } = currentStep(turn.rollout);
  const isTooEarly =
    analysis?.startingStep !== undefined && index !== undefined && index < analysis.startingStep;
  if (isFullyPromoted(turn.rollout) || (statusOf(turn).currentPodHash ?? '') === '' || isTooEarly)
    return undefined;
  if (pauseCondition(turn, PAUSE.inconclusive) !== undefined) return current;
  if (needsNewRun(turn, current)) return createRun(turn, { analysis, type: 'Background' });
  judge(turn, current, 'Background analysis phase error/failed');
  return current;
}

function blueGreenRuns(turn: Turn): CurrentRuns {
  const { prePromotionAnalysis, postPromotionAnalysis } = turn.rollout.spec.strategy.blueGreen ?? {};
  const prePromotion = promotionRun(turn, {
    current: turn.runs.prePromotion,
    skip: skipsPrePromotion(turn),
    wish: { analysis: prePromotionAnalysis, suffix: 'pre', type: 'PrePromotion' },
  });
  judge(turn, prePromotion, 'Blue/green pre-promotion analysis phase error/failed');
  const postPromotion = promotionRun(turn, {
    current: turn.runs.postPromotion,
    skip: skipsPostPromotion(turn),
    wish: { analysis: postPromotionAnalysis, suffix: 'post', type: 'PostPromotion' },
  });
  judge(turn, postPromotion, 'Blue/green post-promotion analysis phase error/failed');
  return { prePromotion, postPromotion };
}

function promotionRun(
  turn: Turn,
  run: { current: AnalysisRun | undefined; skip: boolean; wish: RunWish },
): AnalysisRun | undefined {
  if (!isAsked(run.wish.analysis)) {
    terminate(turn, run.current);
    return undefined;
  }
  if (run.skip) {
    terminate(turn, run.current);
    return run.current;
  }
  if (pauseCondition(turn, PAUSE.inconclusive) !== undefined) return run.current;
  return needsNewRun(turn, run.current) ? createRun(turn, run.wish) : run.current;
}

function skipsPrePromotion(turn: Turn): boolean {
  const podHash = podHashOf(turn.fresh);
  const status = statusOf(turn);
  const active = status.blueGreen?.activeSelector ?? '';
  if (status.stableRS === podHash || active === '' || active === podHash) return true;
  if (turn.runs.prePromotion !== undefined) return false;
  const preview = turn.rollout.spec.strategy.blueGreen?.previewReplicaCount;
  if (preview === undefined) return !isSaturated(turn.rollout, turn.fresh);
  return wantedOf(turn.fresh) !== preview || availableOf(turn.fresh) !== preview;
}

/** Whether there is nothing to judge after promotion: already stable, not active yet, or not all pods there. */
export function skipsPostPromotion(turn: Turn): boolean {
  const podHash = podHashOf(turn.fresh);
  const status = statusOf(turn);
  if (status.stableRS === podHash || status.blueGreen?.activeSelector !== podHash) return true;
  return turn.runs.postPromotion === undefined && !isSaturated(turn.rollout, turn.fresh);
}

function isAsked(analysis: RolloutAnalysis | undefined): boolean {
  return (analysis?.templates ?? []).length > 0;
}

/** A run is made anew on a retry, and when somebody resumed after an inconclusive one. */
function needsNewRun(turn: Turn, current: AnalysisRun | undefined): boolean {
  if (current === undefined) return true;
  const status = statusOf(turn);
  const wasResumed =
    status.controllerPause === true &&
    pauseCondition(turn, PAUSE.canaryStep) === undefined &&
    pauseCondition(turn, PAUSE.blueGreen) === undefined;
  if (wasResumed) return current.status?.phase === 'Inconclusive';
  return status.abortedAt !== undefined;
}

/** Inconclusive pauses; failed and errored abort. */
function judge(turn: Turn, run: AnalysisRun | undefined, words: string): void {
  const { phase, message = '' } = run?.status ?? {};
  if (phase === 'Inconclusive') turn.decisions.add.add(PAUSE.inconclusive);
  if (phase === 'Failed' || phase === 'Error') {
    turn.decisions.abort = message === '' ? words : `${words}: ${message}`;
  }
}

function terminate(turn: Turn, run: AnalysisRun | undefined): void {
  if (run === undefined || run.spec.terminate === true || isCompleted(run.status?.phase)) return;
  turn.writes.push({ kind: 'analysisRun.terminate', name: run.metadata.name });
}

function noteRuns(turn: Turn, runs: CurrentRuns): void {
  const noted = (run: AnalysisRun | undefined): RunStatus | undefined =>
    run === undefined
      ? undefined
      : { name: run.metadata.name, status: run.status?.phase ?? '', message: run.status?.message };
  turn.draft.canary.currentStepAnalysisRunStatus = noted(runs.step);
  turn.draft.canary.currentBackgroundAnalysisRunStatus = noted(runs.background);
  turn.draft.blueGreen.prePromotionAnalysisRunStatus = noted(runs.prePromotion);
  turn.draft.blueGreen.postPromotionAnalysisRunStatus = noted(runs.postPromotion);
}

/** Deletes runs whose ReplicaSet is gone, and ended ones beyond the history limits, newest kept. */
function deleteRuns(turn: Turn, runs: readonly AnalysisRun[]): void {
  const { successfulRunHistoryLimit = 5, unsuccessfulRunHistoryLimit = 5 } = turn.rollout.spec.analysis ?? {};
  const hashes = new Set(turn.all.map(podHashOf));
  const left = { good: successfulRunHistoryLimit, bad: unsuccessfulRunHistoryLimit };
  const born = (run: AnalysisRun): string => run.metadata.creationTimestamp ?? '';
  for (const run of runs.toSorted((a, b) => (born(a) < born(b) ? 1 : -1))) {
    const phase = run.status?.phase;
    let isSurplus = !hashes.has(run.metadata.labels?.[POD_HASH_LABEL] ?? '');
    if (!isSurplus && phase === 'Successful') isSurplus = left.good-- <= 0;
    else if (!isSurplus && isCompleted(phase)) isSurplus = left.bad-- <= 0;
    if (isSurplus) turn.writes.push({ kind: 'analysisRun.delete', name: run.metadata.name });
  }
}

function tellChanges(turn: Turn, before: CurrentRuns, next: CurrentRuns): void {
  const { canary, blueGreen } = statusOf(turn);
  const known: [keyof CurrentRuns, string, RunStatus | undefined][] = [
    ['postPromotion', 'PostPromotion', blueGreen?.postPromotionAnalysisRunStatus],
    ['prePromotion', 'PrePromotion', blueGreen?.prePromotionAnalysisRunStatus],
    ['step', 'Step', canary?.currentStepAnalysisRunStatus],
    ['background', 'Background', canary?.currentBackgroundAnalysisRunStatus],
  ];
  for (const [use, type, status] of known) {
    const run = next[use];
    const phase = run?.status?.phase ?? '';
    if (run === undefined || phase === '' || before[use] === undefined) continue;
    if (status !== undefined && (status.name !== run.metadata.name || status.status === phase)) continue;
    const was = status === undefined ? 'NoPreviousStatus' : status.status;
    const message = `${type} Analysis Run '${run.metadata.name}' Status New: '${phase}' Previous: '${was}'`;
    const isBad = phase === 'Failed' || phase === 'Error';
    tell(turn, `AnalysisRun${phase}`, message, isBad ? 'Warning' : 'Normal');
  }
}
