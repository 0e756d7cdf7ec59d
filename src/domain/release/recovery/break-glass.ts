import { type Actor, policyOf } from '../../actor.ts';
import type { Placement } from '../../catalog/placement.ts';
import type { Effect, Intent } from '../../effect.ts';
import { PersonId } from '../../ids.ts';
import { RECOVERY_MAY } from '../../rbac/identities.ts';
import { effectId } from '../effect-ids.ts';
import type { Place } from '../forward/standing.ts';
import type { Look, Wait } from '../look.ts';

/**
 * The intent to perform now: itself, or the same act as an identity that may when the API server refused the person whom we
 * authorised, or nothing when it is settled.
 */
export function orBreakGlass(look: Look, intent: Intent): Intent | undefined {
  const status = look.release.effects[intent.id]?.status;
  if (status === undefined || status.kind === 'open') return intent;
  if (status.kind === 'done' || status.why !== 'forbidden') return undefined;
  const onBehalfOf = whoMay(look, intent);
  if (onBehalfOf.id === intent.onBehalfOf.id) return undefined;
  const id = effectId.glass(intent.id);
  const glass = look.release.effects[id]?.status;
  if (glass !== undefined && glass.kind !== 'open') return undefined;
  return { id, effect: intent.effect, onBehalfOf };
}

/**
 * What the API server said to the last identity that could have done something for a placement; absent when there is nothing of
 * the kind. Shown beside a wait, never a wait of its own: what was refused may come about without us.
 */
export function refusedForGood(look: Look, { id, placement }: Place): Wait | undefined {
  const refused = Object.values(look.release.effects).findLast(
    ({ intent, status }) =>
      status.kind === 'refused' &&
      status.why === 'forbidden' &&
      isAt(intent.effect, placement) &&
      whoMay(look, intent).id === intent.onBehalfOf.id,
  );
  if (refused?.status.kind !== 'refused') return undefined;
  const { says } = refused.status;
  return {
    kind: 'cluster',
    placement: id,
    says: `${says}. signalbox rbac prints the rights that are missing`,
  };
}

function isAt(effect: Effect, { cluster, namespace, rollout, argocd }: Placement): boolean {
  if (effect.kind === 'argocd.refresh')
    return effect.cluster === cluster && effect.application === argocd?.application;
  return (
    'rollout' in effect &&
    effect.cluster === cluster &&
    effect.namespace === namespace &&
    effect.rollout === rollout
  );
}

/** Recovery for what brings content back; the environment's policy for what it does every day: a refresh, a retry. */
function whoMay({ release }: Look, { effect, onBehalfOf }: Intent): Actor {
  if (!RECOVERY_MAY.includes(effect.kind)) return policyOf(release.environment);
  const person = PersonId.safeParse(onBehalfOf.id);
  return { kind: 'recovery', id: 'signalbox:recovery', ...(person.success && { person: person.data }) };
}
