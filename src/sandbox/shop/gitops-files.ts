import { canarySteps, rolloutObjects } from './rollout-manifest.ts';
import type { Shop, ShopService } from './shop.ts';
import { write } from './write-yaml.ts';

/** Where everything is, for files that name it. */
export interface GitopsPlaces {
  /** Host of the registry, as images name it. */
  registry: string;
  /** Digest of what runs at the beginning, by service. */
  digests: Readonly<Record<string, string>>;
  /** Name of the repository with a folder of source for each service; absent: the catalog names none. */
  source?: string;
}

/** Folder of a service in an environment. */
export function appFolder(environment: string, service: string): string {
  return `clusters/${environment}/apps/${service}`;
}

export function namespaceOf(environment: string): string {
  return `shop-${environment}`;
}

export function repositoryOf(registry: string, service: string): string {
  return `${registry}/shop/${service}`;
}

/** Every file of the GitOps repository at the beginning. */
export function gitopsFiles(shop: Shop, places: GitopsPlaces): Record<string, string> {
  const apps = shop.environments.flatMap((environment) =>
    shop.services.flatMap((service) => Object.entries(filesOf(service, { environment, places }))),
  );
  return { ...Object.fromEntries(apps), 'catalog.yaml': catalogText(shop, places), 'README.md': README };
}

interface At {
  environment: Shop['environments'][number];
  places: GitopsPlaces;
}

function filesOf(service: ShopService, { environment, places }: At): Record<string, string> {
  const folder = appFolder(environment.name, service.name);
  const repository = repositoryOf(places.registry, service.name);
  const digest = places.digests[service.name] ?? '';
  const shape = {
    name: service.name,
    namespace: namespaceOf(environment.name),
    environment: environment.name,
    replicas: environment.replicas,
  };
  switch (service.format) {
    case 'kustomize':
      return {
        [`${folder}/kustomization.yaml`]: `# Which image runs here is decided by releases; everything else is the team's.\n${write(
          {
            apiVersion: 'kustomize.config.k8s.io/v1beta1',
            kind: 'Kustomization',
            resources: ['rollout.yaml'],
            images: [{ name: repository, digest }],
          },
        )}`,
        [`${folder}/rollout.yaml`]: documents(rolloutObjects({ ...shape, image: repository })),
      };
    case 'helm':
      return {
        [`${folder}/values.yaml`]: `# Values of the shop's own chart.\n${write({
          name: service.name,
          image: { repository, digest },
          replicas: environment.replicas,
          // Steps belong to the team; a release only sets the digest.
          steps: canarySteps(environment.name),
        })}`,
      };
    case 'manifest':
      return {
        [`${folder}/rollout.yaml`]: documents(rolloutObjects({ ...shape, image: `${repository}@${digest}` })),
      };
  }
}

function documents(objects: readonly unknown[]): string {
  return objects.map((object) => write(object)).join('---\n');
}

const FILE_OF = { kustomize: 'kustomization.yaml', helm: 'values.yaml', manifest: 'rollout.yaml' } as const;

function catalogText(shop: Shop, { registry, source }: GitopsPlaces): string {
  const services = Object.fromEntries(
    shop.services.map((service) => [
      service.name,
      {
        owner: service.owner,
        tier: service.tier,
        image: repositoryOf(registry, service.name),
        ...(source !== undefined && { source: { repository: source, path: service.name } }),
        dependsOn: service.dependsOn.map(({ service: name, minVersion }) =>
          minVersion ? { service: name, minVersion } : name,
        ),
        placements: Object.fromEntries(
          shop.environments.map(({ name }) => [name, [placement(service, name)]]),
        ),
      },
    ]),
  );
  return `# Who owns what, where it runs and what it needs.\n${write({ apiVersion: 'signalbox/v1', kind: 'Catalog', services })}`;
}

function placement(service: ShopService, environment: string): Record<string, unknown> {
  return {
    cluster: 'shop',
    namespace: namespaceOf(environment),
    rollout: service.name,
    git: {
      repository: 'gitops',
      file: `${appFolder(environment, service.name)}/${FILE_OF[service.format]}`,
      format: service.format,
    },
    argocd: { application: applicationOf(environment, service.name) },
  };
}

/** Name of the Argo CD Application of a service in an environment. */
export function applicationOf(environment: string, service: string): string {
  return `${service}-${environment}`;
}

const README = `# What should run in the shop

\`clusters/<environment>/apps/<service>\` is applied by Argo CD; \`releases/<environment>/release.yaml\` is the release it came with.
`;
