import { placementId } from '../catalog/placement.ts';
import type { Fact, ReleaseFactBody } from '../ledger/fact.ts';
import { CUT_EFFECT, type ReleaseState } from './release-state.ts';

/** What a release's state is made of; facts that are about to be appended come to a state as those that were. */
type ReleaseFact = ReleaseFactBody & Pick<Fact, 'actor' | 'occurredAt'>;

type FactOf<K extends ReleaseFact['kind']> = Extract<ReleaseFact, { kind: K }>;

/**
 * The state that all facts of a release come to. Absent before `release.cut`. Linear in the number of facts: what grows with them,
 * effects and judgements, is made here and added to in place; facts themselves are never changed.
 */
export function foldRelease(facts: readonly ReleaseFact[]): ReleaseState | undefined {
  let state: ReleaseState | undefined;
  for (const fact of facts) {
    if (fact.kind === 'release.cut') state ??= begin(fact);
    else if (state) Object.assign(state, change(state, fact));
  }
  return state;
}

function begin(fact: FactOf<'release.cut'>): ReleaseState {
  const { name, environment, plan, planHash, manifest, requestedBy, promotedFrom } = fact.data;
  const { reason, amends, notes } = fact.data;
  return {
    id: `${environment}/${name}`,
    name,
    environment,
    plan,
    planHash,
    manifest,
    requestedBy,
    ...(promotedFrom && { promotedFrom }),
    ...(amends && { amends }),
    ...(notes && { notes }),
    ...(reason && { reason }),
    cutAt: fact.occurredAt,
    askedAt: fact.occurredAt,
    approvals: [],
    effects: {},
    movements: {},
    judgements: [],
    proofs: {},
    holds: [],
    migrations: {},
    resumed: [],
    stages: {},
  };
}

/** What a fact changes; only what grows is added to in place. */
function change(
  state: ReleaseState,
  fact: Exclude<ReleaseFact, FactOf<'release.cut'>>,
): Partial<ReleaseState> {
  const at = fact.occurredAt;
  switch (fact.kind) {
    case 'preflight.judged':
      // Judged for a plan that somebody has replaced meanwhile, it says nothing of the present one.
      return fact.data.planHash === state.planHash
        ? { preflight: { rows: fact.data.rows, risk: fact.data.risk, at } }
        : {};
    case 'checklist.taken':
      return { checklist: { ...fact.data, answers: {} } };
    case 'checklist.answered':
      return answer(state, fact);
    case 'approval.granted':
      return approve(state, fact);
    case 'approval.kept':
      return keep(state, fact);
    case 'approval.rejected':
      return { rejected: { ...fact.data, at } };
    case 'approvals.voided':
      return {
        ...unanswered(state),
        approvals: [],
        foreignPush: { head: fact.data.head, author: fact.data.author, at },
      };
    case 'manifest.adopted':
      return adopt(state, fact);
    case 'release.started':
      return { started: { at, epochs: fact.data.epochs } };
    case 'effect.intended':
      return withEffect(state, fact.data.id, { intent: fact.data, at, status: { kind: 'open' } });
    case 'effect.done':
      return settle(state, fact.data.effect, { kind: 'done', receipt: fact.data.receipt });
    case 'effect.refused':
      return settle(state, fact.data.effect, { kind: 'refused', why: fact.data.why, says: fact.data.says });
    case 'service.moved': {
      const { placement, ...movement } = fact.data;
      return { movements: { ...state.movements, [placement]: { ...movement, at } } };
    }
    case 'gate.judged':
      state.judgements.push({ ...fact.data, at });
      return {};
    case 'service.proved': {
      const { service, proof } = fact.data;
      return { proofs: { ...state.proofs, [proof.placement]: { service, proof, at } } };
    }
    case 'migration.cleared':
      return withMigration(state, fact.data.migration, { cleared: { ...fact.data, at } });
    case 'migration.done':
      return withMigration(state, fact.data.migration, { done: { ...fact.data, at } });
    case 'release.held':
      return hold(state, { reason: fact.data.reason, at });
    case 'release.resumed':
      return resume(state, fact);
    case 'release.takenBack':
      return {
        takenBack: { ...fact.data, at },
        holds: decided(state, { by: fact.actor.id, says: 'taken back' }),
      };
    case 'recovery.reached':
      return { stages: { ...state.stages, [fact.data.stage]: at }, proofs: withProofs(state, fact) };
    case 'release.ended':
      return {
        ended: {
          outcome: fact.data.outcome,
          reason: fact.data.reason,
          at,
          ...(fact.data.by && { by: fact.data.by }),
        },
      };
  }
}

