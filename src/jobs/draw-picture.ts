import { placementId } from '../domain/catalog/placement.ts';
import type { ReleaseId } from '../domain/ids.ts';
import { environmentRules, type Rules } from '../domain/rules.ts';
import { join, type Mrkdwn, mention, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Ports } from '../ports/ports.ts';
import type { Picture } from '../views/picture.ts';
import { approvalStanding } from './approval-standing.ts';
import { shownRows } from './preflight/shown-rows.ts';
import { readProgress } from './progress.ts';
import { readRelease } from './read-state.ts';

export type PicturePorts = Pick<
  Ports,
  'ledger' | 'snapshots' | 'scratch' | 'cluster' | 'directory' | 'clock'
>;

/** More people than this are not named one by one when a role has no usergroup. */
const MOST_MENTIONS = 8;

/** Everything a release's messages are drawn from; absent when there is no such release, or its environment is gone. */
export async function drawPicture(
  ports: PicturePorts,
  rules: Rules,
  id: ReleaseId,
): Promise<Picture | undefined> {
  const reading = await readRelease(ports.ledger, id);
  const environment = reading && environmentRules(rules, reading.state.environment);
  if (reading === undefined || environment === undefined) return undefined;
  const { state } = reading;
  const now = ports.clock.now();
  const placements = Object.values(state.plan.services).flatMap((service) => service.placements);
  const waitsForPeople = state.started === undefined && state.ended === undefined;
  const mentions = await mentionsOf(ports, [
    ...environment.approvals.from,
    // A hotfix asks others besides.
    ...state.plan.approvals.from,
    ...environment.may.resume,
    ...environment.may.rollback,
    ...ownersOf(state.plan.approvals.owners),
  ]);
  return {
    now,
    release: state,
    environment,
    next: rules.environments.find((each) => each.previous === environment.name)?.name,
    ...(state.preflight && { preflight: await shownRows(ports, state) }),
    approval: waitsForPeople
      ? await approvalStanding(ports, rules, { release: state, now })
      : { kind: 'satisfied' },
    progress: await readProgress(ports.scratch, id),
    observed: Object.fromEntries(placements.map((each) => [placementId(each), ports.cluster.observe(each)])),
    nameOf: (person) => ports.directory.nameOf(person),
    mentionRole: (role) => mentions.get(role) ?? mrkdwn`${role}`,
    commitUrl: (repository, commit) => rules.repositories[repository]?.commitUrl?.replace('{commit}', commit),
  };
}

function ownersOf(owners: Record<string, string>): string[] {
  return Object.values(owners);
}

/** Roles as mentions of their people; a role that cannot be read now is named without waking anybody. */
async function mentionsOf(
  { directory }: Pick<Ports, 'directory'>,
  roles: readonly string[],
): Promise<Map<string, Mrkdwn>> {
  const entries = await Promise.all(
    [...new Set(roles)].map(async (role): Promise<[string, Mrkdwn]> => {
      const people = await directory.members(role).catch(() => []);
      if (people.length === 0 || people.length > MOST_MENTIONS) return [role, mrkdwn`${role}`];
      return [role, mrkdwn`${role} (${join(people.map(mention), ' ')})`];
    }),
  );
  return new Map(entries);
}
