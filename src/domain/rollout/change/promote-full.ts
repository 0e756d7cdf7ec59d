import type { RolloutObject } from '../objects/rollout-object.ts';
import { phaseOf } from '../phase.ts';
import {
  FOUND,
  fullyPromoted,
  otherGeneration,
  otherPodHash,
  patches,
  type RolloutChange,
  type RolloutPatch,
  stale,
  test,
  unpause,
} from './rollout-change.ts';

/**
 * Skips the remaining steps, and lets a Rollout go that is held: paused, it would not even scale down what left. Refused while an abort is set, also by the patch itself: the controller lets `promoteFull`
 * override an abort and would ship the very version that was stopped.
 */
export function promoteFull(
  rollout: RolloutObject,
  { podHash, generation }: { podHash: string; generation: number },
): RolloutChange {
  const { status } = rollout;
  const other = otherPodHash(rollout, podHash) ?? otherGeneration(rollout, generation);
  if (other !== undefined) return stale(other);
  if (!phaseOf(rollout).observed) return stale('the controller has not seen the latest change yet');
  if (status.abort) return stale(`${podHash} is aborted: promoting it would ship what was stopped`);
  const isSkipped = status.promoteFull || fullyPromoted(rollout);
  const [first, ...more] = [...(isSkipped ? [] : [skipSteps(rollout)]), ...unpauseFully(rollout)];
  return first === undefined ? FOUND : patches(first, ...more);
}

function skipSteps({ metadata, status }: RolloutObject): RolloutPatch {
  return {
    part: 'status',
    operations: [
      test('/metadata/generation', metadata.generation),
      test('/status/currentPodHash', status.currentPodHash),
      test('/status/abort', status.abort),
      { op: 'add', path: '/status/promoteFull', value: true },
    ],
  };
}

function unpauseFully(rollout: RolloutObject): RolloutPatch[] {
  const patch = unpause(rollout);
  return patch === undefined ? [] : [patch];
}
