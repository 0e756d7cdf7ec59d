import type { RolloutObject } from '../objects/rollout-object.ts';
import { phaseOf } from '../phase.ts';
import { FOUND, otherGeneration, patches, type RolloutChange, stale, test } from './rollout-change.ts';

/** Its only use is to be another write: the controller looks at every one. Not in Git, so no GitOps agent minds it. */
export const LOOK_AGAIN = 'signalbox/look-again';

const ANNOTATIONS = '/metadata/annotations';

/** Touches a Rollout whose controller shows no sign of having seen its present spec (see `isUnheard`). */
export function wake(rollout: RolloutObject, { generation }: { generation: number }): RolloutChange {
  const { metadata } = rollout;
  const other = otherGeneration(rollout, generation);
  if (other !== undefined) return stale(other);
  if (phaseOf(rollout).observed) return FOUND;
  const path = `${ANNOTATIONS}/${LOOK_AGAIN.replace('/', '~1')}`;
  const noneYet = metadata.annotations
    ? []
    : [test(ANNOTATIONS, undefined), { op: 'add' as const, path: ANNOTATIONS, value: {} }];
  return patches({
    part: 'spec',
    // The version that was read is never the one an earlier touch left, so this always is another write.
    operations: [
      test('/metadata/generation', generation),
      ...noneYet,
      { op: 'add', path, value: metadata.resourceVersion },
    ],
  });
}
