import { policyOf } from '../../actor.ts';
import type { Intent } from '../../effect.ts';
import { effectId } from '../effect-ids.ts';
import { isStopped } from '../is-stopped.ts';
import { emptyTurn, type Failure, type Look, perform, record, seen, type Turn } from '../look.ts';
import { refusedEffects } from './refused.ts';
import type { Place } from './standing.ts';

/**
 * The new content failed: every canary of the wave that is under way is aborted at once, by policy; then the environment's rule
 * decides whether the whole change set goes back by itself or a person is asked. No release rests aborted without one of them.
 */
export function cannotStay(look: Look, places: readonly Place[], failure: Failure): Turn {
  const aborts = places.map((place) => abortIntent(look, place)).filter((intent) => intent !== undefined);
  const undone = aborts.filter(
    (intent) => (look.release.effects[intent.id]?.status.kind ?? 'open') === 'open',
  );
  if (undone.length > 0) return perform(...undone);
  if (look.release.plan.onGateFailure === 'rollback') return { ...emptyTurn(), recover: failure };
  const refused = refusedEffects(
    look,
    aborts.map((intent) => intent.id),
  );
  if (refused) return refused;
  const { service, gate = 'rollout', says } = failure;
  return record({
    kind: 'release.held',
    actor: policyOf(look.release.environment),
    data: { reason: { kind: 'gateFailed', gate, service, says } },
  });
}

function abortIntent(look: Look, place: Place): Intent | undefined {
  const view = seen(look, place.id);
  if (view === undefined || isStopped(view) || view.currentPodHash === view.stablePodHash) return undefined;
  const { cluster, namespace, rollout } = place.placement;
  return {
    id: effectId.abort(place.id, view.currentPodHash),
    onBehalfOf: policyOf(look.release.environment),
    effect: { kind: 'rollout.abort', cluster, namespace, rollout, podHash: view.currentPodHash },
  };
}
