import { policyOf } from '../../actor.ts';
import type { Intent } from '../../effect.ts';
import type { RolloutView } from '../../rollout/rollout-view.ts';
import { effectId } from '../effect-ids.ts';
import { emptyTurn, type Failure, type Look, perform, type Turn } from '../look.ts';
import { failureOf } from './pause.ts';
import type { Place } from './standing.ts';

/**
 * A canary that failed by itself, by its own analysis or by somebody's hand. A person who let the release go on after it was
 * held takes the update up again; otherwise the release cannot stay where it is.
 */
export function failed(look: Look, place: Place, standing: { says: string; view: RolloutView }): Turn {
  const { release } = look;
  const { view, says } = standing;
  const resumes = release.resumed.length;
  const id = effectId.retry(place.id, view.currentPodHash, resumes);
  const abortedSince = release.hold === undefined && resumes > 0;
  if (abortedSince && view.abort && release.effects[id] === undefined)
    return perform(retryIntent(look, place, { id, view }));
  if (abortedSince && release.effects[id]?.status.kind === 'open') return perform(release.effects[id].intent);
  return { ...emptyTurn(), recover: failedGate(look, place, view) ?? { service: place.service, says } };
}

/** What we aborted ourselves failed for the reason that its gate gave, not for having been aborted. */
function failedGate(look: Look, place: Place, view: RolloutView): Failure | undefined {
  const judged = look.release.judgements.findLast(
    ({ moment, verdict, required }) =>
      verdict === 'fail' &&
      required &&
      moment.placement === place.id &&
      moment.podHash === view.currentPodHash,
  );
  return judged && failureOf(judged);
}

function retryIntent(look: Look, place: Place, retry: { id: string; view: RolloutView }): Intent {
  const last = look.release.resumed.at(-1);
  const { cluster, namespace, rollout } = place.placement;
  return {
    id: retry.id,
    onBehalfOf: last
      ? { kind: 'person', id: last.person as `slack:${string}:${string}`, via: 'slack' }
      : policyOf(look.release.environment),
    effect: { kind: 'rollout.retry', cluster, namespace, rollout, podHash: retry.view.currentPodHash },
  };
}
