import type { Path } from '../document/fault.ts';
import { gateRefusals } from '../gate/not-carried-out.ts';
import { type GateDefaults, planGate } from '../gate/parse-gate.ts';
import { didYouMean } from '../naming/nearest.ts';
import { dependencyOf } from './catalog.ts';
import {
  type CatalogDocument,
  type CatalogEntry,
  EVERY_ENVIRONMENT,
  type GateReference,
} from './catalog-schema.ts';

/** Names of `signalbox.yaml` that a catalog may use. */
export interface CatalogNames {
  /** In promotion order. */
  environments: readonly string[];
  roles: readonly string[];
  /** Those that may be written to. */
  repositories: readonly string[];
  /** Those that a service's source may be in. */
  sources: readonly string[];
  clusters: readonly string[];
  gatePresets: readonly string[];
  /** What a gate that is written out in the catalog is filled up from. */
  gateDefaults: GateDefaults;
}

interface NameFault {
  path: Path;
  says: string;
}

/** Every name in a catalog that means nothing, except those inside placements. */
export function nameFaults(document: CatalogDocument, names: CatalogNames): NameFault[] {
  return [
    ...environmentKeys(document.defaults.placements, { path: ['defaults', 'placements'], names }),
    ...Object.entries(document.services).flatMap(([name, entry]) =>
      entryFaults(entry, { path: ['services', name], names, services: Object.keys(document.services) }),
    ),
  ];
}

/** A fault for a name that is not among those known. */
export function unknownName(
  name: string,
  asked: { path: Path; noun: string; known: readonly string[] },
): NameFault[] {
  if (asked.known.includes(name)) return [];
  return [
    {
      path: asked.path,
      says: `${JSON.stringify(name)} is no ${asked.noun}; ${didYouMean(name, asked.known)}`,
    },
  ];
}

interface Asked {
  path: Path;
  names: CatalogNames;
}

function entryFaults(entry: CatalogEntry, asked: Asked & { services: readonly string[] }): NameFault[] {
  const { path, names, services } = asked;
  return [
    ...unknownName(entry.owner, {
      path: [...path, 'owner'],
      noun: 'role of signalbox.yaml',
      known: names.roles,
    }),
    ...(entry.environments ?? []).flatMap((name, index) =>
      unknownName(name, {
        path: [...path, 'environments', index],
        noun: 'environment of signalbox.yaml',
        known: names.environments,
      }),
    ),
    ...entry.dependsOn.flatMap((dependency, index) =>
      unknownName(dependencyOf(dependency).service, {
        path: [...path, 'dependsOn', index],
        noun: 'service of this catalog',
        known: services,
      }),
    ),
    ...entry.gates.flatMap((gate, index) => gateFaults(gate, { path: [...path, 'gates', index], names })),
    ...(entry.source
      ? unknownName(entry.source.repository, {
          path: [...path, 'source', 'repository'],
          noun: 'repository of signalbox.yaml',
          known: names.sources,
        })
      : sourceless(entry, path)),
    ...(entry.conftest?.repository
      ? unknownName(entry.conftest.repository, {
          path: [...path, 'conftest', 'repository'],
          noun: 'repository of signalbox.yaml',
          known: names.sources,
        })
      : []),
    ...environmentKeys(entry.placements, { path: [...path, 'placements'], names }),
  ];
}

/** What is looked for where the source is, and nobody says where that is. */
function sourceless({ cutOnTag, checks, candidate }: CatalogEntry, path: Path): NameFault[] {
  const keys = [
    ...(cutOnTag === undefined ? [] : ['cutOnTag']),
    ...(checks.length === 0 ? [] : ['checks']),
    ...(candidate?.from === 'github' ? ['candidate'] : []),
  ];
  return keys.map((key) => ({
    path: [...path, key],
    says: 'needs a source: say where the service is built from',
  }));
}

/** An unknown preset, or a gate that could not be judged: said here, where it is written, and not at the next cut. */
function gateFaults(gate: GateReference, { path, names }: Asked): NameFault[] {
  if (typeof gate === 'string') {
    return unknownName(gate, { path, noun: 'gate preset of signalbox.yaml', known: names.gatePresets });
  }
  const refusals = gateRefusals(gate).map(({ key, remedy }) => ({
    path: [...path, key],
    says: `is not carried out: ${remedy}`,
  }));
  if (refusals.length > 0) return refusals;
  const planned = planGate(gate, { name: gate.name ?? '', defaults: names.gateDefaults });
  return planned.kind === 'planned'
    ? []
    : planned.faults.map(({ key, says }) => ({ path: [...path, key], says }));
}

function environmentKeys(
  placements: Readonly<Record<string, unknown>> | undefined,
  asked: Asked,
): NameFault[] {
  return Object.keys(placements ?? {}).flatMap((name) =>
    name === EVERY_ENVIRONMENT
      ? []
      : unknownName(name, {
          path: [...asked.path, name],
          noun: 'environment of signalbox.yaml',
          known: asked.names.environments,
        }),
  );
}
