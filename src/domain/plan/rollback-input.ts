import type { Catalog } from '../catalog/catalog.ts';
import type { KnownContent } from '../content.ts';
import type { PersonId, ReleaseId, ServiceName } from '../ids.ts';
import type { NoReturn } from '../migration/no-return.ts';
import type { EnvironmentRules } from '../rules.ts';
import type { Plan } from './plan.ts';

/** A release of the environment, as far as a rollback must know it. */
export interface PlannedRelease {
  release: ReleaseId;
  plan: Plan;
  /** Started and not ended: it holds its tracks. */
  inFlight: boolean;
}

/** Everything a rollback is planned from. */
export interface RollbackInput {
  asked: { kind: 'release'; release: ReleaseId } | { kind: 'services'; services: readonly ServiceName[] };
  /** Go back to what was trusted when this release had been verified; absent: to what was trusted before. */
  to?: ReleaseId | undefined;
  environment: Pick<EnvironmentRules, 'name' | 'approvals' | 'onGateFailure'>;
  /** Absent when it cannot be read now: plans and trusted contents must do, recovery does not wait for it. */
  catalog?: Catalog | undefined;
  /** Trusted contents, newest first. */
  known: Readonly<Record<ServiceName, readonly KnownContent[]>>;
  /**
   * Newest first: every release in flight, and the finished ones at hand, at least the one asked about and those whose content
   * runs now. What a finished release needed is not known without its plan.
   */
  plans: readonly PlannedRelease[];
  /** Points that nothing goes back beyond, oldest first. Absent: none. */
  noReturns?: readonly NoReturn[] | undefined;
  /** Who asked; empty when policy acts. */
  makers: readonly PersonId[];
}

/** The plan of a rollback before there is a manifest for it: what leaves and what comes back is decided here for good. */
export type RollbackDraft = Omit<Plan, 'manifestHash'>;

export type RollbackPlanned =
  | {
      kind: 'planned';
      draft: RollbackDraft;
      /** Services of the change set that cannot go back, and why: `says` is the end of a sentence, `remedy` what to do instead where that is known. */
      leftOut: { service: ServiceName; says: string; remedy?: string }[];
      /** Services that stay, depend on one that goes back, and came later: nothing says that they need it or that they don't. */
      unproven: { service: ServiceName; on: ServiceName }[];
    }
  /** Everything asked for already is as it would be made. */
  | { kind: 'nothing'; says: string }
  /** A rollback of this is on its way. */
  | { kind: 'underway'; release: ReleaseId }
  | { kind: 'refused'; service?: ServiceName; says: string; remedy: string };
