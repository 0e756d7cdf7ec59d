import type { RolloutObject } from '../objects/rollout-object.ts';
import { currentStep } from '../steps.ts';
import {
  FOUND,
  otherGeneration,
  otherPodHash,
  type PatchOperation,
  patches,
  type RolloutChange,
  type RolloutPatch,
  stale,
  test,
  unpause,
} from './rollout-change.ts';

/** The pause that somebody looked at when they said go on. */
export interface SeenPause {
  podHash: string;
  generation: number;
  /** 0 for blue-green and for a canary without steps. */
  stepIndex: number;
  /** `startTime` of the pause condition; any text where only `spec.paused` holds the Rollout. */
  pauseStart: string;
}

/**
 * Ends one pause, compare-and-set, so that the same click does nothing the second time and an old one nothing at all.
 * Only the pause that was seen is ended: another one that came since still waits for its own decision. Where an analysis
 * could not tell, its step is left behind, as `promote` of the plugin does; otherwise it would be measured again.
 * Source: argoproj/argo-rollouts pkg/kubectl-argo-rollouts/cmd/promote/promote.go.
 */
export function resume(rollout: RolloutObject, seen: SeenPause): RolloutChange {
  const other = otherPodHash(rollout, seen.podHash);
  if (other !== undefined) return stale(other);
  if (rollout.status.abort) return stale(`${seen.podHash} was aborted`);
  const pauses = rollout.status.pauseConditions ?? [];
  const at = pauses.findIndex(({ startTime }) => startTime === seen.pauseStart);
  const goOn = unpause(rollout);
  if (at < 0 && (goOn === undefined || pauses.length > 0)) return whenGone(rollout, seen);
  const changed = otherGeneration(rollout, seen.generation);
  if (changed !== undefined) return at < 0 ? whenGone(rollout, seen) : stale(changed);
  const index = currentStep(rollout).index ?? 0;
  if (index !== seen.stepIndex) return whenGone(rollout, seen);
  if (goOn === undefined) return patches(endPause(rollout, { at, generation: seen.generation }));
  // The hold first: a controller that finds no pause condition while it is held begins the same pause anew afterwards.
  const held = at < 0 ? [] : [endPause(rollout, { at, generation: seen.generation + 1 })];
  return patches(goOn, ...held);
}

/** The pause is over: because it was ended, when the canary went on from there; otherwise because something else happened. */
function whenGone(rollout: RolloutObject, seen: SeenPause): RolloutChange {
  const index = currentStep(rollout).index ?? 0;
  const pauses = rollout.status.pauseConditions ?? [];
  if (index > seen.stepIndex) return FOUND;
  if (index === seen.stepIndex && pauses.length === 0 && !rollout.spec.paused) return FOUND;
  return stale(`the pause at step ${seen.stepIndex} that began at ${seen.pauseStart} is no longer there`);
}

function endPause(
  rollout: RolloutObject,
  { at, generation }: { at: number; generation: number },
): RolloutPatch {
  const { status } = rollout;
  const pauses = status.pauseConditions ?? [];
  return {
    part: 'status',
    operations: [
      test('/metadata/generation', generation),
      test('/status/currentPodHash', status.currentPodHash),
      test('/status/currentStepIndex', status.currentStepIndex),
      test(`/status/pauseConditions/${at}/startTime`, pauses[at]?.startTime),
      ...(leavesStep(rollout, at) ? leaveStep(rollout) : []),
      { op: 'remove', path: pauses.length > 1 ? `/status/pauseConditions/${at}` : '/status/pauseConditions' },
    ],
  };
}

function leavesStep({ status }: RolloutObject, at: number): boolean {
  const reason = status.pauseConditions?.[at]?.reason;
  const analysis = status.canary?.currentStepAnalysisRunStatus?.status;
  return (
    reason === 'InconclusiveAnalysisRun' && analysis === 'Inconclusive' && status.controllerPause === true
  );
}

function leaveStep(rollout: RolloutObject): PatchOperation[] {
  const { step, index } = currentStep(rollout);
  if (index === undefined) return [];
  return [
    { op: 'add', path: '/status/controllerPause', value: false },
    { op: 'add', path: '/status/currentStepIndex', value: step === undefined ? index : index + 1 },
  ];
}
