import { policyOf } from '../../actor.ts';
import { durationInWords } from '../../gate/duration.ts';
import type { Moment } from '../../gate/planned-gate.ts';
import type { ServiceName } from '../../ids.ts';
import type { Proof } from '../../ledger/release-facts.ts';
import { NOTHING_TO_PROVE } from '../../rollout/scaled-to-zero.ts';
import { checklistWait } from '../checklist-wait.ts';
import { placementsOf, waveIntents } from '../commits.ts';
import { effectId } from '../effect-ids.ts';
import { emptyTurn, type Look, perform, record, type Turn, together, type Wait, waitFor } from '../look.ts';
import { recordMovements } from '../movements.ts';
import { effectDone } from '../release-state.ts';
import { untilHeard } from '../wake-rollout.ts';
import { afterDeploy } from './after-deploy.ts';
import { cannotStay } from './cannot-stay.ts';
import { failed } from './failed.ts';
import { untilOpen } from './in-window.ts';
import { atPause, resumedBy } from './pause.ts';
import { refusedEffects } from './refused.ts';
import { type Place, placesOf, standingOf } from './standing.ts';

/** Wave after wave: commit, refresh, let the canaries go on as their gates allow, prove. Absent when all waves are proved. */
export function deploy(look: Look): Turn | undefined {
  const { waves } = look.release.plan;
  const begun = waves.filter((_, i) => waveCommitted(look, i)).flat();
  const moved = recordMovements(look, placementsOf(look.release, begun));
  if (moved) return moved;
  for (const [index, services] of waves.entries()) {
    const turn = waveTurn(look, index, services);
    if (turn) return turn;
  }
  return undefined;
}

/** Absent when every placement of the wave is proved and its gates have passed, or a person let it go on without. */
function waveTurn(look: Look, index: number, services: readonly ServiceName[]): Turn | undefined {
  const { release } = look;
  const places = placesOf(look, services);
  const intents = waveIntents(release, index);
  const undone = intents.filter((intent) => effectDone(release, intent.id) === undefined);
  if (undone.length > 0) {
    const refused = refusedEffects(
      look,
      intents.map((intent) => intent.id),
    );
    if (refused) return refused;
    if (release.hold) return waitFor({ kind: 'held', reason: release.hold.reason });
    // A window that closes meanwhile lets a wave that has begun be finished, and the next one wait. What was only intended may
    // have been done by a process that died: it has begun.
    const hasBegun = intents.some((intent) => release.effects[intent.id] !== undefined);
    const closed = hasBegun ? undefined : untilOpen(look);
    if (closed) return closed;
    const open = index > 0 && undone.length === intents.length ? checklistWait(look, 'wave') : undefined;
    if (open) return waitFor(open);
    const unseen = places.filter((place) => (look.observed[place.id]?.kind ?? 'unknown') === 'unknown');
    return unseen.length > 0
      ? waitFor(...unseen.map((place) => unseenWait(look, place)))
      : perform(...undone);
  }
  const refresh = refreshIntents(look, index, places);
  const turns = places.map((place) => placeTurn(look, place)).filter((turn) => turn !== undefined);
  if (refresh.perform.length === 0 && turns.length === 0) return undefined;
  const all = together([refresh, ...turns]);
  if (release.hold) return outOfBudget(look, release.hold) ?? atRest(look, all, release.hold);
  return all.recover ? cannotStay(look, places, all.recover) : all;
}

/** Nothing is sent into a cluster that does not say what runs in it. */
function unseenWait(look: Look, { id }: Place): Wait {
  const observed = look.observed[id];
  return {
    kind: 'cluster',
    placement: id,
    says: observed?.kind === 'unknown' ? observed.reason : 'not looked at yet',
  };
}

/** A held release looks on and does nothing. */
function atRest(look: Look, all: Turn, hold: Hold): Turn {
  const until = restsUntil(look, hold);
  return {
    ...emptyTurn(),
    waits: [{ kind: 'held', reason: hold.reason, ...(until !== undefined && { until }) }, ...all.waits],
  };
}

type Hold = NonNullable<Look['release']['hold']>;

