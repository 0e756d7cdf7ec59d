import { policyOf } from '../../actor.ts';
import type { Intent } from '../../effect.ts';
import type { Judgement, Moment, PlannedGate } from '../../gate/planned-gate.ts';
import { valueWords } from '../../gate/value-words.ts';
import type { RolloutView } from '../../rollout/rollout-view.ts';
import { effectId } from '../effect-ids.ts';
import {
  emptyTurn,
  type Failure,
  type GateAtMoment,
  type Look,
  perform,
  record,
  type Turn,
  together,
  waitFor,
} from '../look.ts';
import type { ReleaseState } from '../release-state.ts';
import { refusedEffects } from './refused.ts';
import type { Place, Standing } from './standing.ts';

/**
 * A timed pause whose gates have not all passed is held by us this long before it would end by itself: forward fails closed,
 * also against the controller's own clock. Longer than a look takes under load, shorter than any useful pause.
 */
const HOLD_BEFORE_END_MS = 3_000;

/** What to do about a canary that stands still: judge its gates, let it go on, hold it, or ask a person. */
export function atPause(look: Look, place: Place, standing: Extract<Standing, { kind: 'paused' }>): Turn {
  const { moment, view } = standing;
  const person = resumedBy(look.release, moment);
  if (person) return letGo(look, place, { moment, view, onBehalfOf: person });
  const gates = gatesAt(place.planned.gates, view, moment);
  const measured = gates.filter((gate) => gate.type !== 'manual');
  if (gates.length > measured.length) return askPerson(place, moment, 'a manual gate is bound to this pause');
  const verdicts = measured.map((gate) => judgementOf(look.release, gate, moment));
  const required = verdicts.filter((_, i) => measured[i]?.required);
  const failed = required.find((verdict) => verdict?.verdict === 'fail');
  if (failed) return { ...emptyTurn(), recover: failureOf(failed) };
  const unclear = required.find((verdict) => verdict !== undefined && verdict.verdict !== 'pass');
  if (unclear) return together([holdTimed(look, place, standing), holdUnclear(look, unclear)]);
  const judge = measured
    .filter((_, i) => verdicts[i] === undefined)
    .map((gate) => at(gate, place, moment, view));
  const open = judge.filter((each) => each.gate.required);
  if (open.length > 0)
    return together([
      { ...emptyTurn(), judge, waits: judge.map(gateWait) },
      holdTimed(look, place, standing),
    ]);
  if (required.length > 0 && (standing.until === undefined || view.pausedBySpec)) {
    return { ...letGo(look, place, { moment, view, onBehalfOf: policyOf(look.release.environment) }), judge };
  }
  if (standing.until === undefined)
    return askPerson(place, moment, 'this pause has no end of its own and no gate');
  return {
    ...waitFor({ kind: 'pause', service: place.service, placement: place.id, until: standing.until }),
    judge,
  };
}

/** Gates that a plan binds to this pause. */
export function gatesAt(gates: readonly PlannedGate[], view: RolloutView, moment: Moment): PlannedGate[] {
  return gates.filter(
    (gate) =>
      gate.phase === 'canary' ||
      (gate.phase === 'step' && gate.steps.includes(view.stepIndex ?? Number(moment.step))),
  );
}

/** What was said of this gate at exactly this moment. */
export function judgementOf(release: ReleaseState, gate: PlannedGate, moment: Moment): Judgement | undefined {
  return release.judgements.find((said) => said.gate === gate.name && sameMoment(said.moment, moment));
}

export function sameMoment(a: Moment, b: Moment): boolean {
  return a.placement === b.placement && a.podHash === b.podHash && a.step === b.step && a.since === b.since;
}

/** The person who let this very moment go on. */
export function resumedBy(release: ReleaseState, moment: Moment): Intent['onBehalfOf'] | undefined {
  const resume = release.resumed.find((each) => each.moments.some((m) => sameMoment(m, moment)));
  if (resume === undefined) return undefined;
  return { kind: 'person', id: resume.person as `slack:${string}:${string}`, via: 'slack' };
}

/** One line for people: what was measured and what was allowed. */
export function saysOf(judgement: Judgement): string {
  const last =
    judgement.measurements.findLast((each) => each.outcome === judgement.verdict) ??
    judgement.measurements.at(-1);
  const value = last ? valueWords(last, judgement.threshold) : 'no measurement';
  return `${judgement.gate} of ${judgement.service}: ${value}`;
}

export function failureOf(judgement: Judgement): Failure {
  return { service: judgement.service, gate: judgement.gate, says: saysOf(judgement) };
}

function letGo(
  look: Look,
  place: Place,
  go: { moment: Moment; view: RolloutView; onBehalfOf: Intent['onBehalfOf'] },
): Turn {
  const { moment, view, onBehalfOf } = go;
  const id = effectId.resume(moment, view.generation);
  const refused = refusedEffects(look, [id]);
  if (refused) return refused;
  if (look.release.effects[id] && look.release.effects[id].status.kind !== 'open') {
    return waitFor({ kind: 'rollout', service: place.service, placement: place.id, says: 'going on' });
  }
  const { cluster, namespace, rollout } = place.placement;
  return perform({
    id,
    onBehalfOf,
    effect: {
      kind: 'rollout.resume',
      cluster,
      namespace,
      rollout,
      podHash: moment.podHash,
      generation: view.generation,
      stepIndex: view.stepIndex ?? 0,
      pauseStart: moment.since,
    },
  });
}

/** Keeps a pause from ending by itself before its gates have passed. */
function holdTimed(look: Look, place: Place, standing: Extract<Standing, { kind: 'paused' }>): Turn {
  const { moment, until } = standing;
  if (until === undefined) return emptyTurn();
  const from = until - HOLD_BEFORE_END_MS;
  if (look.now < from)
    return waitFor({ kind: 'pause', service: place.service, placement: place.id, until: from });
  const id = effectId.pause(moment);
  if (look.release.effects[id] && look.release.effects[id].status.kind !== 'open') return emptyTurn();
  const { cluster, namespace, rollout } = place.placement;
  return perform({
    id,
    onBehalfOf: policyOf(look.release.environment),
    effect: { kind: 'rollout.pause', cluster, namespace, rollout, podHash: moment.podHash },
  });
}

function holdUnclear(look: Look, judgement: Judgement): Turn {
  if (look.release.hold) return waitFor({ kind: 'held', reason: look.release.hold.reason });
  const { gate, service } = judgement;
  return record({
    kind: 'release.held',
    actor: policyOf(look.release.environment),
    data: { reason: { kind: 'gateUnclear', gate, service, says: saysOf(judgement) } },
  });
}

function askPerson(place: Place, moment: Moment, why: string): Turn {
  return waitFor({ kind: 'person', service: place.service, placement: place.id, moment, why });
}

function at(gate: PlannedGate, place: Place, moment: Moment, view: RolloutView): GateAtMoment {
  const { namespace } = place.placement;
  return { gate, service: place.service, moment, namespace, stablePodHash: view.stablePodHash };
}

export function gateWait(judged: GateAtMoment): Turn['waits'][number] {
  return {
    kind: 'gate',
    service: judged.service,
    placement: judged.moment.placement,
    gate: judged.gate.name,
  };
}
