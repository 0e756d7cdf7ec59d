import { checkShape } from '../document/check-shape.ts';
import { type Fault, faultAt, inFileOrder, type Path, type SourceDocument } from '../document/fault.ts';
import type { EnvironmentName, ServiceName } from '../ids.ts';
import { cycleIn } from '../plan/waves.ts';
import { type Catalog, type CatalogService, dependencyOf, tierOf } from './catalog.ts';
import { CatalogDocument, type CatalogEntry } from './catalog-schema.ts';
import { type CatalogNames, nameFaults } from './check-names.ts';
import { type PlacedAt, placementsByEnvironment } from './place-services.ts';
import { placementId } from './placement.ts';

export type CatalogResolved = { kind: 'resolved'; catalog: Catalog } | { kind: 'faulty'; faults: Fault[] };

/** Reads a catalog against the configuration's names, and tells every fault at once. */
export function resolveCatalog(document: SourceDocument, names: CatalogNames): CatalogResolved {
  const checked = checkShape(CatalogDocument, document);
  if (checked.kind === 'faulty') return checked;
  const placed = placementsByEnvironment(checked.value, names);
  const problems = [
    ...nameFaults(checked.value, names),
    ...placed.flatMap((one) => one.faults),
    ...sharedRollouts(placed),
    ...cycleFault(checked.value),
  ];
  if (problems.length > 0) {
    const faults = problems.map(({ path, says }) => faultAt(document, path, says));
    return { kind: 'faulty', faults: inFileOrder(uniqueFaults(faults)) };
  }
  const services = Object.entries(checked.value.services).map(([name, entry]) => [
    name,
    serviceOf(name, { entry, placed }),
  ]);
  return { kind: 'resolved', catalog: { services: Object.fromEntries(services) } };
}

function serviceOf(
  name: ServiceName,
  from: { entry: CatalogEntry; placed: readonly PlacedAt[] },
): CatalogService {
  const { entry, placed } = from;
  const here = placed.filter((one) => one.service === name);
  return {
    owner: entry.owner,
    tier: tierOf(entry.tier),
    ...(entry.tier === undefined && { tierIsDefault: true as const }),
    images: entry.images ?? { [name]: entry.image ?? '' },
    dependsOn: entry.dependsOn.map(dependencyOf),
    gates: entry.gates,
    ...(entry.slo && { slo: entry.slo }),
    ...(entry.source && { source: entry.source }),
    ...(entry.candidate && { candidate: entry.candidate }),
    ...(entry.cutOnTag !== undefined && { cutOnTag: entry.cutOnTag }),
    ...(entry.checks.length > 0 && { checks: entry.checks }),
    ...(entry.conftest && { conftest: entry.conftest }),
    placements: byEnvironment(here),
  };
}

function byEnvironment(placed: readonly PlacedAt[]): CatalogService['placements'] {
  const entries: [EnvironmentName, PlacedAt['placements']][] = placed.map((one) => [
    one.environment,
    one.placements,
  ]);
  return Object.fromEntries(entries);
}

/** One Rollout belongs to one service in one environment: two owners of the same image would undo each other. */
function sharedRollouts(placed: readonly PlacedAt[]): { path: Path; says: string }[] {
  const owner = new Map<string, string>();
  return placed.flatMap(({ service, environment, placements, path }) =>
    placements.flatMap((placement) => {
      const id = placementId(placement);
      const here = `${service} in ${environment}`;
      const first = owner.get(id);
      if (first === undefined) owner.set(id, here);
      return first === undefined ? [] : [{ path, says: `Rollout ${id} is both ${first} and ${here}` }];
    }),
  );
}

function cycleFault(document: CatalogDocument): { path: Path; says: string }[] {
  const graph = Object.entries(document.services).map(([name, entry]) => [
    name,
    entry.dependsOn.map((dependency) => dependencyOf(dependency).service),
  ]);
  const cycle = cycleIn(Object.fromEntries(graph));
  if (cycle === undefined) return [];
  const path = ['services', cycle[0] ?? '', 'dependsOn'];
  return [{ path, says: `is a cycle: ${cycle.join(' → ')}` }];
}

/** A template of the defaults that is wrong is wrong for every service: it is said once. */
function uniqueFaults(faults: readonly Fault[]): Fault[] {
  const seen = new Map(faults.map((fault) => [`${fault.path} ${fault.says}`, fault]));
  return [...seen.values()];
}
