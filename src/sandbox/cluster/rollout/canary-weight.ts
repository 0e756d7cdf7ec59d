import type { ReplicaSet } from './objects.ts';
import { availableOf } from './replica-sets.ts';
import type { CanaryStep, Rollout } from './rollout-object.ts';
import { abortScaleDownDelay, isRouted, maxTrafficWeight, replicasOf, stepsOf } from './settings.ts';

/** Where a canary stands. No index: the strategy has no steps. No step: all of them are done. */
export interface StepPosition {
  step?: CanaryStep;
  index?: number;
}

/** The canary's current step. */
export function currentStep(rollout: Rollout): StepPosition {
  const steps = stepsOf(rollout);
  if (steps.length === 0) return {};
  const index = rollout.status?.currentStepIndex ?? 0;
  const step = steps[index];
  return step === undefined ? { index } : { step, index };
}

/** Whether the desired pod template is the stable one. */
export function isFullyPromoted(rollout: Rollout): boolean {
  return (rollout.status?.stableRS ?? '') === (rollout.status?.currentPodHash ?? '');
}

/** The last weight that a step up to `index` sets; absent when none does. */
export function weightSetBefore(rollout: Rollout, index: number): number | undefined {
  for (let at = index; at >= 0; at -= 1) {
    const weight = stepsOf(rollout)[at]?.setWeight;
    if (weight !== undefined) return weight;
  }
  return undefined;
}

/** The weight the steps ask for now: 0 when aborted, all of it when the steps are done. */
export function currentSetWeight(rollout: Rollout): number {
  if (rollout.status?.abort === true) return 0;
  const { step, index } = currentStep(rollout);
  if (step === undefined || index === undefined) return maxTrafficWeight(rollout);
  return weightSetBefore(rollout, index) ?? 0;
}

/** Pods that carry a weight, rounded up. */
export function weightToReplicas(replicas: number, weight: number, whole: number): number {
  return Math.ceil((weight * replicas) / whole);
}

/** What the steps want of the canary: a number of pods, or a weight. */
export function canaryGoal(
  rollout: Rollout,
  sets: { fresh: ReplicaSet | undefined; stable: ReplicaSet | undefined },
): { replicas: number } | { weight: number } {
  const status = rollout.status ?? {};
  if (status.promoteFull === true || (status.stableRS ?? '') === '' || isFullyPromoted(rollout)) {
    return { weight: maxTrafficWeight(rollout) };
  }
  const scale = canaryScale(rollout);
  if (scale?.replicas !== undefined) return { replicas: scale.replicas };
  if (scale?.weight !== undefined) return { weight: scale.weight };
  return { weight: desiredCanaryWeight(rollout, sets) };
}

/**
 * The weight to move to. An aborted canary with `dynamicStableScale` goes back through its own steps, each as soon as the
 * stable pods that were scaled down for it are back.
 */
export function desiredCanaryWeight(
  rollout: Rollout,
  sets: { fresh: ReplicaSet | undefined; stable: ReplicaSet | undefined },
): number {
  const dynamic = rollout.spec.strategy.canary?.dynamicStableScale === true;
  if (rollout.status?.abort !== true || !dynamic || sets.fresh === undefined || sets.stable === undefined) {
    return currentSetWeight(rollout);
  }
  const replicas = replicasOf(rollout);
  const canaryReplicas = Math.max(replicas - availableOf(sets.stable), availableOf(sets.fresh));
  const below = stepsOf(rollout).findLast(
    ({ setWeight }) =>
      setWeight !== undefined &&
      weightToReplicas(replicas, setWeight, maxTrafficWeight(rollout)) < canaryReplicas,
  );
  return below?.setWeight ?? 0;
}

/** The `setCanaryScale` in force: only with a router, not after `matchTrafficWeight`, not when aborted. */
function canaryScale(
  rollout: Rollout,
): { replicas?: number | undefined; weight?: number | undefined } | undefined {
  if (!isRouted(rollout)) return undefined;
  if (rollout.status?.abort === true && abortScaleDownDelay(rollout).seconds !== 'never') return undefined;
  const { step, index } = currentStep(rollout);
  if (step === undefined || index === undefined) return undefined;
  const scale = stepsOf(rollout)
    .slice(0, index + 1)
    .findLast((one) => one.setCanaryScale !== undefined)?.setCanaryScale;
  return scale?.matchTrafficWeight === true ? undefined : scale;
}
