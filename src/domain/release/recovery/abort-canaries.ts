import { asksFor } from '../../content.ts';
import type { Intent } from '../../effect.ts';
import { requester } from '../commits.ts';
import { effectId } from '../effect-ids.ts';
import type { Place } from '../forward/standing.ts';
import { isStopped } from '../is-stopped.ts';
import { emptyTurn, type Look, seen, type Turn } from '../look.ts';
import { orBreakGlass } from './break-glass.ts';

/**
 * Stops every canary that carries content which goes back: one patch each, dependents before what they depend on. A Rollout
 * whose present template is neither what goes back nor what comes back is somebody else's, and is left alone.
 */
export function abortCanaries(look: Look, places: readonly Place[]): Turn {
  const { waves } = look.release.plan;
  const perform = waves
    .map((services) =>
      places
        .filter((place) => services.includes(place.service))
        .map((place) => abortOf(look, place))
        .filter((intent) => intent !== undefined),
    )
    .filter((group) => group.length > 0);
  return { ...emptyTurn(), perform };
}

function abortOf(look: Look, place: Place): Intent | undefined {
  const view = seen(look, place.id);
  if (view === undefined || isStopped(view) || view.currentPodHash === view.stablePodHash) return undefined;
  const { from, to } = place.planned;
  if (asksFor(view.images, to) || (from !== undefined && !asksFor(view.images, from))) return undefined;
  const { cluster, namespace, rollout } = place.placement;
  return orBreakGlass(look, {
    id: effectId.abort(place.id, view.currentPodHash),
    onBehalfOf: requester(look.release),
    effect: { kind: 'rollout.abort', cluster, namespace, rollout, podHash: view.currentPodHash },
  });
}
