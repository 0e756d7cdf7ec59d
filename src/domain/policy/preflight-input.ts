import type { WindowStanding } from '../calendar/windows.ts';
import type { FoundChecklists } from '../checklist/found-checklists.ts';
import type { CiSeen } from '../checks/ci-seen.ts';
import type { KnownContent } from '../content.ts';
import type { ContractAnswer } from '../contract/contract-answer.ts';
import type { EnvironmentName, PersonId, ReleaseId, ServiceName } from '../ids.ts';
import type { MigrationHistory } from '../migration/migration-history.ts';
import type { ReleaseNotes } from '../notes/release-notes.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanInput } from '../plan/plan-input.ts';
import type { ChartAnswer } from './chart-answer.ts';
import type { ConftestAnswer } from './conftest.ts';
import type { PolicyAnswer } from './policy-answer.ts';
import type { StartAnswer } from './start-answer.ts';

/** A Rollout as it is at the moment of the cut. */
export type FoundRollout =
  | {
      kind: 'found';
      /** Where it was read: in its own file, or in the cluster where Git only holds what it is made of. */
      in: 'Git' | 'the cluster';
      strategy: 'canary' | 'blueGreen' | 'none';
      /** `spec.strategy.canary.steps` as they stand there. */
      steps: readonly unknown[];
    }
  /** There is none, or it could not be read; `says` is the end of a sentence. */
  | { kind: 'unreadable'; says: string };

/** What the tables of a tool said, or why nobody could be asked. */
export type ReadHistory = MigrationHistory | { kind: 'away'; says: string };

/** What is known of a migration where it is to run, and one environment earlier. */
export interface MigrationReading {
  here: ReadHistory;
  /** Absent: there is no earlier environment, or the database cannot be read there. */
  before?: { environment: EnvironmentName; history: ReadHistory } | undefined;
}

/** Everything the rules may know. Gathered before; nothing in here is asked for again. */
export interface PreflightInput extends PlanInput {
  /** Absent when no plan could be made: only what can be said of the manifest itself is judged then. */
  plan?: Plan | undefined;
  /** Environments before this one, nearest first, with their trusted contents, newest first. */
  earlier: readonly {
    environment: EnvironmentName;
    known: Readonly<Record<ServiceName, readonly KnownContent[]>>;
  }[];
  /** Whether releases go nowhere after this environment. */
  isLastEnvironment: boolean;
  /** Role to its members. A role that is absent could not be read: what depends on it is not known. */
  members: Readonly<Record<string, readonly PersonId[]>>;
  /** By the key of the question; what nobody was asked is absent. */
  contracts: Readonly<Record<string, ContractAnswer>>;
  /** By name of the migration; whatever nobody was asked about is absent. */
  migrations?: Readonly<Record<string, MigrationReading>> | undefined;
  /** Milliseconds since 1970; absent where nothing that is judged depends on it. */
  now?: number | undefined;
  policy: PolicyAnswer;
  /** What registries say of the charts that the manifest names, by service; what nobody was asked is absent. */
  charts?: Readonly<Record<ServiceName, ChartAnswer>> | undefined;
  /** What builds and GitHub say, by service; absent: this environment asks neither. */
  ci?: Readonly<Record<ServiceName, CiSeen>> | undefined;
  /** What gates before the start said; absent: none was asked. */
  start?: readonly StartAnswer[];
  /** Whether it may begin now. `takesMs`: how long releases here take; absent: there was none. Absent: nobody looked. */
  changes?: { standing: WindowStanding; takesMs?: number; now: number };
  /** What is new in the services; absent: nobody looked. */
  notes?: ReleaseNotes | undefined;
  /** The incident that a hotfix names; absent: there is none by that name. */
  incident?: { id: string; isOpen: boolean } | undefined;
  /** Releases of the environment that are not over, without this one; absent: nobody looked. */
  others?: readonly { release: ReleaseId; state: string; services: readonly ServiceName[] }[];
  /** When trains leave for the environment next, in milliseconds since 1970. */
  departures?: readonly { train: string; at: number }[];
  /** Results of conftest by service; what nobody read is absent. */
  conftest?: Readonly<Record<ServiceName, ConftestAnswer>> | undefined;
  /** Absent: nobody looked for any. */
  checklists?: FoundChecklists | undefined;
  /** By placement name; only needed for services whose manifest declares a rollout. */
  rollouts: Readonly<Record<string, FoundRollout>>;
}
