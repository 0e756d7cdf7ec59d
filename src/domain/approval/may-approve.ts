import type { PersonId, ServiceName } from '../ids.ts';
import type { Plan } from '../plan/plan.ts';

/** A person with the roles they have now. */
export interface Approver {
  id: PersonId;
  roles: ReadonlySet<string>;
}

/** In which right a person's approval counts. One person may count in several. */
export type Capacity =
  /** As one of the people the environment asks for. */
  | { kind: 'approver'; role: string }
  | { kind: 'owner'; role: string; service: ServiceName }
  /** As one of those who keep a database that the release changes. */
  | { kind: 'keeper'; role: string; database: string };

export type MayApprove =
  | { kind: 'yes'; capacities: Capacity[] }
  | {
      kind: 'no';
      rule: 'maker-checker' | 'approvers';
      /** A sentence without its full stop. */
      says: string;
      /** Roles whose members can help; empty when nobody is asked. */
      roles: string[];
    };

type Asking = Pick<Plan, 'approvals' | 'makers'>;

/** Whether a person's approval would count for a plan. Asked again when it is counted. */
export function mayApprove(person: Approver, plan: Asking): MayApprove {
  const roles = rolesAsked(plan);
  if (plan.makers.includes(person.id)) {
    const says = 'whoever made a release, or wrote what is new in it, does not approve it';
    return { kind: 'no', rule: 'maker-checker', says, roles };
  }
  const capacities = capacitiesOf(person, plan);
  if (capacities.length > 0) return { kind: 'yes', capacities };
  const says =
    roles.length > 0 ? `approving this needs ${roles.join(' or ')}` : 'this release waits for no approval';
  return { kind: 'no', rule: 'approvers', says, roles };
}

/** Every right in which a person counts, makers or not. */
export function capacitiesOf(person: Approver, plan: Asking): Capacity[] {
  const { from, required, owners, databases = {} } = plan.approvals;
  const asApprover = required > 0 ? from.filter((role) => person.roles.has(role)) : [];
  const asOwner = Object.entries(owners).filter(([, role]) => person.roles.has(role));
  const asKeeper = Object.entries(databases).filter(([, role]) => person.roles.has(role));
  return [
    ...asApprover.map((role): Capacity => ({ kind: 'approver', role })),
    ...asOwner.map(([service, role]): Capacity => ({ kind: 'owner', role, service })),
    ...asKeeper.map(([database, role]): Capacity => ({ kind: 'keeper', role, database })),
  ];
}

/** Roles that a plan asks, each once: those of the environment first. */
function rolesAsked(plan: Asking): string[] {
  const { from, required, owners, databases = {} } = plan.approvals;
  const besides = [...Object.values(owners).toSorted(), ...Object.values(databases).toSorted()];
  return [...new Set([...(required > 0 ? from : []), ...besides])];
}
