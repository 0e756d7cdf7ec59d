import type { CandidateRule } from '../candidate/candidate-rule.ts';
import { own } from '../document/own.ts';
import type { EnvironmentName, ServiceName } from '../ids.ts';
import { tierNumber, type WrittenDependency, type WrittenSlo } from '../manifest/service-schema.ts';
import type { ConftestLocation, GateReference, SourceLocation } from './catalog-schema.ts';
import type { Placement } from './placement.ts';

/** Something a service needs to be there. */
export interface Dependency {
  service: ServiceName;
  /** Lowest version of it that is known to do; absent: nothing is known about older ones. */
  minVersion?: string | undefined;
}

/** A service with everything the catalog knows of it, defaults and templates filled in. */
export interface CatalogService {
  /** Name of the role that owns it. */
  owner: string;
  /** 0 and 1 are critical, 4 is a toy. */
  tier: number;
  /** Nobody said its tier. */
  tierIsDefault?: true | undefined;
  /** Container name to image repository. */
  images: Readonly<Record<string, string>>;
  dependsOn: readonly Dependency[];
  gates: readonly GateReference[];
  /** What its users are promised; absent: nobody says. */
  slo?: WrittenSlo | undefined;
  /** Where its source is; absent: nobody says. */
  source?: SourceLocation | undefined;
  /** Where its newest version is found; absent: what builds report. */
  candidate?: CandidateRule | undefined;
  /** Tags of its source that cut it; absent: none do. */
  cutOnTag?: string | undefined;
  /** Checks its commits have to show, besides those of the environment; absent: none. */
  checks?: readonly string[] | undefined;
  /** Where its results of conftest are; absent: nobody asks for any. */
  conftest?: ConftestLocation | undefined;
  /** Keys that Backstage said, because the catalog's file does not; absent: none. */
  fromBackstage?: readonly string[] | undefined;
  /** By environment; an environment in which the service does not exist is absent. */
  placements: Readonly<Record<EnvironmentName, readonly Placement[]>>;
}

/** What exists. Every name in it has been checked. */
export interface Catalog {
  services: Readonly<Record<ServiceName, CatalogService>>;
}

/** Tier of a service that names none: somebody notices when it is away. */
export const DEFAULT_TIER = 2;

/** A service by a name that anybody may have typed; absent when the catalog has none. */
export function catalogService(catalog: Catalog, name: ServiceName): CatalogService | undefined {
  return own(catalog.services, name);
}

/** Where a service runs in an environment; empty when it does not exist there. */
export function placementsOf(
  catalog: Catalog,
  at: { service: ServiceName; environment: EnvironmentName },
): readonly Placement[] {
  return own(catalogService(catalog, at.service)?.placements ?? {}, at.environment) ?? [];
}

/** Names of the services that exist in an environment, sorted. */
export function servicesIn(catalog: Catalog, environment: EnvironmentName): ServiceName[] {
  return Object.keys(catalog.services)
    .filter((service) => placementsOf(catalog, { service, environment }).length > 0)
    .sort();
}

export function dependencyOf(written: WrittenDependency): Dependency {
  if (typeof written === 'string') return { service: written };
  const { service, minVersion } = written;
  return { service, ...(minVersion !== undefined && { minVersion }) };
}

/** The tier a document says, or the default. */
export function tierOf(written: string | number | undefined): number {
  return written === undefined ? DEFAULT_TIER : tierNumber(written);
}
