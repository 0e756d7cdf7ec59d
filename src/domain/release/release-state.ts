import type { ChecklistAnswer, TakenChecklists } from '../checklist/checklist.ts';
import type { Intent, Receipt } from '../effect.ts';
import type { EffectRecord } from '../effect-record.ts';
import type { Judgement, Moment } from '../gate/planned-gate.ts';
import type { EnvironmentName, PersonId, ReleaseId, ReleaseName, ServiceName } from '../ids.ts';
import type { FactData } from '../ledger/fact.ts';
import type { HoldReason, Outcome, Proof } from '../ledger/release-facts.ts';
import type { ReleaseNotes } from '../notes/release-notes.ts';
import type { Plan } from '../plan/plan.ts';
import type { Risk } from '../policy/risk.ts';
import type { PreflightRow } from '../policy/row.ts';

type Data = FactData['release'];

/** Effect id of the commit that puts the manifest on the release's own branch. */
export const CUT_EFFECT = 'cut';

/** An approval that counts for the present plan. */
export interface Approval {
  person: PersonId;
  roles: string[];
  at: string;
  /** Kept from a release that this one takes the place of: it counts for owning these and nothing else. */
  services?: ServiceName[] | undefined;
}

/** Where a placement's canary was when it last changed. */
export interface Movement {
  service: ServiceName;
  phase: string;
  podHash: string;
  step?: number | undefined;
  weight?: number | undefined;
  at: string;
}

/** How far a migration is. */
export interface MigrationRecord {
  cleared?: (Data['migration.cleared'] & { at: string }) | undefined;
  done?: (Data['migration.done'] & { at: string }) | undefined;
}

/** A release as its facts say. Plain data: it is kept as a snapshot. */
export interface ReleaseState {
  id: ReleaseId;
  name: ReleaseName;
  environment: EnvironmentName;
  plan: Plan;
  planHash: string;
  manifest: Data['release.cut']['manifest'];
  requestedBy: string;
  promotedFrom?: ReleaseId | undefined;
  /** The release whose place it takes. */
  amends?: ReleaseId | undefined;
  /** What is new in its services, as it was told when it was cut. */
  notes?: ReleaseNotes | undefined;
  /** Why a recovery began. */
  reason?: string | undefined;
  cutAt: string;
  /** Since when people are asked about the present plan: since the cut, or since somebody adopted another manifest. */
  askedAt: string;
  /** What the rules came to for the present plan, when they were judged last; absent for releases of before. */
  preflight?: { rows: PreflightRow[]; risk?: Risk | undefined; at: string } | undefined;
  /** The checklists it goes by, and what owners of items said of the present plan; absent: there are none. */
  checklist?: (TakenChecklists & { answers: Record<string, ChecklistAnswer> }) | undefined;
  approvals: Approval[];
  rejected?: { person: PersonId; reason?: string | undefined; at: string } | undefined;
  /** Somebody else's push to the release's branch, until a person adopts it. */
  foreignPush?: { head: string; author?: string | undefined; at: string } | undefined;
  /** Epochs of the tracks it holds exclusively, since it started. */
  started?: { at: string; epochs: Record<ServiceName, number> } | undefined;
  /** By effect id. */
  effects: Record<string, EffectRecord>;
  /** By placement. */
  movements: Record<string, Movement>;
  judgements: (Judgement & { at: string })[];
  /** By placement. */
  proofs: Record<string, { service: ServiceName; proof: Proof; at: string }>;
  hold?: { reason: HoldReason; at: string } | undefined;
  /** Every time it was held, oldest first, and what became of it. */
  holds: { reason: HoldReason; at: string; decided?: { by: string; says: string } }[];
  /** By name: when each may run, where something has to be so first, and when it was there. */
  migrations: Record<string, MigrationRecord>;
  /** Moments that a person let go on, newest last. */
  resumed: { person: string; at: string; moments: Moment[] }[];
  takenBack?: { by: ReleaseId; services: ServiceName[]; reason: string; at: string } | undefined;
  /** Recovery only. */
  stages: { servingStable?: string; clean?: string };
  ended?:
    | { outcome: Outcome; reason?: string | undefined; by?: ReleaseId | undefined; at: string }
    | undefined;
}

/** The release's state in one word, which forward buttons compare. */
export type ReleasePhase = 'awaitingApproval' | 'queued' | 'moving' | 'held' | 'recovering' | Outcome;

export function phaseOfRelease(state: ReleaseState, approved: boolean): ReleasePhase {
  if (state.ended) return state.ended.outcome;
  if (state.plan.type === 'rollback' || state.takenBack) return 'recovering';
  if (state.hold) return 'held';
  if (state.started) return 'moving';
  return approved ? 'queued' : 'awaitingApproval';
}

/** Effects that were recorded before a crash and have neither receipt nor refusal. */
export function openIntents(state: ReleaseState): Intent[] {
  return Object.values(state.effects)
    .filter((record) => record.status.kind === 'open')
    .map((record) => record.intent);
}

export function effectDone(state: ReleaseState, id: string): Receipt | undefined {
  const status = state.effects[id]?.status;
  return status?.kind === 'done' ? status.receipt : undefined;
}

/** Whether it holds the tracks that it took: a recovery may have taken them while it has its last word still to say. */
export function holdsTracks({ started, ended, takenBack }: ReleaseState): boolean {
  return started !== undefined && ended === undefined && takenBack === undefined;
}

export function isEnded(state: ReleaseState): boolean {
  return state.ended !== undefined;
}
