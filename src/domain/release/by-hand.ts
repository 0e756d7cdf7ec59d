import { type Catalog, placementsOf, servicesIn } from '../catalog/catalog.ts';
import { type Placement, placementId } from '../catalog/placement.ts';
import type { EnvironmentName, ServiceName } from '../ids.ts';
import type { Request } from '../request.ts';
import type { RolloutObserved } from '../rollout/rollout-view.ts';
import type { EnvironmentRules } from '../rules.ts';

/** What a person needs to know to take a release back without this program. */
export interface ByHand {
  environment: EnvironmentName;
  /** Name of the release, or its end; absent: the newest that was deployed to the environment, or touched the services' files. */
  release?: string;
  /** Rollouts that are on their way, or of which nothing is known. */
  moving: Placement[];
  /** Everything that may have to be refreshed once Git says the old content again. */
  placements: Placement[];
  /** Names of repositories that hold what the release wrote, each with the files of the services that were named. */
  repositories: { name: string; files: string[] }[];
}

/** What is known without the store: the catalog as it was last read, and what the watches have seen. */
export interface Remembered {
  environments: readonly Pick<EnvironmentRules, 'name' | 'repository'>[];
  /** Absent before it was read for the first time. */
  catalog(): Catalog | undefined;
  observe(placement: Placement): RolloutObserved;
}

/** What a person would do by hand for what cannot wait; absent for everything that can. */
export function byHand(request: Request, remembered: Remembered): ByHand | undefined {
  const wanted = wantedOf(request);
  const environment = wanted && environmentOf(wanted, remembered);
  if (wanted === undefined || environment === undefined) return undefined;
  const named = wanted.services.flatMap((service) => placed(remembered, environment.name, [service]));
  const placements = named.length > 0 ? named : placed(remembered, environment.name);
  return {
    environment: environment.name,
    ...(wanted.release !== undefined && { release: wanted.release }),
    moving: placements.filter((placement) => mayMove(remembered.observe(placement))),
    placements,
    repositories: repositoriesOf(environment.repository, { placements, isNamed: named.length > 0 }),
  };
}

interface Wanted {
  environment?: EnvironmentName | undefined;
  release?: string | undefined;
  services: readonly ServiceName[];
}

/** A word that goes into a command line is a name and nothing else. */
const RELEASE_WORD = /^\.?\d+$|^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?-\d{4}-\d{2}-\d{2}\.\d+$/;

function wantedOf(request: Request): Wanted | undefined {
  switch (request.kind) {
    case 'abort':
      return { environment: request.environment, release: releaseWord(request.release), services: [] };
    case 'rollbackPlan': {
      const release = releaseWord(request.target);
      const services = request.target === undefined || release !== undefined ? [] : [request.target];
      return { environment: request.environment, release, services };
    }
    case 'rollback': {
      const { environment, services } = request;
      return { environment, release: releaseWord(request.release), services };
    }
    default:
      return undefined;
  }
}

/** Without its environment, which stands for itself; absent for anything that is no release's name. */
function releaseWord(word: string | undefined): string | undefined {
  const name = word?.split('/').at(-1)?.toLowerCase();
  return name !== undefined && RELEASE_WORD.test(name) ? name : undefined;
}

/** The one that is named, else the last in which something moves, else the last: as a rollback is understood otherwise. */
function environmentOf(
  wanted: Wanted,
  remembered: Remembered,
): Remembered['environments'][number] | undefined {
  const { environments } = remembered;
  if (wanted.environment !== undefined) return environments.find(({ name }) => name === wanted.environment);
  const isMoving = ({ name }: { name: EnvironmentName }) =>
    placed(remembered, name).some((placement) => isSeenMoving(remembered.observe(placement)));
  return environments.findLast(isMoving) ?? environments.at(-1);
}

function placed(
  remembered: Remembered,
  environment: EnvironmentName,
  services?: readonly ServiceName[],
): Placement[] {
  const catalog = remembered.catalog();
  if (catalog === undefined) return [];
  return (services ?? servicesIn(catalog, environment)).flatMap((service) => [
    ...placementsOf(catalog, { service, environment }),
  ]);
}

function isSeenMoving(observed: RolloutObserved): boolean {
  return observed.kind === 'seen' && observed.rollout.currentPodHash !== observed.rollout.stablePodHash;
}

function mayMove(observed: RolloutObserved): boolean {
  return observed.kind === 'unknown' || isSeenMoving(observed);
}

function repositoriesOf(
  home: string,
  { placements, isNamed }: { placements: readonly Placement[]; isNamed: boolean },
): ByHand['repositories'] {
  const owned = placements.flatMap(({ git }) => git ?? []);
  const names = [
    ...new Set(isNamed ? owned.map((git) => git.repository) : [home, ...owned.map((git) => git.repository)]),
  ];
  return names.map((name) => ({
    name,
    files: isNamed ? [...new Set(owned.filter((git) => git.repository === name).map((git) => git.file))] : [],
  }));
}

/** For sorting and for people: where Rollouts are, cluster by cluster. */
export function byCluster(placements: readonly Placement[]): Map<string, Placement[]> {
  const sorted = placements.toSorted((a, b) => (placementId(a) < placementId(b) ? -1 : 1));
  return Map.groupBy(sorted, ({ cluster }) => cluster);
}
