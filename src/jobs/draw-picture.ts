import { placementId } from '../domain/catalog/placement.ts';
import { type ItemRow, judgeChecklist } from '../domain/checklist/judge-checklist.ts';
import type { EnvironmentState } from '../domain/environment/environment-state.ts';
import type { ReleaseId } from '../domain/ids.ts';
import { wayBack } from '../domain/plan/way-back.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import { environmentRules, type Rules } from '../domain/rules.ts';
import { join, type Mrkdwn, mention, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Ports } from '../ports/ports.ts';
import type { Picture } from '../views/picture.ts';
import { approvalStanding } from './approval-standing.ts';
import { rowsIn } from './preflight/shown-rows.ts';
import { readProgress } from './progress.ts';
import { readEnvironment, readRelease } from './read-state.ts';

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
  const roles = [
    ...environment.approvals.from,
    // A hotfix asks others besides.
    ...state.plan.approvals.from,
    ...environment.may.resume,
    ...environment.may.rollback,
    ...ownersOf(state.plan.approvals.owners),
    ...(state.plan.migrations ?? []).flatMap(({ keeper }) => keeper ?? []),
  ];
  const [{ state: here }, mentions, progress, approval] = await Promise.all([
    readEnvironment(ports, environment.name),
    mentionsOf(ports, roles),
    readProgress(ports.scratch, id),
    waitsForPeople
      ? approvalStanding(ports, rules, { release: state, now })
      : ({ kind: 'satisfied' } as const),
  ]);
  return {
    now,
    release: state,
    environment,
    next: rules.environments.find((each) => each.previous === environment.name)?.name,
    ...(state.preflight && { preflight: rowsIn(here, { release: state, now }) }),
    checklist: await itemRows(ports.ledger, { state, here, now }),
    ...(waitsForPeople && state.plan.type !== 'rollback' && { wayBack: wayBackOf(state, here) }),
    approval,
    progress,
    ...((state.plan.flags ?? state.plan.recovery?.flags) && { flags: here }),
    observed: Object.fromEntries(placements.map((each) => [placementId(each), ports.cluster.observe(each)])),
    nameOf: (person) => ports.directory.nameOf(person),
    mentionRole: (role) => mentions.get(role) ?? mrkdwn`${role}`,
    commitUrl: (repository, commit) => rules.repositories[repository]?.commitUrl?.replace('{commit}', commit),
  };
}

function wayBackOf({ plan }: ReleaseState, { known, recoveries = [] }: EnvironmentState) {
  const tookMs = recoveries.flatMap((each) => (each.tookMs === undefined ? [] : [each.tookMs])).reverse();
  return { ...wayBack(plan, known), tookMs };
}

/** Items of the release; of a rollback, those of what it takes back. Absent: there are none. */
async function itemRows(
  ledger: Pick<Ports['ledger'], 'read'>,
  { state, here, now }: { state: ReleaseState; here: EnvironmentState; now: number },
): Promise<ItemRow[] | undefined> {
  const back = state.plan.recovery?.rollsBack ?? [];
  const readings = await Promise.all(back.map((id) => readRelease(ledger, id)));
  const releases = state.plan.recovery ? readings.flatMap((one) => (one ? [one.state] : [])) : [state];
  const listed = releases.filter((one) => one.checklist !== undefined);
  if (listed.length === 0) return undefined;
  return listed.flatMap((release) =>
    judgeChecklist({ release, rows: rowsIn(here, { release, now }), known: here.known }),
  );
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
