import type { Catalog } from '../../domain/catalog/catalog.ts';
import { UnavailableError } from '../../errors.ts';
import type { Registry } from '../../ports/registry.ts';
import { fewAtOnce } from './few-at-once.ts';
import { type Finding, fault, type Look, ok } from './finding.ts';

/** A tag that nobody has: a registry that says so has let us in, and names the tags that there are. */
const NO_TAG = { tag: 'signalbox-check' } as const;
const FIX = 'See that registries has its host with a user who may pull, and that this machine reaches it.';

/** The images of every service can be asked for: a cut has to turn their tags into digests. */
export function registryLooks(registry: Registry, catalog: () => Promise<Catalog>): Look[] {
  return [
    {
      area: 'Registry',
      about: 'the images of the catalog',
      fix: FIX,
      look: async () => {
        const services = Object.values((await catalog()).services);
        const repositories = [...new Set(services.flatMap(({ images }) => Object.values(images)))].sort();
        const troubles = (await fewAtOnce(repositories, (each) => troubleOf(registry, each))).flat();
        const fine = repositories.length - troubles.length;
        return [
          ...(fine > 0 ? [ok(`${fine} of ${repositories.length} images can be asked for`)] : []),
          ...troubles,
        ];
      },
    },
  ];
}

async function troubleOf(registry: Registry, repository: string): Promise<Finding[]> {
  const resolved = await registry.resolve(repository, NO_TAG).catch((error: unknown) => {
    // The words of a defect are shown to nobody: they could hold anything.
    if (error instanceof UnavailableError) return error;
    throw error;
  });
  if (resolved instanceof UnavailableError) return [fault(`${repository}: ${resolved.message}`, FIX)];
  if (resolved.kind === 'refused') return [fault(`${repository}: ${resolved.reason}`, FIX)];
  if (resolved.kind === 'resolved' || resolved.known.length > 0) return [];
  const fix =
    'Push an image there, or correct the name in the catalog; some registries say so also to who may not pull.';
  return [fault(`${repository} has no tags`, fix)];
}
