import { atDesiredCounts, type CanarySets } from './canary-counts.ts';
import { currentStep } from './canary-weight.ts';
import { PAUSE } from './names.ts';
import { wasUnpaused } from './persist.ts';
import type { CanaryStep } from './rollout-object.ts';
import { pauseSeconds } from './settings.ts';
import { pauseCondition, statusOf, type Turn, wakeAfter } from './turn.ts';

/** The ReplicaSets of a turn, as the counting functions want them. */
export function setsOf(turn: Turn): CanarySets {
  return { fresh: turn.fresh, stable: turn.stable, others: turn.others };
}

/** Whether the current step is done, so that the next one begins. */
export function isStepCompleted(turn: Turn): boolean {
  if (turn.rollout.spec.paused === true) return false;
  const { step } = currentStep(turn.rollout);
  if (step === undefined) return false;
  if (step.pause !== undefined) return isPauseOver(turn, step);
  if (step.setWeight !== undefined || step.setCanaryScale !== undefined) {
    return atDesiredCounts(turn.rollout, setsOf(turn), turn.draft.canary.weights);
  }
  if (step.analysis !== undefined) return turn.runs.step?.status?.phase === 'Successful';
  return step.setHeaderRoute !== undefined || step.setMirrorRoute !== undefined;
}

function isPauseOver(turn: Turn, step: CanaryStep): boolean {
  if (wasUnpaused(turn, PAUSE.canaryStep)) return true;
  const seconds = pauseSeconds(step);
  const pause = pauseCondition(turn, PAUSE.canaryStep);
  if (seconds === undefined || pause === undefined) return false;
  return Date.parse(pause.startTime) + seconds * 1000 <= turn.now;
}

/** Pauses at a pause step, and wakes when a timed one is over. */
export function reconcilePause(turn: Turn): void {
  if (turn.rollout.spec.paused === true || statusOf(turn).promoteFull === true) return;
  const { step } = currentStep(turn.rollout);
  if (step?.pause === undefined) return;
  const pause = pauseCondition(turn, PAUSE.canaryStep);
  if (pause === undefined) {
    // A pause that the controller made and that is gone was cleared by somebody: the step is over, don't pause again.
    if (statusOf(turn).controllerPause !== true) turn.decisions.add.add(PAUSE.canaryStep);
    return;
  }
  const seconds = pauseSeconds(step);
  if (seconds === undefined) return;
  const endsAt = Date.parse(pause.startTime) + seconds * 1000;
  if (endsAt > turn.now) wakeAfter(turn, endsAt - turn.now);
}

/** A step in the words of Argo's events. */
export function describeStep(step: CanaryStep): string {
  if (step.setWeight !== undefined) return `setWeight: ${step.setWeight}`;
  if (step.pause !== undefined) {
    const { duration } = step.pause;
    return duration === undefined ? 'pause' : `pause: ${duration}`;
  }
  if (step.experiment !== undefined) return 'experiment';
  if (step.analysis !== undefined) return 'analysis';
  if (step.setCanaryScale !== undefined) return describeScale(step.setCanaryScale);
  if (step.plugin !== undefined) return `plugin: ${step.plugin.name}`;
  if (step.setHeaderRoute !== undefined) return `setHeaderRoute: ${step.setHeaderRoute.name}`;
  if (step.setMirrorRoute !== undefined) return `setMirrorRoute: ${step.setMirrorRoute.name}`;
  return 'invalid';
}

function describeScale(scale: NonNullable<CanaryStep['setCanaryScale']>): string {
  if (scale.weight !== undefined) return `setCanaryScale{weight: ${scale.weight}}`;
  if (scale.matchTrafficWeight === true) return 'setCanaryScale{matchTrafficWeight: true}';
  return `setCanaryScale{replicas: ${scale.replicas}}`;
}
