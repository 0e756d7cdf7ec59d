import type { Pause, RolloutView } from './rollout-view.ts';

/**
 * The pause that nothing but a decision ends, or nothing when every pause ends by itself. A timed step needs nobody, an
 * indefinite one and a blue-green promotion by hand need somebody, and an inconclusive analysis needs a person.
 * Source: `requiresManualAction` of argoproj/argo-rollouts rollout/pause.go.
 */
export function manualActionNeeded(view: RolloutView): Pause | undefined {
  return view.pauses.find((pause) => waitsForSomebody(pause, view));
}

/** Whether an analysis or experiment could not tell: a person decides, never policy. */
export function isInconclusive(pause: Pause): boolean {
  return pause.reason === 'InconclusiveAnalysisRun' || pause.reason === 'InconclusiveExperiment';
}

function waitsForSomebody(pause: Pause, view: RolloutView): boolean {
  if (isInconclusive(pause)) return true;
  if (pause.reason === 'BlueGreenPause') return view.autoPromotion === false;
  if (pause.reason !== 'CanaryPauseStep') return false;
  const step = view.steps[view.stepIndex ?? 0];
  return step?.kind === 'pause' && step.durationSeconds === undefined;
}
