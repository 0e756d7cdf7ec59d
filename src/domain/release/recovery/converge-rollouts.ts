import { acceptableDigests, asksFor } from '../../content.ts';
import type { Intent } from '../../effect.ts';
import { proveContent } from '../../rollout/prove-content.ts';
import type { RolloutView } from '../../rollout/rollout-view.ts';
import { scaledToZero } from '../../rollout/scaled-to-zero.ts';
import { requester, restoredAt } from '../commits.ts';
import { effectId } from '../effect-ids.ts';
import type { Place } from '../forward/standing.ts';
import { emptyTurn, type Look, type Turn, together, waitFor } from '../look.ts';
import { untilHeard } from '../wake-rollout.ts';
import { orBreakGlass, refusedForGood } from './break-glass.ts';

/** Brings every Rollout onto the restored content as fast as is safe, and says what is still missing. */
export function convergeRollouts(look: Look, places: readonly Place[]): Turn {
  const committed = restoredAt(look.release) !== undefined;
  return together(places.map((place) => withRefusal(look, place, converge(look, place, committed))));
}

/** Nothing is silent: who waits for a Rollout also reads that nobody was let do anything about it. */
function withRefusal(look: Look, place: Place, turn: Turn): Turn {
  const refused = turn.waits.length > 0 ? refusedForGood(look, place) : undefined;
  return refused ? { ...turn, waits: [...turn.waits, refused] } : turn;
}

function converge(look: Look, place: Place, committed: boolean): Turn {
  const { service, id: placement } = place;
  const observed = look.observed[placement];
  if (observed?.kind !== 'seen') {
    const says =
      observed?.kind === 'missing'
        ? `there is no Rollout ${placement}`
        : (observed?.reason ?? 'not looked at yet');
    return waitFor({ kind: 'cluster', placement, says });
  }
  const view = observed.rollout;
  if (!asksFor(view.images, place.planned.to)) return bringTemplate(look, place, committed);
  const says = view.message || view.phase;
  if (!view.observed) return untilHeard(look, place, view);
  if (view.currentPodHash !== view.stablePodHash) return promote(look, place, view);
  if (view.abort) return clearAbort(look, place, view);
  // Paused by hand, or by a hold of ours that nobody let go: it would keep the pods of what left.
  if (view.pausedBySpec) return promote(look, place, view);
  const proved = proveContent(view, place.planned.to, placement);
  if (proved.kind === 'unproved' && scaledToZero(view, place.planned.to) === undefined)
    return waitFor({ kind: 'rollout', service, placement, says: proved.reason });
  return view.phase === 'Healthy'
    ? inAgreement(look, place, view)
    : waitFor({ kind: 'rollout', service, placement, says });
}

/** An abort mark on a Rollout that is back on its stable content would stay Degraded for ever; retrying clears it. */
function clearAbort(look: Look, place: Place, view: RolloutView): Turn {
  const { cluster, namespace, rollout } = place.placement;
  const podHash = view.currentPodHash;
  const wait = waitFor({ kind: 'rollout', service: place.service, placement: place.id, says: view.message });
  const effect = { kind: 'rollout.retry' as const, cluster, namespace, rollout, podHash };
  const id = effectId.retry(place.id, podHash, 0);
  return withIntent(look, { id, effect, onBehalfOf: requester(look.release) }, wait);
}

/** Git's business where Git owns the Rollout, then Argo CD is told to look; undo to the very ReplicaSet elsewhere. */
function bringTemplate(look: Look, place: Place, committed: boolean): Turn {
  const { service, id: placement } = place;
  const { git, argocd, cluster, namespace, rollout } = place.placement;
  const wait = waitFor({
    kind: 'sync',
    service,
    placement,
    says: 'waiting for the cluster to take over the restored digest',
  });
  if (git === undefined) {
    const images = Object.fromEntries(
      Object.entries(place.planned.to.images).map(([container, image]) => [
        container,
        acceptableDigests(image),
      ]),
    );
    const effect = { kind: 'rollout.undo' as const, cluster, namespace, rollout, images };
    return withIntent(
      look,
      {
        id: effectId.undo(placement, look.release.resumed.length),
        effect,
        onBehalfOf: requester(look.release),
      },
      wait,
    );
  }
  return committed && argocd !== undefined ? refresh(look, place, wait) : wait;
}

/** Argo CD polls Git every few minutes; it is told to look now, once. */
function refresh(look: Look, place: Place, wait: Turn): Turn {
  const { argocd, cluster } = place.placement;
  if (argocd === undefined) return wait;
  const { application, namespace } = argocd;
  const { length: times } = look.release.resumed;
  const after = times === 0 ? 'restore' : `restore#${times}`;
  const id = effectId.refresh(after, `${cluster}/${application}`);
  const effect = { kind: 'argocd.refresh' as const, cluster, namespace, application };
  return withIntent(look, { id, effect, onBehalfOf: requester(look.release) }, wait);
}

/** Skips the canary's steps: only for recovery, only on the target's own pod hash, never while something is aborted. */
function promote(look: Look, place: Place, view: RolloutView): Turn {
  const { cluster, namespace, rollout } = place.placement;
  const wait = waitFor({
    kind: 'rollout',
    service: place.service,
    placement: place.id,
    says: view.message || view.phase,
  });
  if (view.abort) return wait;
  const effect = {
    kind: 'rollout.promoteFull' as const,
    cluster,
    namespace,
    rollout,
    podHash: view.currentPodHash,
    generation: view.generation,
  };
  const id = effectId.promoteFull(place.id, view.currentPodHash, view.generation);
  return withIntent(look, { id, effect, onBehalfOf: requester(look.release) }, wait);
}

function inAgreement(look: Look, place: Place, view: RolloutView): Turn {
  const { application } = view;
  if (place.placement.argocd === undefined || application === undefined) return emptyTurn();
  if (application.sync === 'Synced') return emptyTurn();
  const says = `Argo CD is ${application.sync}`;
  const wait = waitFor({ kind: 'sync', service: place.service, placement: place.id, says });
  return refresh(look, place, wait);
}

function withIntent(look: Look, intent: Intent, wait: Turn): Turn {
  const now = orBreakGlass(look, intent);
  return now ? { ...wait, perform: [[now]] } : wait;
}
