import { ownedKeys } from '../content/owned-keys.ts';
import { type Content, sameContent } from '../content.ts';
import { own } from '../document/own.ts';
import { flagId } from '../flag/flag-ref.ts';
import { wantedOf } from '../flag/flag-setting.ts';
import { ReleaseId, type ServiceName } from '../ids.ts';
import { didYouMean } from '../naming/nearest.ts';
import type { KeptMigration, PlannedService, Recovery } from './plan.ts';
import { everyService, inFlightOver, presentOf, standingOf } from './present-services.ts';
import type { PlannedRelease, RollbackDraft, RollbackInput, RollbackPlanned } from './rollback-input.ts';
import { type Because, changedBy, type LeftOut, type RollbackSet, rollbackSet } from './rollback-set.ts';
import { verifiedAt } from './standing-history.ts';
import { wavesOf } from './waves.ts';

type Refused = Exclude<RollbackPlanned, { kind: 'planned' }>;

/**
 * Plans the way back: which services, from what, to what, and why each of them. Every target is decided here, because a plan
 * made after the first undo would take the bad content for the good one.
 */
export function planRollback(input: RollbackInput): RollbackPlanned {
  const seeds = seedsOf(input);
  if (!(seeds instanceof Map)) return seeds;
  const set = rollbackSet(input, seeds);
  if (input.asked.kind === 'services') {
    for (const service of input.asked.services) {
      const out = set.leftOut.get(service);
      if (out !== undefined) return cannotGoBack(service, out);
    }
  }
  if (set.going.size === 0) {
    const [first] = set.leftOut;
    return first ? cannotGoBack(...first) : { kind: 'nothing', says: nothingSays(input) };
  }
  const underway = sameRollback(input, set);
  if (underway !== undefined) return { kind: 'underway', release: underway };
  return {
    kind: 'planned',
    draft: draftOf(input, set),
    leftOut: [...set.leftOut].map(([service, { says, remedy }]) => ({
      service,
      says,
      ...(remedy !== undefined && { remedy }),
    })),
    unproven: set.unproven,
  };
}

function seedsOf(input: RollbackInput): Map<ServiceName, Because> | Refused {
  if (input.to !== undefined && verifiedAt(input.known, input.to) === undefined)
    return unknownTarget(input, input.to);
  if (input.asked.kind === 'services') return seedsOfServices(input, input.asked.services);
  const { release } = input.asked;
  const found = input.plans.find((one) => one.release === release);
  if (found === undefined) {
    const near = didYouMean(
      release,
      input.plans.map((one) => one.release),
    );
    return {
      kind: 'refused',
      says: `there is no plan of ${release} at hand`,
      remedy: `Name its services instead, or: ${near}`,
    };
  }
  if (found.plan.type === 'rollback' && input.to === undefined) {
    if (found.inFlight) return { kind: 'underway', release };
    const remedy = 'To go forward again, cut a release; to go further back, name a release with --to.';
    return { kind: 'refused', says: `${release} is itself a rollback`, remedy };
  }
  return new Map(stillThere(input, found).map((service) => [service, { kind: 'sameRelease' }]));
}

function seedsOfServices(
  input: RollbackInput,
  services: readonly ServiceName[],
): Map<ServiceName, Because> | Refused {
  const all = everyService(input);
  for (const service of services) {
    if (!all.includes(service)) {
      const says = `${input.environment.name} has no service ${service}`;
      return { kind: 'refused', service, says, remedy: `Perhaps: ${didYouMean(service, all)}` };
    }
    const moving = inFlightOver(input, service);
    if (moving?.plan.type === 'rollback' && input.to === undefined)
      return { kind: 'underway', release: moving.release };
  }
  return new Map(services.map((service) => [service, { kind: 'asked' }]));
}

/** What a release changed and nothing newer has replaced. */
function stillThere(input: RollbackInput, found: PlannedRelease): ServiceName[] {
  return changedBy(found).filter((service) => {
    const brought = own(found.plan.services, service)?.to;
    const present = presentOf(input, service)?.content;
    return brought !== undefined && present !== undefined && sameContent(brought, present);
  });
}

/** The rollback in flight that brings everything exactly where it is wanted; absent when there is none. */
function sameRollback(input: RollbackInput, { going }: RollbackSet): ReleaseId | undefined {
  const moving = [...going.values()].map(({ service, from, to }) =>
    from !== undefined && sameContent(from, to.content) ? inFlightOver(input, service) : undefined,
  );
  const [first] = moving;
  const isSame = first?.plan.type === 'rollback' && moving.every((one) => one === first);
  return isSame ? first.release : undefined;
}

