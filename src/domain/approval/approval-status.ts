import type { PersonId, ServiceName } from '../ids.ts';
import type { Plan } from '../plan/plan.ts';
import { capacitiesOf, mayApprove } from './may-approve.ts';

/** An approval that was given to the present plan. */
export interface GivenApproval {
  person: PersonId;
  /** ISO 8601. */
  at: string;
  /** Present: it counts for owning these and nothing else. */
  services?: readonly ServiceName[] | undefined;
}

/** People who are still to be asked. */
export interface MissingApproval {
  /** The role to ask, or several joined by "or" of which any will do. */
  role: string;
  /** The same as a list. */
  roles: string[];
  /** How many more people. */
  count: number;
  /** Services whose owners these are; empty for the environment's own approvers. */
  services: ServiceName[];
  /** Databases whose migrations they sign off; absent for owners and the environment's own approvers. */
  databases?: string[];
}

export type ApprovalStatus =
  | { kind: 'satisfied' }
  | {
      kind: 'waiting';
      missing: MissingApproval[];
      /** When the release expires unapproved, in milliseconds since 1970. */
      expiresAt: number;
    };

/** What an approval is counted from. */
export interface Counting {
  plan: Pick<Plan, 'approvals' | 'makers'>;
  /** Only those given to this very plan: the fold of a release drops all others. */
  approvals: readonly GivenApproval[];
  /** The roles a person has at this moment; empty for somebody who has left, or of whom nothing is known. */
  rolesOf: (person: PersonId) => ReadonlySet<string>;
  /** When this plan was put up for approval, in milliseconds since 1970. */
  since: number;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Whether enough people have said yes. Counts distinct people who did not make the release, whose approval is not too old, and
 * who still have the role: somebody who has lost it no longer counts. One person may count as approver and as owner.
 */
export function approvalStatus(counting: Counting): ApprovalStatus {
  const { plan, since } = counting;
  const { required, from, owners, expiresAfterMs } = plan.approvals;
  const valid = validApprovers(counting);
  const lacking = required - valid.filter((one) => one.asApprover).length;
  const missing: MissingApproval[] = [];
  if (lacking > 0) missing.push({ role: from.join(' or '), roles: [...from], count: lacking, services: [] });
  for (const role of [...new Set(Object.values(owners))].sort()) {
    const services = Object.keys(owners).filter((service) => owners[service] === role);
    const unanswered = services.filter((service) => !valid.some((one) => one.owns.has(service)));
    if (unanswered.length > 0) missing.push({ role, roles: [role], count: 1, services: unanswered.sort() });
  }
  const keepers = Object.entries(plan.approvals.databases ?? {});
  for (const [role, kept] of Map.groupBy(keepers, ([, keeper]) => keeper)) {
    const unsigned = kept
      .map(([database]) => database)
      .filter((database) => !valid.some((one) => one.keeps.has(database)));
    if (unsigned.length > 0)
      missing.push({ role, roles: [role], count: 1, services: [], databases: unsigned.sort() });
  }
  return missing.length === 0
    ? { kind: 'satisfied' }
    : { kind: 'waiting', missing, expiresAt: since + expiresAfterMs };
}

interface ValidApprover {
  asApprover: boolean;
  owns: ReadonlySet<ServiceName>;
  keeps: ReadonlySet<string>;
}

function validApprovers({ plan, approvals, rolesOf, now }: Counting): ValidApprover[] {
  const fresh = approvals.filter(({ at }) => now < Date.parse(at) + plan.approvals.expiresAfterMs);
  const people = new Map(fresh.map((given) => [given.person, given]));
  return [...people].flatMap(([id, { services: only }]) => {
    const person = { id, roles: rolesOf(id) };
    if (mayApprove(person, plan).kind === 'no') return [];
    const capacities = capacitiesOf(person, plan).filter(
      (one) => only === undefined || (one.kind === 'owner' && only.includes(one.service)),
    );
    const owned = capacities.flatMap((one) => (one.kind === 'owner' ? [one.service] : []));
    const kept = capacities.flatMap((one) => (one.kind === 'keeper' ? [one.database] : []));
    return [
      {
        asApprover: capacities.some((one) => one.kind === 'approver'),
        owns: new Set(owned),
        keeps: new Set(kept),
      },
    ];
  });
}
