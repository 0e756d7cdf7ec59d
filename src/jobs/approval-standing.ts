import { type ApprovalStatus, approvalStatus } from '../domain/approval/approval-status.ts';
import type { PersonId } from '../domain/ids.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import { environmentRules, type Rules } from '../domain/rules.ts';
import type { Ports } from '../ports/ports.ts';

/** Roles of nobody, for somebody who left or of whom nothing is known now: forward fails closed. */
const NONE: ReadonlySet<string> = new Set();

/** Whether enough people said yes, by the roles they have at this moment. */
export async function approvalStanding(
  { directory }: Pick<Ports, 'directory'>,
  rules: Pick<Rules, 'environments'>,
  { release, now }: { release: ReleaseState; now: number },
): Promise<ApprovalStatus> {
  const freshMs = environmentRules(rules, release.environment)?.membershipFreshMs ?? 0;
  const people = release.approvals.map((approval) => approval.person);
  const roles = new Map(
    await Promise.all(
      people.map(async (id): Promise<[PersonId, ReadonlySet<string>]> => {
        const person = await directory.person(id, { freshMs });
        return [id, person.kind === 'member' ? person.roles : NONE];
      }),
    ),
  );
  return approvalStatus({
    plan: release.plan,
    approvals: release.approvals,
    rolesOf: (person) => roles.get(person) ?? NONE,
    since: Date.parse(release.askedAt),
    now,
  });
}