function draftOf(input: RollbackInput, { going }: RollbackSet): RollbackDraft {
  const services: Record<ServiceName, PlannedService> = {};
  for (const [service, { from, to }] of [...going].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const standing = standingOf(input, service);
    if (standing === undefined) continue;
    services[service] = {
      ...standing,
      ...(from && { from }),
      to: withKeys(to.content, standing.placements),
      needs: [],
      gates: [],
    };
  }
  const graph = Object.fromEntries(
    Object.entries(services).map(([name, { dependsOn }]) => [name, dependsOn]),
  );
  return {
    environment: input.environment.name,
    type: 'rollback',
    services,
    // Plans of different days can contradict each other; then there is no order, and recovery does not wait for one.
    waves: wavesOf(graph)?.reverse() ?? [Object.keys(services).sort()],
    approvals: {
      required: 0,
      from: [],
      owners: {},
      expiresAfterMs: input.environment.approvals.expiresAfterMs,
    },
    makers: [...new Set(input.makers)].sort(),
    onGateFailure: input.environment.onGateFailure,
    recovery: recoveryOf(input, going),
  };
}

function recoveryOf(input: RollbackInput, going: RollbackSet['going']): Recovery {
  const entries = [...going].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rollsBack = entries.flatMap(([service]) => {
    const id = presentOf(input, service)?.by?.release ?? own(input.known, service)?.[0]?.release;
    const release = ReleaseId.safeParse(id);
    return release.success ? [release.data] : [];
  });
  const restores = entries.flatMap(([service, { to }]) => {
    const release = ReleaseId.safeParse(to.release);
    return release.success ? [[service, release.data]] : [];
  });
  const flags = flagsBack(input, { releases: new Set(rollsBack), going: new Set(going.keys()) });
  const keeps = keptMigrations(input, new Set(rollsBack));
  return {
    ...(flags.length > 0 && { flags }),
    rollsBack: [...new Set(rollsBack)],
    because: Object.fromEntries(entries.map(([service, { because }]) => [service, because])),
    restores: Object.fromEntries(restores),
    ...(keeps.length > 0 && { keeps }),
    standing: Object.fromEntries(entries.map(([service, { to }]) => [service, to.standing])),
  };
}

/** Flags of what leaves, each back to what it gave before the first release that brought it; off, where nobody could read that. */
function flagsBack(
  { plans }: RollbackInput,
  { releases, going }: { releases: ReadonlySet<ReleaseId>; going: ReadonlySet<ServiceName> },
): NonNullable<Recovery['flags']> {
  const back = plans
    .filter(({ release }) => releases.has(release))
    .flatMap(({ release, plan }) => (plan.flags ?? []).map((flag) => ({ flag, release })))
    .filter(({ flag }) => flag.services.some((service) => going.has(service)))
    .map(({ flag, release }) => ({
      flag,
      release,
      to: flag.before ? wantedOf(flag.before) : { on: false as const },
    }));
  // Newest first: of several releases with the same flag the oldest one counts.
  return [...new Map(back.map((each) => [flagId(each.flag), each])).values()];
}

/** What the releases did to databases stays: taking it back is a decision of whoever keeps them. */
function keptMigrations({ plans }: RollbackInput, back: ReadonlySet<ReleaseId>): KeptMigration[] {
  return plans
    .filter(({ release }) => back.has(release))
    .flatMap(({ plan }) => plan.migrations ?? [])
    .map(({ name, phase, database, databasePlan, backout, keeper }) => ({
      name,
      phase,
      ...(database !== undefined && { database }),
      databasePlan,
      ...(backout !== undefined && { plan: backout }),
      ...(keeper !== undefined && { keeper }),
    }));
}

/** Content found running at first sight may have been remembered without the values that say so in Git. */
function withKeys(content: Content, placements: PlannedService['placements']): Content {
  if (content.keys.length > 0) return content;
  return { ...content, keys: placements.flatMap((placement) => ownedKeys(placement, content)) };
}

function cannotGoBack(
  service: ServiceName,
  { says, remedy = 'Cut a release with the version you want instead.' }: LeftOut,
): Refused {
  return { kind: 'refused', service, says: `${service} cannot go back: ${says}`, remedy };
}

function unknownTarget(input: RollbackInput, to: ReleaseId): Refused {
  const verified = Object.values(input.known).flatMap((known) => known.flatMap((one) => one.release ?? []));
  const says = `${to} was never verified in ${input.environment.name}`;
  return { kind: 'refused', says, remedy: `Perhaps: ${didYouMean(to, new Set(verified))}` };
}

function nothingSays(input: RollbackInput): string {
  if (input.to !== undefined) return `everything already is as ${input.to} left it`;
  if (input.asked.kind === 'release') return `nothing of ${input.asked.release} is running any more`;
  return 'it already is as it would be made';
}
