import type { Actor } from '../actor.ts';
import type { ApprovalStatus, MissingApproval } from '../approval/approval-status.ts';
import type { WindowStanding } from '../calendar/windows.ts';
import type { Intent } from '../effect.ts';
import type { EnvironmentState } from '../environment/environment-state.ts';
import type { Moment, PlannedGate } from '../gate/planned-gate.ts';
import type { EnvironmentName, ReleaseId, ServiceName } from '../ids.ts';
import type { EnvironmentFactBody, ReleaseFactBody } from '../ledger/fact.ts';
import type { HoldReason } from '../ledger/release-facts.ts';
import type { MigrationState } from '../migration/migration-state.ts';
import type { RolloutObserved, RolloutView } from '../rollout/rollout-view.ts';
import type { ReleaseState } from './release-state.ts';

/** Everything a decision about a release may know. Gathered by the job; nothing here is asked for again. */
export interface Look {
  /** Milliseconds since 1970. */
  now: number;
  release: ReleaseState;
  environment: EnvironmentState;
  /** By placement name. */
  observed: Readonly<Record<string, RolloutObserved>>;
  /** Whether enough people said yes, by their roles at this moment. */
  approval: ApprovalStatus;
  /** After a restore, until a person has confirmed it. */
  restoreUnconfirmed: boolean;
  /** Whether something may begin here now; absent: it is not asked for (recovery, or nothing is left to begin). */
  changes?: WindowStanding;
  /** A hotfix that is about to begin and needs the same service: it goes first. */
  hotfixAhead?: { service: ServiceName; holder: ReleaseId } | undefined;
  /** When the gates before the start were asked last, in milliseconds since 1970; absent: nobody knows. */
  startJudgedAt?: number;
  /** Migrations that the release waits for at this moment, by name; whatever was not looked at is absent. */
  migrations?: Readonly<Record<string, MigrationObserved>>;
  /** Head of the release's own branch; absent when it was not looked at (only an unapproved release needs it). */
  branchHead?: { commit: string; author: string };
}

/** A migration as its database and its metrics show it. */
export interface MigrationObserved {
  state: MigrationState;
  /** Whether anybody read the old form while it soaked; absent where nobody is asked, or not yet. */
  readers?: ReadersObserved;
}

export type ReadersObserved =
  | { kind: 'none'; query: string; says: string; link?: string }
  | { kind: 'some'; says: string }
  /** Nobody could tell, which is no "none". */
  | { kind: 'unknown'; says: string };

/** What a release waits for, in a form that views turn into words and jobs into an alarm. */
export type Wait =
  | { kind: 'restoreConfirmation' }
  | { kind: 'approval'; missing: MissingApproval[]; until: number }
  | { kind: 'adoption'; head: string; author?: string | undefined }
  /** Rules refuse it as it was judged last. `says`: the first of them. */
  | { kind: 'preflight'; rules: string[]; says: string }
  /** Nothing begins now. `until`: absent where only a person ends it. */
  | { kind: 'window'; window: string; reason: string; until?: number }
  /** Items of a checklist are not met. `says`: what the first of them came to. */
  | { kind: 'checklist'; items: string[]; says: string }
  | { kind: 'track'; service: ServiceName; holder: ReleaseId }
  | { kind: 'merge'; repository: string; says: string }
  | { kind: 'sync'; service: ServiceName; placement: string; says: string }
  | { kind: 'rollout'; service: ServiceName; placement: string; says: string }
  | { kind: 'pause'; service: ServiceName; placement: string; until: number }
  | { kind: 'gate'; service: ServiceName; placement: string; gate: string; until?: number }
  | { kind: 'person'; service: ServiceName; placement: string; moment: Moment; why: string }
  /** `percent`: from 0 to 100, where somebody measures it. `until`: when a person is asked, or when it may run. */
  | { kind: 'migration'; migration: string; says: string; percent?: number; until?: number }
  | { kind: 'cluster'; placement: string; says: string }
  /** `until`: when it goes back by itself; absent: never. */
  | { kind: 'held'; reason: HoldReason; until?: number }
  | { kind: 'recovery'; by: ReleaseId }
  /** Its environment is only observed: nothing is written there. */
  | { kind: 'observing'; environment: EnvironmentName }
  /** An effect could not be done now; it is tried again. */
  | { kind: 'effect'; effect: string; says: string; until: number };

/** A gate to measure at a moment. */
export interface GateAtMoment {
  gate: PlannedGate;
  service: ServiceName;
  moment: Moment;
  namespace: string;
  /** ReplicaSet that carries the stable content at that moment. */
  stablePodHash: string;
}

/** What a gate is asked about; before a release starts there are no pods of it yet, and the hash is empty. */
export type GateQuestion = Pick<GateAtMoment, 'gate' | 'service' | 'namespace' | 'stablePodHash'> & {
  moment: Pick<Moment, 'podHash'>;
};

/** Why a release cannot stay on its new content. `gate` is absent when the canary failed by itself. */
export interface Failure {
  service: ServiceName;
  gate?: string;
  says: string;
}

/** What is to be done next. Everything in it is safe to drop and decide again. */
export interface Turn {
  /** Facts to append, all or nothing, before anything else; then look again. */
  record: {
    release: (ReleaseFactBody & { actor: Actor })[];
    environment: (EnvironmentFactBody & { actor: Actor })[];
  };
  /** Tracks whose epoch rises with the record. */
  raises: Record<ServiceName, number>;
  /** Groups one after the other; the intents of a group side by side. */
  perform: Intent[][];
  judge: GateAtMoment[];
  /** The gates before the start are to be asked again before anything else. */
  judgeStart?: true;
  waits: Wait[];
  /** The release cannot stay on its new content. */
  recover?: Failure;
  /** Nothing will ever be left to do. */
  finished: boolean;
}

export function emptyTurn(): Turn {
  return {
    record: { release: [], environment: [] },
    raises: {},
    perform: [],
    judge: [],
    waits: [],
    finished: false,
  };
}

export function waitFor(...waits: Wait[]): Turn {
  return { ...emptyTurn(), waits };
}

export function record(...facts: (ReleaseFactBody & { actor: Actor })[]): Turn {
  return { ...emptyTurn(), record: { release: facts, environment: [] } };
}

export function perform(...group: Intent[]): Turn {
  return { ...emptyTurn(), perform: [group] };
}

/** Several turns as one: groups of effects stay in order, everything else is put together. */
export function together(turns: readonly Turn[]): Turn {
  const reason = turns.find((turn) => turn.recover)?.recover;
  return {
    record: {
      release: turns.flatMap((turn) => turn.record.release),
      environment: turns.flatMap((turn) => turn.record.environment),
    },
    raises: Object.assign({}, ...turns.map((turn) => turn.raises)),
    perform: turns.flatMap((turn) => turn.perform),
    judge: turns.flatMap((turn) => turn.judge),
    waits: turns.flatMap((turn) => turn.waits),
    ...(reason && { recover: reason }),
    finished: turns.length > 0 && turns.every((turn) => turn.finished),
  };
}

/** The Rollout of a placement, when it is seen at all. */
export function seen(look: Look, placement: string): RolloutView | undefined {
  const observed = look.observed[placement];
  return observed?.kind === 'seen' ? observed.rollout : undefined;
}
