import type { RolloutObject } from '../objects/rollout-object.ts';
import {
  FOUND,
  fullyPromoted,
  otherPodHash,
  patches,
  type RolloutChange,
  stale,
  test,
} from './rollout-change.ts';

/**
 * Holds an update where it is until somebody resumes it. A finished one is left alone: its next update would not start; and so is
 * an aborted one, which would go on serving what was stopped.
 */
export function pause(rollout: RolloutObject, { podHash }: { podHash: string }): RolloutChange {
  const other = otherPodHash(rollout, podHash);
  if (other !== undefined) return stale(other);
  if (rollout.status.abort) return stale(`${podHash} was aborted: there is nothing left to hold`);
  if (rollout.spec.paused) return FOUND;
  if (fullyPromoted(rollout)) return stale(`${podHash} is fully promoted: there is nothing left to hold`);
  return patches({
    part: 'spec',
    operations: [
      test('/status/currentPodHash', podHash),
      test('/status/abort', rollout.status.abort),
      { op: 'add', path: '/spec/paused', value: true },
    ],
  });
}
