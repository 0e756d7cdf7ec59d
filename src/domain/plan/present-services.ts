import { type CatalogService, catalogService, placementsOf } from '../catalog/catalog.ts';
import { type Content, type KnownContent, sameContent } from '../content.ts';
import { own } from '../document/own.ts';
import type { ServiceName } from '../ids.ts';
import type { PlannedService } from './plan.ts';
import type { PlannedRelease, RollbackInput } from './rollback-input.ts';

/** What a service has at this moment, wherever that is written down. */
export interface Present {
  content: Content;
  /** The release that brought the content, when it is at hand. */
  by?: PlannedRelease | undefined;
}

/** The newest release in flight that moves a service. */
export function inFlightOver(input: RollbackInput, service: ServiceName): PlannedRelease | undefined {
  return input.plans.find(({ plan, inFlight }) => inFlight && own(plan.services, service) !== undefined);
}

/** What a service has now: what the release in flight brings, else what is trusted. Absent: nothing is known of it. */
export function presentOf(input: RollbackInput, service: ServiceName): Present | undefined {
  const moving = inFlightOver(input, service);
  const brought = moving && own(moving.plan.services, service)?.to;
  if (brought !== undefined) return { content: brought, by: moving };
  const known = own(input.known, service) ?? [];
  const content = known[0]?.content;
  return content && { content, by: broughtBy(input, known, content) };
}

/**
 * The release that first brought a content which is trusted now. A rollback that brought it back knows nothing of what the
 * content needs, so it is only named when no other is at hand.
 */
function broughtBy(
  input: RollbackInput,
  known: readonly KnownContent[],
  content: Content,
): PlannedRelease | undefined {
  const proved = known.filter((one) => sameContent(one.content, content)).map((one) => one.release);
  const at = input.plans.filter(({ release }) => proved.includes(release));
  return at.find(({ plan }) => plan.type !== 'rollback') ?? at[0];
}

/** Every service that this environment has anything to do with. */
export function everyService(input: RollbackInput): ServiceName[] {
  const inCatalog = Object.keys(input.catalog?.services ?? {}).filter(
    (service) => placements(input, service).length > 0,
  );
  const inPlans = input.plans.flatMap(({ plan }) => Object.keys(plan.services));
  return [...new Set([...inCatalog, ...inPlans, ...Object.keys(input.known)])].sort();
}

/** Where, whose and how critical a service is: by the plan that brought its content, else by the catalog. Absent: neither knows. */
export function standingOf(
  input: RollbackInput,
  service: ServiceName,
): Pick<PlannedService, 'tier' | 'owner' | 'placements' | 'dependsOn'> | undefined {
  const planned = own(presentOf(input, service)?.by?.plan.services ?? {}, service);
  if (planned !== undefined) {
    const { tier, owner, placements: placed, dependsOn } = planned;
    return { tier, owner, placements: placed, dependsOn };
  }
  const entry = entryOf(input, service);
  const placed = placements(input, service);
  if (entry === undefined || placed.length === 0) return undefined;
  return {
    tier: entry.tier,
    owner: entry.owner,
    placements: [...placed],
    dependsOn: entry.dependsOn.map((one) => one.service),
  };
}

export function entryOf(input: RollbackInput, service: ServiceName): CatalogService | undefined {
  return input.catalog && catalogService(input.catalog, service);
}

function placements(input: RollbackInput, service: ServiceName) {
  return input.catalog ? placementsOf(input.catalog, { service, environment: input.environment.name }) : [];
}
