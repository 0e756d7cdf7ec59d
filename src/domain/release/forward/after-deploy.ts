import { policyOf } from '../../actor.ts';
import type { Moment } from '../../gate/planned-gate.ts';
import type { Proof } from '../../ledger/release-facts.ts';
import { emptyTurn, type Look, record, type Turn, waitFor } from '../look.ts';
import { failureOf, gateWait, judgementOf, resumedBy, saysOf } from './pause.ts';
import type { Place } from './standing.ts';

/**
 * The gates of a service that serves: those that ask for it, and those of a canary that had no pause to be judged at (a first
 * deployment, a Rollout without steps), so that no gate is passed by never being asked. Absent when nothing is left.
 */
export function afterDeploy(look: Look, place: Place, proof: Proof): Turn | undefined {
  const { release } = look;
  const since = release.proofs[place.id]?.at ?? new Date(look.now).toISOString();
  const moment: Moment = { placement: place.id, podHash: proof.podHash, step: 'postDeploy', since };
  if (resumedBy(release, moment)) return undefined;
  const gates = place.planned.gates.filter(
    (gate) =>
      gate.type !== 'manual' &&
      gate.phase !== 'preflight' &&
      (gate.phase === 'postDeploy' || !judged(look, place, gate.name)),
  );
  const verdicts = gates.map((gate) => ({ gate, said: judgementOf(release, gate, moment) }));
  const required = verdicts.filter(({ gate }) => gate.required);
  const failed = required.find(({ said }) => said?.verdict === 'fail');
  if (failed?.said) return { ...emptyTurn(), recover: failureOf(failed.said) };
  const unclear = required.find(({ said }) => said !== undefined && said.verdict !== 'pass');
  if (unclear?.said) {
    if (release.hold) return waitFor({ kind: 'held', reason: release.hold.reason });
    const { gate, service } = unclear.said;
    const reason = { kind: 'gateUnclear' as const, gate, service, says: saysOf(unclear.said) };
    return record({ kind: 'release.held', actor: policyOf(release.environment), data: { reason } });
  }
  const open = verdicts.filter(({ said }) => said === undefined);
  if (open.length === 0) return undefined;
  const { namespace } = place.placement;
  const judge = open.map(({ gate }) => ({
    gate,
    service: place.service,
    moment,
    namespace,
    stablePodHash: proof.podHash,
  }));
  // An advisory gate is shown when it has spoken; nobody waits for it.
  return required.some(({ said }) => said === undefined)
    ? { ...emptyTurn(), judge, waits: judge.map(gateWait) }
    : undefined;
}

/** Whether the gate was judged at a pause of this very canary. */
function judged(look: Look, place: Place, gate: string): boolean {
  return look.release.judgements.some(
    (said) => said.gate === gate && said.moment.placement === place.id && said.moment.step !== 'postDeploy',
  );
}
