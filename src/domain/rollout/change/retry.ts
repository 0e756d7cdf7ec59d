import type { RolloutObject } from '../objects/rollout-object.ts';
import { FOUND, otherPodHash, patches, type RolloutChange, stale, test } from './rollout-change.ts';

/** Takes an aborted update up again, from its first step. */
export function retry(rollout: RolloutObject, { podHash }: { podHash: string }): RolloutChange {
  const other = otherPodHash(rollout, podHash);
  if (other !== undefined) return stale(other);
  if (!rollout.status.abort) return FOUND;
  return patches({
    part: 'status',
    operations: [
      test('/status/currentPodHash', podHash),
      test('/status/abort', true),
      { op: 'replace', path: '/status/abort', value: false },
    ],
  });
}
