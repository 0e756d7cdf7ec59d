import { type Content, type KnownContent, sameContent } from '../content.ts';
import { own } from '../document/own.ts';
import type { ServiceName } from '../ids.ts';
import { type NoReturn, noReturnFor } from '../migration/no-return.ts';
import type { Recovery } from './plan.ts';
import { inFlightOver, presentOf, standingOf } from './present-services.ts';
import type { PlannedRelease, RollbackInput } from './rollback-input.ts';
import { dependentsOf, type GoingBack } from './rollback-needs.ts';
import { contentAt, contentBefore, verifiedAt } from './standing-history.ts';

export type Because = Recovery['because'][ServiceName];

/** Why a service cannot go back: the end of a sentence, and what to do instead where that is known. */
export interface LeftOut {
  says: string;
  remedy?: string | undefined;
}

/** Everything that goes back, why, and what does not. */
export interface RollbackSet {
  going: Map<ServiceName, GoingBack & { because: Because }>;
  leftOut: Map<ServiceName, LeftOut>;
  unproven: { service: ServiceName; on: ServiceName }[];
}

/**
 * The closure of what was asked: the whole change set of every release in flight that is touched, and everything that needs
 * what goes back. Grows until nothing is added, so that it does not depend on the order of anything.
 */
export function rollbackSet(input: RollbackInput, seeds: ReadonlyMap<ServiceName, Because>): RollbackSet {
  const set: RollbackSet = { going: new Map(), leftOut: new Map(), unproven: [] };
  const queue = [...seeds];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [service, because] = next;
    const before = set.going.get(service);
    if (set.leftOut.has(service) || (before !== undefined && !isPressedFurther(before, because))) continue;
    const back = goingBack(input, service, {
      seesThrough: because.kind === 'sameRelease' && !seeds.has(service),
    });
    if (back.kind === 'already' || (before !== undefined && isSameWay(before, back))) continue;
    if (back.kind === 'cannot') {
      set.leftOut.set(service, back);
    } else {
      set.going.set(service, { ...back.going, because });
      const { needing, unproven } = dependentsOf(input, back.going);
      queue.push(...needing.map((name): [ServiceName, Because] => [name, { kind: 'needs', service }]));
      set.unproven.push(...unproven.map((name) => ({ service: name, on: service })));
    }
    queue.push(...siblings(input, service));
  }
  set.unproven = set.unproven.filter(({ service }) => !set.going.has(service) && !set.leftOut.has(service));
  return set;
}

/** Services of a plan that it changes. */
export function changedBy({ plan }: PlannedRelease): ServiceName[] {
  return Object.entries(plan.services)
    .filter(([, { from, to }]) => from === undefined || !sameContent(from, to))
    .map(([service]) => service);
}

/** What only sees through a rollback in flight has to go further, when something that it needs goes. */
function isPressedFurther(before: GoingBack & { because: Because }, because: Because): boolean {
  const { from, to } = before;
  const seesThrough = before.because.kind === 'sameRelease' && from && sameContent(from, to.content);
  return seesThrough === true && because.kind === 'needs';
}

function isSameWay(before: GoingBack, back: Back): boolean {
  return back.kind !== 'going' || sameContent(before.to.content, back.going.to.content);
}

type Back = { kind: 'going'; going: GoingBack } | { kind: 'already' } | ({ kind: 'cannot' } & LeftOut);

function goingBack(
  input: RollbackInput,
  service: ServiceName,
  { seesThrough }: { seesThrough: boolean },
): Back {
  const present = presentOf(input, service);
  if (present === undefined) return { kind: 'cannot', says: 'nothing is known of it here' };
  const to = targetOf(input, { service, present: present.content, seesThrough });
  if (to === undefined) {
    const says = input.to
      ? `nothing is known of it from the time of ${input.to}`
      : 'no content from before is known';
    return { kind: 'cannot', says };
  }
  if (standingOf(input, service) === undefined) return { kind: 'cannot', says: 'nobody knows where it runs' };
  const closed = noReturnFor(input.noReturns ?? [], { service, at: to.at });
  if (closed) return { kind: 'cannot', ...beyondReturn(closed) };
  if (isOutsideGit(input, service)) return { kind: 'going', going: { service, to } };
  // What is in flight has only been asked for: who takes it over sees it through, wherever it was going.
  const arrived = inFlightOver(input, service) === undefined;
  if (arrived && sameContent(to.content, present.content)) return { kind: 'already' };
  return { kind: 'going', going: { service, from: present.content, to } };
}

/** Older code cannot work with what a contract migration left: going back would break what is meant to be mended. */
function beyondReturn(closed: NoReturn): LeftOut {
  const { migration, database, release, databasePlan, plan, keeper } = closed;
  const of = database === undefined ? '' : ` of ${database}`;
  const words = plan ?? PLANS[databasePlan];
  const call = keeper === undefined ? '' : ` Call ${keeper}.`;
  return {
    says: `migration ${migration}${of}, in ${release}, removed what its older code needs`,
    remedy: `Go forward instead (${databasePlan}): ${words}${/[.!?]$/.test(words) ? '' : '.'}${call}`,
  };
}

const PLANS: Readonly<Record<NoReturn['databasePlan'], string>> = {
  forwardFix: 'cut a release that works with the database as it is',
  restore: 'restore the database from before it, then cut a release with the version you want',
  downMigration:
    'bring back what it removed with a migration of its own, then cut a release with the version you want',
  none: 'cut a release that works with the database as it is',
};

/** Where Git owns none of it, people change it past us: what is trusted need not be what runs. */
function isOutsideGit(input: RollbackInput, service: ServiceName): boolean {
  return standingOf(input, service)?.placements.every((placement) => placement.git === undefined) ?? false;
}

/**
 * Where a service goes. `seesThrough`: it goes only because the release that moves it does; was that a rollback, it goes where the
 * rollback was taking it, for nobody asked for more and nothing else may take it there any more.
 */
function targetOf(
  input: RollbackInput,
  { service, present, seesThrough }: { service: ServiceName; present: Content; seesThrough: boolean },
): KnownContent | undefined {
  const known = own(input.known, service) ?? [];
  if (seesThrough && input.to === undefined && inFlightOver(input, service)?.plan.type === 'rollback') {
    const restored = known.find(({ content }) => sameContent(content, present));
    if (restored !== undefined) return restored;
  }
  if (input.to === undefined) return isOutsideGit(input, service) ? known[0] : contentBefore(known, present);
  const at = verifiedAt(input.known, input.to);
  return at === undefined ? undefined : contentAt(known, at);
}

/** A release in flight goes back whole, also what of it has not been seen moving. */
function siblings(input: RollbackInput, service: ServiceName): [ServiceName, Because][] {
  const moving = inFlightOver(input, service);
  if (moving === undefined) return [];
  return changedBy(moving).map((name) => [name, { kind: 'sameRelease' }]);
}
