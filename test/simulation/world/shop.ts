import { stringify } from 'yaml';
import { fillPlacement } from '../../../src/domain/catalog/fill-placement.ts';
import type { Placement } from '../../../src/domain/catalog/placement.ts';
import type { EnvironmentName, ServiceName } from '../../../src/domain/ids.ts';
import type { Rules } from '../../../src/domain/rules.ts';
import type { CanaryStep, RolloutSpec } from '../../../src/sandbox/cluster/rollout/rollout-object.ts';
import { MIGRATION_FILES } from './databases.ts';
import type { Draw } from './draw.ts';
import { rulesOf } from './shop-rules.ts';

/** How a version behaves once it runs: well, with errors, not at all, or without a word to the metrics. */
export type Nature = 'good' | 'bad' | 'broken' | 'silent';

/** A version that is in the registry. */
export interface Version {
  tag: string;
  digest: string;
  /** What pods report for it. */
  platformDigest: string;
  authors: string[];
}

/** A service of the simulated shop. */
export interface ShopService {
  name: ServiceName;
  owner: string;
  tier: number;
  dependsOn: { service: ServiceName; minVersion?: string }[];
  format: 'kustomize' | 'helm' | 'manifest';
  /** Git repository of its files. */
  repository: string;
  argocd: boolean;
  /** The first one runs at the beginning. */
  versions: Version[];
}

/** One Rollout of one service in one environment. */
export interface Place {
  environment: EnvironmentName;
  service: ShopService;
  placement: Placement & { git: NonNullable<Placement['git']> };
}

/** What there is to be released, and by which rules. */
export interface Shop {
  environments: EnvironmentName[];
  services: ShopService[];
  places: Place[];
  rules: Rules;
  /** Repository to path to text. */
  files: Record<string, Record<string, string>>;
  rolloutSpec(place: Place): RolloutSpec;
}

const ENVIRONMENTS = ['dev', 'staging', 'prod'];
const NAMES = ['alpha', 'bravo', 'carol', 'delta'];
export const HOME = 'gitops';
const AWAY = 'second';
export const CLUSTERS = ['east', 'west'];
/** Newest version of each service; the first runs at the beginning. */
const VERSIONS = 6;

/** A shop drawn from a seed: one to three environments, two to four services that need each other, in every file format. */
export function drawShop(draw: Draw): Shop {
  const environments = ENVIRONMENTS.slice(-draw.integer(1, 3));
  const isSplit = draw.happens(0.25);
  const services = NAMES.slice(0, draw.integer(2, 4)).map((name, index) =>
    drawService(draw, { name, index, isSplit }),
  );
  const isTwin = draw.happens(0.2);
  const places = environments.flatMap((environment) =>
    services.flatMap((service) => placesOf(service, { environment, clusters: isTwin ? CLUSTERS : ['east'] })),
  );
  const steps = Object.fromEntries(
    environments.map((environment) => [environment, drawSteps(draw, environment)]),
  );
  const replicas = draw.integer(1, 3);
  return {
    environments,
    services,
    places,
    rules: rulesOf(draw, { environments, home: HOME, repositories: [HOME, AWAY], clusters: CLUSTERS }),
    files: filesOf(services, places),
    rolloutSpec: (place) => specOf(place, { replicas, steps: steps[place.environment] ?? [] }),
  };
}

function drawService(
  draw: Draw,
  { name, index, isSplit }: { name: string; index: number; isSplit: boolean },
): ShopService {
  const before = NAMES.slice(0, index);
  const dependsOn = before
    .filter(() => draw.happens(0.4))
    .map((service) => ({ service, ...(draw.happens(0.3) && { minVersion: `1.${draw.integer(0, 3)}.0` }) }));
  return {
    name,
    owner: draw.pick(['owners-a', 'owners-b']),
    tier: draw.integer(1, 3),
    dependsOn,
    format: draw.pick(['kustomize', 'helm', 'manifest']),
    repository: isSplit && index % 2 === 1 ? AWAY : HOME,
    argocd: draw.happens(0.5),
    versions: Array.from({ length: VERSIONS }, (_, at) => versionOf(index, at, draw)),
  };
}

function versionOf(index: number, at: number, draw: Draw): Version {
  const seed = (index * VERSIONS + at + 16).toString(16).padStart(2, '0');
  return {
    tag: `1.${at}.0`,
    digest: `sha256:${seed.repeat(32)}`,
    platformDigest: platformDigest(`sha256:${seed.repeat(32)}`),
    authors: at > 0 && draw.happens(0.4) ? [draw.pick(['dev@shop.test', 'ben@shop.test'])] : [],
  };
}

