import { policyOf } from '../actor.ts';
import type { Intent } from '../effect.ts';
import type { RolloutView } from '../rollout/rollout-view.ts';
import { effectId } from './effect-ids.ts';
import type { Place } from './forward/standing.ts';
import { type Look, perform, type Turn, together, waitFor } from './look.ts';

/**
 * How long a change may stay unseen by its controller before the Rollout is touched, in milliseconds. A busy controller takes
 * seconds; one that lost the write (argoproj/argo-rollouts issue 4694) never comes back to it by itself.
 */
const UNHEARD_MS = 10_000;

/** A controller that does not look after so many touches is not there, and a person has to see to it. */
const MOST_TOUCHES = 3;

/**
 * What to do about a Rollout whose present spec its controller has not seen: wait, and after a while make it look, as the policy
 * of the environment. Our own writes are seen to where they are made; this is for those of others, such as Argo CD's apply.
 */
export function untilHeard(look: Look, place: Place, view: RolloutView): Turn {
  const { service, id: placement } = place;
  const touches = touchesOf(look, place, view);
  const open = touches.find((each) => each.status.kind === 'open');
  const isLost = view.writtenAt !== undefined && look.now - view.writtenAt >= UNHEARD_MS;
  const isGivenUp = isLost && touches.length >= MOST_TOUCHES && open === undefined;
  const says = isGivenUp
    ? 'its controller does not take up the change: see whether Argo Rollouts runs'
    : view.message || view.phase;
  const wait = waitFor({ kind: 'rollout', service, placement, says });
  if (open) return together([perform(open.intent), wait]);
  return isLost && !isGivenUp ? together([perform(touch(look, place, view, touches.length)), wait]) : wait;
}

function touchesOf({ release }: Look, { placement: at }: Place, view: RolloutView) {
  return Object.values(release.effects).filter(
    ({ intent: { effect } }) =>
      effect.kind === 'rollout.wake' &&
      effect.cluster === at.cluster &&
      effect.namespace === at.namespace &&
      effect.rollout === at.rollout &&
      effect.generation === view.generation,
  );
}

function touch(look: Look, { id, placement }: Place, { generation }: RolloutView, time: number): Intent {
  const { cluster, namespace, rollout } = placement;
  return {
    id: effectId.wake(id, generation, time),
    onBehalfOf: policyOf(look.release.environment),
    effect: { kind: 'rollout.wake', cluster, namespace, rollout, generation },
  };
}
