import type { RolloutObject } from './objects/rollout-object.ts';
import { phaseOf } from './phase.ts';

/**
 * Whether something was asked of a Rollout that its controller shows no sign of having seen. For a moment that is so after
 * every write. Up to and including Argo Rollouts 1.9.1 it may stay so for ever: a controller that is at work on a Rollout puts
 * its own copy into its cache when it is done, over a newer one that the watch has just brought, and does not look again
 * before the next write by anybody.
 * Sources: https://github.com/argoproj/argo-rollouts/issues/4694, https://github.com/argoproj/argo-rollouts/pull/4786;
 * seen on the real controller 1.9.1 with an abort 20 ms after the pause.
 */
export function isUnheard(rollout: RolloutObject): boolean {
  const { status } = rollout;
  const { observed } = phaseOf(rollout);
  if (!observed) return true;
  const paused = (status.pauseConditions ?? []).length > 0;
  const aborted = (status.conditions ?? []).some(({ reason }) => reason === 'RolloutAborted');
  return (
    (status.controllerPause === true && !paused) ||
    (status.promoteFull === true && paused) ||
    (status.abort ?? false) !== aborted
  );
}
