import { capacitiesOf } from '../approval/may-approve.ts';
import type { Content } from '../content.ts';
import { canonicalHash } from '../document/canonical-hash.ts';
import { own } from '../document/own.ts';
import { PersonId, type ServiceName } from '../ids.ts';
import type { FactData } from '../ledger/fact.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import type { Approval, ReleaseState } from './release-state.ts';

/** The services of a release that depend on one of these, directly or through others, and are not among them; sorted. */
export function dependentsOn(plan: Pick<Plan, 'services'>, dropped: readonly ServiceName[]): ServiceName[] {
  const found = new Set(dropped);
  const grows = () =>
    Object.entries(plan.services).filter(
      ([name, { dependsOn }]) => !found.has(name) && dependsOn.some((needed) => found.has(needed)),
    );
  for (let more = grows(); more.length > 0; more = grows()) for (const [name] of more) found.add(name);
  return [...found].filter((name) => !dropped.includes(name)).sort();
}

type Kept = FactData['release']['approval.kept'];

/**
 * Approvals that go on counting when a release takes the place of another: those of owners, for services that move in the new one
 * exactly as in the old. Whoever approved the release as a whole approved something else, and is asked again.
 */
export function keptApprovals(
  old: Pick<ReleaseState, 'id' | 'plan' | 'approvals'>,
  next: { plan: Plan; planHash: string },
): Kept[] {
  return old.approvals.flatMap((approval): Kept[] => {
    const services = ownedIn(old.plan, approval).filter((service) =>
      isSamePart(service, old.plan, next.plan),
    );
    if (services.length === 0 || next.plan.makers.includes(approval.person)) return [];
    const { person, roles, at } = approval;
    return [{ planHash: next.planHash, from: old.id, person, roles, services, at }];
  });
}

function ownedIn(plan: Plan, { person, roles, services: only }: Approval): ServiceName[] {
  const capacities = capacitiesOf({ id: person, roles: new Set(roles) }, plan);
  return capacities
    .flatMap((one) => (one.kind === 'owner' ? [one.service] : []))
    .filter((service) => only?.includes(service) ?? true)
    .sort();
}

/** The same owner is asked about the same move, in the same places and behind the same gates. */
function isSamePart(service: ServiceName, old: Plan, next: Plan): boolean {
  const [was, is] = [own(old.services, service), own(next.services, service)];
  if (was === undefined || is === undefined) return false;
  const sameOwner = own(old.approvals.owners, service) === own(next.approvals.owners, service);
  return sameOwner && partHash(was) === partHash(is);
}

/** Values in files follow from the images, but for the id of the release, which is another one by nature. */
function partHash(planned: PlannedService): string {
  const bytes = ({ images, chartVersion }: Content) => ({
    images,
    ...(chartVersion !== undefined && { chartVersion }),
  });
  const { from, to, ...rest } = planned;
  return canonicalHash({ ...rest, to: bytes(to), ...(from && { from: bytes(from) }) });
}

/**
 * Who made a release that takes another's place, besides whoever asks for it: all who made the old one, except those who only
 * wrote something that is dropped. `adopters`: people who took over a manifest of the old one.
 */
export function makersLeft(
  old: Pick<ReleaseState, 'plan' | 'requestedBy' | 'amends'>,
  { dropped, adopters }: { dropped: readonly ServiceName[]; adopters: readonly PersonId[] },
): PersonId[] {
  const requester = PersonId.safeParse(old.requestedBy);
  const stay = new Set([...adopters, ...(requester.success ? [requester.data] : [])]);
  // Of a release that was amended before, nobody can tell any more who made it by asking: all of them stay.
  if (old.amends !== undefined) return old.plan.makers;
  const wrote = (services: readonly ServiceName[]) =>
    new Set(services.flatMap((service) => own(old.plan.services, service)?.to.authors ?? []));
  const left = wrote(Object.keys(old.plan.services).filter((service) => !dropped.includes(service)));
  const gone = wrote(dropped);
  return old.plan.makers.filter((maker) => stay.has(maker) || left.has(maker) || !gone.has(maker));
}
