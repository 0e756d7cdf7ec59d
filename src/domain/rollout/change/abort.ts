import type { RolloutObject } from '../objects/rollout-object.ts';
import {
  FOUND,
  fullyPromoted,
  otherPodHash,
  patches,
  type RolloutChange,
  type RolloutPatch,
  stale,
  test,
  unpause,
} from './rollout-change.ts';

/**
 * Stops an update, and lets it go where it is held: a controller does not scale what is paused, so that an aborted canary behind
 * `spec.paused` would go on serving (`haltProgress` in `reconcileCanaryReplicaSets` of argoproj/argo-rollouts
 * rollout/canary.go). Tests the pod hash alone, so that it never misses for a step that moved. A set `promoteFull` is cleared
 * by the same patch, because the controller otherwise ignores the abort and finishes the update
 * (https://github.com/argoproj/argo-rollouts/issues/4461). A finished update is left alone: aborting it would mark the
 * Rollout Degraded for ever while the version that was meant to go serves.
 */
export function abort(rollout: RolloutObject, { podHash }: { podHash: string }): RolloutChange {
  const { status } = rollout;
  const other = otherPodHash(rollout, podHash);
  if (other !== undefined) return stale(other);
  const isStopped = status.abort && !status.promoteFull;
  if (!isStopped && fullyPromoted(rollout))
    return stale(`${podHash} is fully promoted: there is nothing left to abort`);
  const release = unpause(rollout);
  const [first, ...more] = [...(isStopped ? [] : [stop(rollout, podHash)]), ...(release ? [release] : [])];
  return first === undefined ? FOUND : patches(first, ...more);
}

function stop({ status }: RolloutObject, podHash: string): RolloutPatch {
  return {
    part: 'status',
    operations: [
      test('/status/currentPodHash', podHash),
      ...(status.promoteFull ? [{ op: 'add' as const, path: '/status/promoteFull', value: false }] : []),
      { op: 'add', path: '/status/abort', value: true },
    ],
  };
}
