import { mayApprove } from '../../domain/approval/may-approve.ts';
import type { ReleaseId } from '../../domain/ids.ts';
import type { ReleaseFactBody } from '../../domain/ledger/fact.ts';
import type { ShownRow } from '../../domain/policy/exemption.ts';
import { refusing } from '../../domain/policy/row.ts';
import { phaseOfRelease, type ReleaseState } from '../../domain/release/release-state.ts';
import type { Seen } from '../../domain/request.ts';
import type { Answer } from '../../ports/message.ts';
import { needsRole, notDone, refusal } from '../../views/answers.ts';
import { preflightRequest } from '../../views/preflight.ts';
import { shownRows } from '../preflight/shown-rows.ts';
import { readRelease } from '../read-state.ts';
import { bellFor } from '../reconcile-release.ts';
import type { Asked, Carry, Desk } from './asked.ts';
import { decideOnRelease } from './decide-on-release.ts';

/** Approves the very plan that the person saw. */
export const approve: Carry<'approve'> = (desk, asked) =>
  decide(desk, asked, (state) => ({
    kind: 'approval.granted',
    data: { planHash: state.planHash, person: asked.by.id, roles: [...asked.by.roles] },
  }));

/** Ends a release before it begins. Its makers may take it back as well. */
export const reject: Carry<'reject'> = (desk, asked) =>
  decide(desk, asked, () => ({
    kind: 'approval.rejected',
    data: { person: asked.by.id, ...(asked.request.reason && { reason: asked.request.reason }) },
  }));

async function decide(
  { ports }: Desk,
  asked: Asked<'approve'> | Asked<'reject'>,
  fact: (state: ReleaseState) => ReleaseFactBody,
): Promise<Answer | undefined> {
  const rows = await rowsNow(ports, asked.request.release);
  const decided = await decideOnRelease(ports, { asked, release: asked.request.release }, (state) => {
    const refused =
      noLonger(state, asked.request.seen) ??
      notWhatIsThere(state, asked) ??
      notAllowed(state, asked) ??
      notFit(state, { asked, rows });
    return refused ? { kind: 'answer', answer: refused } : { kind: 'facts', facts: [fact(state)] };
  });
  if (decided.kind === 'answer') return decided.answer;
  await ports.bells.ring(bellFor(decided.state));
  return undefined;
}

/** Forward buttons compare the plan and the state; what changed since is explained. */
function noLonger(state: ReleaseState, seen: Seen): Answer | undefined {
  if (state.planHash !== seen.planHash) {
    const [was, is] = [seen.planHash.slice(0, 4), state.planHash.slice(0, 4)];
    return notDone(
      `This card asked about plan ${was}; the plan is now ${is}. Not done: look at the new card.`,
    );
  }
  const phase = phaseOfRelease(state, state.started !== undefined);
  if (phase === 'awaitingApproval') return undefined;
  return notDone(
    `${state.name} in ${state.environment} no longer waits for approval: it is ${phase}. Not done.`,
  );
}

/** Nobody can let pass what the branch no longer holds; rejecting it is always possible. */
function notWhatIsThere(state: ReleaseState, asked: Asked<'approve'> | Asked<'reject'>): Answer | undefined {
  if (asked.request.kind === 'reject' || state.foreignPush === undefined) return undefined;
  return notDone(
    `Somebody pushed to the branch of ${state.name}: it waits until a person takes the change over. Not done.`,
  );
}

/** What the rules came to, with the exemptions that count now. Decided again when the release begins. */
async function rowsNow(ports: Desk['ports'], id: ReleaseId): Promise<ShownRow[]> {
  const reading = await readRelease(ports.ledger, id);
  return reading ? shownRows(ports, reading.state) : [];
}

/** A release that a rule refuses can be rejected, not let pass. */
function notFit(
  state: ReleaseState,
  { asked, rows }: { asked: Asked<'approve'> | Asked<'reject'>; rows: readonly ShownRow[] },
): Answer | undefined {
  const [refused] = refusing(rows);
  if (asked.request.kind === 'reject' || refused === undefined) return undefined;
  return refusal({
    says: `The preflight of ${state.name} refuses it: ${refused.says}. Not done.`,
    rule: refused.rule,
    ...(refused.remedy && { remedy: refused.remedy }),
    buttons: [{ label: 'Run it again', does: preflightRequest(state.id) }],
  });
}

function notAllowed(state: ReleaseState, asked: Asked<'approve'> | Asked<'reject'>): Answer | undefined {
  const may = mayApprove({ id: asked.by.id, roles: asked.by.roles }, state.plan);
  if (may.kind === 'yes') return undefined;
  // A maker may take back what they made, but never let it pass.
  if (asked.request.kind === 'reject' && state.plan.makers.includes(asked.by.id)) return undefined;
  const { rule, says, roles } = may;
  if (roles.length === 0) return refusal({ says, rule });
  return needsRole({ says, rule, roles, environment: state.environment, what: `approve ${state.name}` });
}
