import type { Path } from '../document/fault.ts';
import type { EnvironmentName, ServiceName } from '../ids.ts';
import type { CatalogDocument, CatalogEntry } from './catalog-schema.ts';
import { EVERY_ENVIRONMENT } from './catalog-schema.ts';
import { type CatalogNames, unknownName } from './check-names.ts';
import { fillPlacement, placementFaults } from './fill-placement.ts';
import type { Placement } from './placement.ts';

/** A service's placements in one environment, with what is wrong with them. */
export interface PlacedAt {
  service: ServiceName;
  environment: EnvironmentName;
  placements: readonly Placement[];
  /** Where they were written: at the service or among the defaults. */
  path: Path;
  faults: { path: Path; says: string }[];
}

/** Every service in every environment in which it exists, templates filled in. */
export function placementsByEnvironment(document: CatalogDocument, names: CatalogNames): PlacedAt[] {
  return Object.entries(document.services).flatMap(([service, entry]) =>
    (entry.environments ?? names.environments)
      .filter((environment) => names.environments.includes(environment))
      .map((environment) => place(document, { service, entry, environment, names })),
  );
}

interface Asked {
  service: ServiceName;
  entry: CatalogEntry;
  environment: EnvironmentName;
  names: CatalogNames;
}

function place(document: CatalogDocument, asked: Asked): PlacedAt {
  const { service, environment, names } = asked;
  const found = templatesFor(document, asked);
  if (found === undefined) {
    const path = ['services', service];
    const says = `has no placement in ${environment}: add one, or list the environments in which it exists`;
    return { service, environment, placements: [], path, faults: [{ path, says }] };
  }
  const placements = found.templates.map((template) => fillPlacement(template, { service, environment }));
  const faults = placements.flatMap((placement, index) =>
    [...placementFaults(placement), ...unknownNames(placement, names)].map((fault) => ({
      path: [...found.path, index, ...fault.path],
      says: fault.says,
    })),
  );
  return { service, environment, placements, path: found.path, faults };
}

/** A service's own placements before the defaults, an environment's own before those for every environment. */
function templatesFor(
  document: CatalogDocument,
  { service, entry, environment }: Asked,
): { templates: readonly Placement[]; path: Path } | undefined {
  const sources: [Readonly<Record<string, readonly Placement[]>> | undefined, Path][] = [
    [entry.placements, ['services', service, 'placements']],
    [document.defaults.placements, ['defaults', 'placements']],
  ];
  for (const [source, path] of sources) {
    for (const key of [environment, EVERY_ENVIRONMENT]) {
      const templates = source?.[key];
      if (templates) return { templates, path: [...path, key] };
    }
  }
  return undefined;
}

function unknownNames(placement: Placement, names: CatalogNames): { path: Path; says: string }[] {
  const { cluster, git } = placement;
  return [
    ...unknownName(cluster, { path: ['cluster'], noun: 'cluster of signalbox.yaml', known: names.clusters }),
    ...(git
      ? unknownName(git.repository, {
          path: ['git', 'repository'],
          noun: 'repository of signalbox.yaml',
          known: names.repositories,
        })
      : []),
  ];
}