/** Nobody decided in the time that the plan gives them: what users have is worse than what they had. */
function outOfBudget(look: Look, hold: Hold): Turn | undefined {
  const until = restsUntil(look, hold);
  if (until === undefined || look.now < until) return undefined;
  const { reason } = hold;
  const [gate, service] = 'gate' in reason ? [reason.gate, reason.service] : [undefined, ''];
  const says = `nobody decided within ${durationInWords(until - Date.parse(hold.at))}: ${reason.says}`;
  return { ...emptyTurn(), recover: { service, ...(gate !== undefined && { gate }), says } };
}

/** When a release that rests for what its gates said goes back by itself; absent: never. */
function restsUntil({ release }: Look, { reason, at }: Hold): number | undefined {
  const { timeToRemediateMs } = release.plan;
  const isJudged =
    reason.kind === 'gateFailed' || reason.kind === 'gateUnclear' || reason.kind === 'analysisInconclusive';
  return timeToRemediateMs === undefined || !isJudged ? undefined : Date.parse(at) + timeToRemediateMs;
}

/** Absent when nothing more is asked of the placement. */
function placeTurn(look: Look, place: Place): Turn | undefined {
  const standing = standingOf(look, place);
  switch (standing.kind) {
    case 'waiting':
      return waitFor(standing.wait);
    case 'unheard':
      return untilHeard(look, place, standing.view);
    case 'failed':
      return failed(look, place, standing);
    case 'undecided':
      return undecided(look, place, standing);
    case 'paused':
      return atPause(look, place, standing);
    case 'empty':
      return nothingToProve(look, place, standing.moment);
    case 'serving':
      return prove(look, place, standing.proof) ?? afterDeploy(look, place, standing.proof);
  }
}

/** Forward fails closed: a person says whether the release goes on without a proof, unless pods come first. */
function nothingToProve(look: Look, { service, id: placement }: Place, moment: Moment): Turn | undefined {
  if (resumedBy(look.release, moment)) return undefined;
  return waitFor({ kind: 'person', service, placement, moment, why: NOTHING_TO_PROVE });
}

/** The controller's own analysis could not tell: hold, and let a person say. */
function undecided(
  look: Look,
  place: Place,
  standing: { moment: Parameters<typeof resumedBy>[1]; says: string },
): Turn {
  const resumed = resumedBy(look.release, standing.moment);
  if (resumed)
    return atPause(look, place, { kind: 'paused', moment: standing.moment, view: viewOf(look, place) });
  if (look.release.hold) return waitFor({ kind: 'held', reason: look.release.hold.reason });
  return record({
    kind: 'release.held',
    actor: policyOf(look.release.environment),
    data: { reason: { kind: 'analysisInconclusive', service: place.service, says: standing.says } },
  });
}

function viewOf(look: Look, place: Place) {
  const observed = look.observed[place.id];
  if (observed?.kind !== 'seen') throw new Error(`no view of ${place.id}`);
  return observed.rollout;
}

function prove(look: Look, place: Place, proof: Proof): Turn | undefined {
  const known = look.release.proofs[place.id];
  if (known?.proof.podHash === proof.podHash) return undefined;
  return record({
    kind: 'service.proved',
    actor: policyOf(look.release.environment),
    data: { service: place.service, proof },
  });
}

/** Argo CD looks at Git every few minutes; after our commit it is told to look now. */
function refreshIntents(look: Look, wave: number, places: readonly Place[]): Turn {
  const undone = places.flatMap(({ placement }) => {
    if (placement.argocd === undefined) return [];
    const { application, namespace } = placement.argocd;
    const id = effectId.refresh(`wave-${wave + 1}`, `${placement.cluster}/${application}`);
    if (look.release.effects[id] && look.release.effects[id].status.kind !== 'open') return [];
    const effect = { kind: 'argocd.refresh' as const, cluster: placement.cluster, namespace, application };
    return [{ id, effect, onBehalfOf: policyOf(look.release.environment) }];
  });
  return undone.length === 0 ? emptyTurn() : perform(...undone);
}

function waveCommitted(look: Look, index: number): boolean {
  const intents = waveIntents(look.release, index);
  return intents.every((intent) => effectDone(look.release, intent.id) !== undefined);
}
