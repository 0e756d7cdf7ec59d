import type { Proof } from '../../ledger/release-facts.ts';
import { proveContent } from '../../rollout/prove-content.ts';
import { scaledToZero } from '../../rollout/scaled-to-zero.ts';
import { placementsOf, requester, restoredAt } from '../commits.ts';
import { endingFacts } from '../ending-facts.ts';
import { type Place, placesOf } from '../forward/standing.ts';
import { emptyTurn, type Look, record, seen, type Turn, together } from '../look.ts';
import { recordMovements } from '../movements.ts';
import { settleFirst } from '../settle-first.ts';
import { abortCanaries } from './abort-canaries.ts';
import { convergeRollouts } from './converge-rollouts.ts';
import { restoreContent } from './restore-content.ts';

/**
 * Takes content back: stop the bleeding (abort), make it durable (commit), make it fast (refresh, full promote), prove it.
 * Never waits for approvals, freezes, gates or other releases. What cannot be done now never keeps the next thing from being
 * done: an unreachable cluster does not stop the commit, an unreachable Git does not stop the aborts.
 */
export function recover(look: Look): Turn {
  const places = placesOf(look, look.release.plan.waves.flat());
  const aborts = abortCanaries(look, places);
  const moved = recordMovements(look, placementsOf(look.release, look.release.plan.waves.flat()));
  // What is worth remembering is written down after the bleeding is stopped, not before.
  if (moved && aborts.perform.length === 0) return moved;
  const proofs = proofsOf(look, places);
  // A canary that nobody has stopped yet may take traffic the next moment, whatever serves now.
  if (proofs && aborts.perform.length === 0 && !look.release.stages.servingStable)
    return reached(look, 'servingStable', proofs);
  const turn = together([aborts, restoreContent(look), convergeRollouts(look, places)]);
  const idle = turn.perform.length === 0 && turn.waits.length === 0;
  return idle && proofs ? clean(look, proofs) : turn;
}

/** Proofs of every placement, or nothing while one is missing. One by no pods says that nothing serves there. */
function proofsOf(look: Look, places: readonly Place[]): Proof[] | undefined {
  const proofs = places.map((place) => {
    const view = seen(look, place.id);
    if (view === undefined) return undefined;
    const proved = proveContent(view, place.planned.to, place.id);
    if (proved.kind === 'proved') return proved.proof;
    const empty = scaledToZero(view, place.planned.to);
    return empty && { placement: place.id, podHash: empty.podHash, pods: 0, digests: {} };
  });
  return proofs.every((proof) => proof !== undefined) ? proofs : undefined;
}

function reached(look: Look, stage: 'servingStable', proofs: Proof[]): Turn {
  return record({
    kind: 'recovery.reached',
    actor: requester(look.release),
    data: { stage, proofs, keysLeftAlone: [] },
  });
}

/** Git and cluster agree, and ready pods prove it where there are any: remember the content, free the tracks, end. One append. */
function clean(look: Look, proofs: Proof[]): Turn {
  const { release } = look;
  if (restoredAt(release) === undefined) return emptyTurn();
  const unsettled = settleFirst(look);
  if (unsettled) return unsettled;
  const actor = requester(release);
  const proved = new Set(proofs.filter(({ pods }) => pods > 0).map(({ placement }) => placement));
  return {
    ...emptyTurn(),
    record: {
      environment: endingFacts(release, { actor, proved }),
      release: [
        { kind: 'recovery.reached', actor, data: { stage: 'clean', proofs, keysLeftAlone: [] } },
        { kind: 'release.ended', actor, data: { outcome: 'restored' } },
      ],
    },
  };
}