/** What pods report for an image of two platforms that is pinned by its index. */
export function platformDigest(digest: string): string {
  return `${digest.slice(0, -2)}ee`;
}

/** Repository of a service's image, as the catalog and the registry have it. */
export function imageOf(service: ServiceName): string {
  return `registry.test/shop/${service}`;
}

function drawSteps(draw: Draw, environment: EnvironmentName): CanaryStep[] {
  if (environment === 'dev') return [];
  const end = draw.pick<CanaryStep>([{ pause: {} }, { pause: { duration: `${draw.integer(4, 12)}s` } }]);
  return draw.happens(0.5)
    ? [{ setWeight: 50 }, end]
    : [{ setWeight: 25 }, { pause: { duration: '5s' } }, { setWeight: 60 }, end];
}

function placesOf(
  service: ShopService,
  { environment, clusters }: { environment: EnvironmentName; clusters: readonly string[] },
): Place[] {
  // Two regions for what customers see, one for the rest.
  const own = environment === 'prod' && service.tier === 1 ? clusters : clusters.slice(0, 1);
  return own.map((cluster) => {
    const git = {
      repository: service.repository,
      file: `${environment}/${cluster}/${service.name}.yaml`,
      format: service.format,
    };
    const argocd = { application: `${environment}-${service.name}`, namespace: 'argocd' };
    const written = {
      cluster,
      namespace: environment,
      rollout: service.name,
      git,
      ...(service.argocd && { argocd }),
    };
    const placement = fillPlacement(written, { service: service.name, environment });
    return { environment, service, placement: { ...placement, git } };
  });
}

function filesOf(services: readonly ShopService[], places: readonly Place[]): Shop['files'] {
  const files: Shop['files'] = {
    [HOME]: { 'catalog.yaml': catalogText(services, places), ...MIGRATION_FILES },
    [AWAY]: { 'README.md': '' },
  };
  for (const { placement, service } of places) {
    const { repository, file } = placement.git;
    files[repository] = { ...files[repository], [file]: fileText(service) };
  }
  return files;
}

function catalogText(services: readonly ShopService[], places: readonly Place[]): string {
  const entries = services.map(({ name, owner, tier, dependsOn }) => {
    const own = places.filter((place) => place.service.name === name);
    const placements = Map.groupBy(own, ({ environment }) => environment);
    const written = [...placements].map(([environment, here]) => [
      environment,
      here.map(({ placement }) => placement),
    ]);
    return [name, { owner, tier, image: imageOf(name), dependsOn, placements: Object.fromEntries(written) }];
  });
  const services_ = Object.fromEntries(entries);
  return stringify(
    { apiVersion: 'signalbox/v1', kind: 'Catalog', services: services_ },
    { aliasDuplicateObjects: false },
  );
}

/** A service's file at the beginning: the team's own words around the one digest. */
function fileText({ name, format, versions: [first] }: ShopService): string {
  const digest = first?.digest ?? '';
  const image = imageOf(name);
  switch (format) {
    case 'kustomize':
      return `# ${name}\nimages:\n  - name: ${image}\n    digest: ${digest}\n`;
    case 'helm':
      return `# ${name}\nimage:\n  digest: ${digest}\nnote: mine\n`;
    case 'manifest':
      return `kind: Rollout\nmetadata:\n  name: ${name}\nspec:\n  template:\n    spec:\n      containers:\n        - name: ${name}\n          image: ${image}@${digest} # pinned\n`;
  }
}

/** The digest that a service's file says; absent when it says none. Read without the product's own reader. */
export function digestIn(text: string | undefined): string | undefined {
  return /sha256:[0-9a-f]{64}/.exec(text ?? '')?.[0];
}

function specOf(
  { service }: Place,
  { replicas, steps }: { replicas: number; steps: readonly CanaryStep[] },
): RolloutSpec {
  const labels = { app: service.name };
  const image = `${imageOf(service.name)}@${service.versions[0]?.digest}`;
  return {
    replicas,
    revisionHistoryLimit: 4,
    progressDeadlineSeconds: 30,
    selector: { matchLabels: labels },
    strategy: { canary: { maxSurge: 1, maxUnavailable: 0, steps: [...steps] } },
    template: { metadata: { labels }, spec: { containers: [{ name: service.name, image }] } },
  };
}
