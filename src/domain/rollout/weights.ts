import type { ReplicaSetObject } from './objects/replica-set-object.ts';
import type { RolloutObject } from './objects/rollout-object.ts';
import { canarySteps, currentStep } from './steps.ts';

/** The canary's shares of traffic in percent of all of it. */
export interface Weights {
  /** What the steps ask for at this moment. */
  desired: number;
  /** What the router says, or the share of available pods where there is none. */
  actual: number;
}

/**
 * The weights of a canary; absent for blue-green. They equal what `kubectl argo rollouts get rollout` prints, with one
 * difference: a canary that was aborted and has no current step is where its router or its pods are, and not at 100.
 * Source: argoproj/argo-rollouts pkg/kubectl-argo-rollouts/info/rollout_info.go, utils/replicaset/canary.go.
 */
export function weightsOf(
  rollout: RolloutObject,
  replicaSets: readonly ReplicaSetObject[],
): Weights | undefined {
  const canary = rollout.spec.strategy?.canary;
  if (!canary) return undefined;
  const max = canary.trafficRouting?.maxTrafficWeight ?? 100;
  const desired = desiredWeight(rollout, max);
  return {
    desired: percent(desired, max),
    actual: percent(actualWeight(rollout, { replicaSets, desired, max }), max),
  };
}

function percent(weight: number, max: number): number {
  return (weight * 100) / max;
}

/** `GetCurrentSetWeight`: the last `setWeight` at or before the current step, 0 before the first. */
function desiredWeight(rollout: RolloutObject, max: number): number {
  if (rollout.status.abort) return 0;
  const { step, index } = currentStep(rollout);
  if (step === undefined || index === undefined) return max;
  const last = canarySteps(rollout)
    .slice(0, index + 1)
    .findLast((done) => done.kind === 'setWeight');
  return last?.kind === 'setWeight' ? last.weight : 0;
}

function actualWeight(
  rollout: RolloutObject,
  { replicaSets, desired, max }: { replicaSets: readonly ReplicaSetObject[]; desired: number; max: number },
): number {
  const { status, spec } = rollout;
  if (currentStep(rollout).step === undefined && !status.abort) return max;
  const available = status.availableReplicas ?? 0;
  if (available === 0) return 0;
  if (spec.strategy?.canary?.trafficRouting) return status.canary?.weights?.canary.weight ?? desired;
  const ofCanary = replicaSets.find(
    ({ podHash }) => podHash === status.currentPodHash && podHash !== status.stableRS,
  );
  return Math.trunc(((ofCanary?.availableReplicas ?? 0) * max) / available);
}
