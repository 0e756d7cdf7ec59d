import { atDesiredCounts } from './canary-counts.ts';
import { setsOf } from './canary-step.ts';
import {
  currentSetWeight,
  currentStep,
  desiredCanaryWeight,
  isFullyPromoted,
  weightSetBefore,
} from './canary-weight.ts';
import { sameJson } from './merge-patch.ts';
import { REASON } from './names.ts';
import { availableOf, podHashOf } from './replica-sets.ts';
import type { TrafficWeights } from './rollout-object.ts';
import { isRouted, maxTrafficWeight, replicasOf, stepsOf } from './settings.ts';
import { isAborted, statusOf, type Turn, tell } from './turn.ts';

/** Whether the Rollout went back to stable in mid-update while stable, scaled down for the canary, is not whole yet. */
export function isRollingBackDynamically(turn: Turn): boolean {
  const { canary } = turn.rollout.spec.strategy;
  const weights = statusOf(turn).canary?.weights;
  return (
    canary?.dynamicStableScale === true &&
    isRouted(turn.rollout) &&
    isFullyPromoted(turn.rollout) &&
    weights !== undefined &&
    weights.canary.podTemplateHash !== podHashOf(turn.fresh) &&
    availableOf(turn.fresh) < replicasOf(turn.rollout)
  );
}

/**
 * Sets the router's weights; a basic canary has none. `pointCanaryAtStable` is called when an abort has moved all the
 * traffic, so that the canary Service may go back too.
 */
export function reconcileTraffic(turn: Turn, pointCanaryAtStable: () => void): void {
  if (!isRouted(turn.rollout)) {
    turn.draft.canary.weights = undefined;
    return;
  }
  const dynamic = turn.rollout.spec.strategy.canary?.dynamicStableScale === true;
  const weight = desiredWeight(turn);
  if (!isFullyPromoted(turn.rollout) && isAborted(turn) && (!dynamic || weight === 0)) pointCanaryAtStable();
  if (!stableCanCarry(turn, maxTrafficWeight(turn.rollout) - weight)) return;
  const before = statusOf(turn).canary?.weights;
  const next = weightsFor(turn, weight);
  if (before !== undefined && sameJson({ ...before, verified: undefined }, next)) return;
  turn.draft.canary.weights = next;
  const change = before === undefined ? `to ${weight}` : `from ${before.canary.weight} to ${weight}`;
  const isMoved = before?.canary.weight !== weight;
  tell(turn, REASON.weightUpdated, `Traffic weight updated ${isMoved ? change : ''}`);
}

function weightsFor(turn: Turn, weight: number): TrafficWeights {
  const { canary } = turn.rollout.spec.strategy;
  const canaryHash = isRollingBackDynamically(turn)
    ? (statusOf(turn).canary?.weights?.canary.podTemplateHash ?? '')
    : podHashOf(turn.fresh);
  const destination = (share: number, service: string | undefined, hash: string) => ({
    weight: share,
    ...((service ?? '') === '' ? {} : { serviceName: service }),
    ...(hash === '' ? {} : { podTemplateHash: hash }),
  });
  return {
    canary: destination(weight, canary?.canaryService, canaryHash),
    stable: destination(
      maxTrafficWeight(turn.rollout) - weight,
      canary?.stableService,
      podHashOf(turn.stable),
    ),
  };
}

/** `reconcileTrafficRouting` of argo-rollouts: never more to the canary than its pods and the step allow. */
function desiredWeight(turn: Turn): number {
  const { rollout } = turn;
  const dynamic = rollout.spec.strategy.canary?.dynamicStableScale === true;
  if (isRollingBackDynamically(turn)) return weightOnTheWayBack(turn);
  if (isFullyPromoted(rollout)) return 0;
  if (isAborted(turn)) return weightOnTheWayBack(turn);
  if (availableOf(turn.fresh) === 0) return 0;
  if (statusOf(turn).promoteFull === true) {
    if (!dynamic) return statusOf(turn).canary?.weights?.canary.weight ?? 0;
    return Math.trunc((maxTrafficWeight(rollout) * availableOf(turn.fresh)) / replicasOf(rollout));
  }
  const { step, index } = currentStep(rollout);
  if (index === undefined) return 0;
  if (!atDesiredCounts(rollout, setsOf(turn))) return weightSetBefore(rollout, index - 1) ?? 0;
  return step === undefined && index === stepsOf(rollout).length
    ? maxTrafficWeight(rollout)
    : currentSetWeight(rollout);
}

/** Aborted or going back to stable: 0 at once, unless stable was scaled down and has to come back first. */
function weightOnTheWayBack(turn: Turn): number {
  const { rollout, stable, fresh } = turn;
  const replicas = replicasOf(rollout);
  const dynamic = rollout.spec.strategy.canary?.dynamicStableScale === true;
  if (!dynamic || stable === undefined || replicas === 0) return 0;
  const whole = maxTrafficWeight(rollout);
  const desired = desiredCanaryWeight(rollout, { fresh, stable });
  const carried = Math.trunc((whole * availableOf(stable)) / replicas);
  const expected = Math.max(0, whole - carried);
  const current = statusOf(turn).canary?.weights?.canary.weight;
  if (current === undefined) return Math.max(expected, desired);
  if (desired <= 0) return Math.min(expected, current);
  return carried < whole - desired ? current : Math.min(desired, current);
}

function stableCanCarry(turn: Turn, weight: number): boolean {
  if (turn.stable === undefined) return false;
  const pods = Math.trunc((weight * replicasOf(turn.rollout)) / maxTrafficWeight(turn.rollout));
  return availableOf(turn.stable) >= pods;
}