/** An approval of another plan than the present one does not count, and nobody counts twice. A kept one gives way to a new one. */
function approve(state: ReleaseState, fact: FactOf<'approval.granted'>): Partial<ReleaseState> {
  const { planHash, person, roles } = fact.data;
  const others = state.approvals.filter((given) => given.person !== person || given.services === undefined);
  if (planHash !== state.planHash || others.some((given) => given.person === person)) return {};
  return { approvals: [...others, { person, roles, at: fact.occurredAt }] };
}

/** What was said of another plan than the present one does not count; the last word of an item does. */
function answer(state: ReleaseState, fact: FactOf<'checklist.answered'>): Partial<ReleaseState> {
  const { planHash, item, ...said } = fact.data;
  const { checklist } = state;
  if (checklist === undefined || planHash !== state.planHash) return {};
  const answers = { ...checklist.answers, [item]: { ...said, at: fact.occurredAt } };
  return { checklist: { ...checklist, answers } };
}

/** What people answered was about what the branch held then. */
function unanswered({ checklist }: ReleaseState): Partial<ReleaseState> {
  return checklist ? { checklist: { ...checklist, answers: {} } } : {};
}

function keep(state: ReleaseState, fact: FactOf<'approval.kept'>): Partial<ReleaseState> {
  const { planHash, person, roles, services, at } = fact.data;
  if (planHash !== state.planHash || state.approvals.some((given) => given.person === person)) return {};
  return { approvals: [...state.approvals, { person, roles, at, services }] };
}

function adopt(state: ReleaseState, fact: FactOf<'manifest.adopted'>): Partial<ReleaseState> {
  const { plan, planHash, text, head } = fact.data;
  return {
    ...unanswered(state),
    plan,
    planHash,
    askedAt: fact.occurredAt,
    approvals: [],
    preflight: undefined,
    foreignPush: undefined,
    manifest: { ...state.manifest, text },
    effects: withHead(state.effects, head),
  };
}

/** The branch's head that we answer for becomes the adopted one. */
function withHead(effects: ReleaseState['effects'], head: string): ReleaseState['effects'] {
  const cut = effects[CUT_EFFECT];
  if (cut?.status.kind !== 'done' || cut.status.receipt.git === undefined) return effects;
  const receipt = { ...cut.status.receipt, git: { ...cut.status.receipt.git, commit: head } };
  return { ...effects, [CUT_EFFECT]: { ...cut, status: { kind: 'done', receipt } } };
}

function hold(state: ReleaseState, held: NonNullable<ReleaseState['hold']>): Partial<ReleaseState> {
  return { hold: held, holds: [...state.holds, held] };
}

/** Whatever was still undecided has been decided now. */
function decided(state: ReleaseState, decision: { by: string; says: string }): ReleaseState['holds'] {
  return state.holds.map((held) => (held.decided ? held : { ...held, decided: decision }));
}

/** Letting a release go on also lets it try again what a target had refused. */
function resume(state: ReleaseState, fact: FactOf<'release.resumed'>): Partial<ReleaseState> {
  const kept = Object.entries(state.effects).filter(([, record]) => record.status.kind !== 'refused');
  return {
    hold: undefined,
    holds: decided(state, { by: fact.actor.id, says: 'let go on' }),
    effects: Object.fromEntries(kept),
    resumed: [...state.resumed, { person: fact.actor.id, at: fact.occurredAt, moments: fact.data.moments }],
  };
}

/** The first word stands: a migration is there once. */
function withMigration(
  state: ReleaseState,
  name: string,
  record: ReleaseState['migrations'][string],
): Partial<ReleaseState> {
  return { migrations: { ...state.migrations, [name]: { ...record, ...state.migrations[name] } } };
}

function withEffect(
  state: ReleaseState,
  id: string,
  record: ReleaseState['effects'][string],
): Partial<ReleaseState> {
  state.effects[id] = record;
  return {};
}

/** What proved a recovery's stage, under the placements it was seen at. */
function withProofs(state: ReleaseState, fact: FactOf<'recovery.reached'>): ReleaseState['proofs'] {
  const services = Object.entries(state.plan.services);
  const serviceAt = (id: string) =>
    services.find(([, { placements }]) => placements.some((one) => placementId(one) === id))?.[0] ?? '';
  const proofs = fact.data.proofs.map((proof) => [
    proof.placement,
    { service: serviceAt(proof.placement), proof, at: fact.occurredAt },
  ]);
  return { ...state.proofs, ...Object.fromEntries(proofs) };
}

function settle(
  state: ReleaseState,
  id: string,
  status: ReleaseState['effects'][string]['status'],
): Partial<ReleaseState> {
  const record = state.effects[id];
  // The first receipt stands: a second one tells of a resent append, not of a second act.
  if (record === undefined || record.status.kind === 'done') return {};
  return withEffect(state, id, { ...record, status });
}
