import { z } from 'zod';
import { parseImageReference } from '../content/image-reference.ts';
import {
  documentsLike,
  folderOf,
  type OpenQuestion,
  type RepositoryFile,
  resolvePath,
  WrittenDeployment,
  WrittenRollout,
} from './repository-file.ts';

/** Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
const Kustomization = z.looseObject({
  resources: z.array(z.string()).default([]),
  bases: z.array(z.string()).default([]),
  components: z.array(z.string()).default([]),
  namespace: z.string().optional(),
  namePrefix: z.string().default(''),
  nameSuffix: z.string().default(''),
  images: z.array(z.looseObject({ name: z.string(), newName: z.string().optional() })).default([]),
  helmCharts: z.array(z.unknown()).default([]),
});

interface Layer extends z.infer<typeof Kustomization> {
  file: string;
  folder: string;
}

/** A Rollout as a kustomization makes it. */
export interface BuiltRollout {
  name: string;
  namespace?: string | undefined;
  /** Container to image repository, renamings done. */
  images: Record<string, string>;
  /** Files of the kustomizations it passes, innermost first. */
  chain: readonly string[];
  /** The one that says which image runs: its own to this Rollout's place, and the nearest to it. */
  file: string;
}

export interface Built {
  rollouts: BuiltRollout[];
  /** Files that some kustomization takes in: none of them is applied by itself. */
  taken: ReadonlySet<string>;
  open: OpenQuestion[];
}

/** Follows every kustomization of a working copy that no other takes in, as kustomize would, as far as names and images go. */
export function buildKustomizations(files: readonly RepositoryFile[]): Built {
  const layers = new Map(files.flatMap(layerOf).map((layer) => [layer.folder, layer]));
  const byPath = new Map(files.map((file) => [file.path, file]));
  const inner = new Set(
    [...layers.values()].flatMap((layer) => childrenOf(layer, layers).map(({ folder }) => folder)),
  );
  const roots = [...layers.values()].filter(({ folder }) => !inner.has(folder));
  const found = roots.map((root) => rolloutsIn(root, { layers, byPath, trail: [] }));
  const usedBy = new Map<string, number>();
  for (const layer of roots.flatMap((root) => [...reached(root, layers)])) {
    usedBy.set(layer, (usedBy.get(layer) ?? 0) + 1);
  }
  return {
    rollouts: found.flat().map((rollout) => ({ ...rollout, file: placeOf(rollout, { layers, usedBy }) })),
    taken: new Set([...layers.values()].flatMap((layer) => takenBy(layer))),
    open: [...layers.values()].flatMap((layer) => questions(layer)),
  };
}

function layerOf(file: RepositoryFile): Layer[] {
  if (!/(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(file.path)) return [];
  const [layer] = documentsLike(file, Kustomization);
  return layer ? [{ ...layer, file: file.path, folder: folderOf(file.path) }] : [];
}

function writtenIn({ resources, bases, components }: Layer): string[] {
  return [...resources, ...bases, ...components];
}

function childrenOf(layer: Layer, layers: ReadonlyMap<string, Layer>): Layer[] {
  return writtenIn(layer).flatMap((written) => {
    const child = layers.get(resolvePath(layer.folder, written) ?? '..');
    return child && child !== layer ? [child] : [];
  });
}

function takenBy(layer: Layer): string[] {
  return writtenIn(layer).flatMap((written) => resolvePath(layer.folder, written) ?? []);
}

/** Files of every kustomization below and of this one. */
function reached(layer: Layer, layers: ReadonlyMap<string, Layer>, seen = new Set<string>()): Set<string> {
  if (seen.has(layer.file)) return seen;
  seen.add(layer.file);
  for (const child of childrenOf(layer, layers)) reached(child, layers, seen);
  return seen;
}

type Unplaced = Omit<BuiltRollout, 'file'>;

function rolloutsIn(
  layer: Layer,
  at: {
    layers: ReadonlyMap<string, Layer>;
    byPath: ReadonlyMap<string, RepositoryFile>;
    trail: readonly Layer[];
  },
): Unplaced[] {
  if (at.trail.includes(layer)) return [];
  const below = childrenOf(layer, at.layers).flatMap((child) =>
    rolloutsIn(child, { ...at, trail: [...at.trail, layer] }),
  );
  const own = takenBy(layer).flatMap((path) => at.byPath.get(path) ?? []);
  const deployments = own.flatMap((file) => documentsLike(file, WrittenDeployment));
  const written = own.flatMap((file) =>
    documentsLike(file, WrittenRollout).map((rollout) => ({
      name: rollout.metadata.name,
      namespace: rollout.metadata.namespace,
      images: imagesOf(rollout, deployments),
      chain: [],
    })),
  );
  return [...below, ...written].map((rollout) => through(layer, rollout));
}

/** What a kustomization makes of a Rollout. Patches are not followed: they hardly ever change a name. */
function through(layer: Layer, rollout: Unplaced): Unplaced {
  const renamed = Object.entries(rollout.images).map(([container, repository]) => {
    const entry = layer.images.find(({ name }) => name === repository);
    return [container, entry?.newName ?? repository];
  });
  return {
    name: `${layer.namePrefix}${rollout.name}${layer.nameSuffix}`,
    namespace: layer.namespace ?? rollout.namespace,
    images: Object.fromEntries(renamed),
    chain: [...rollout.chain, layer.file],
  };
}

/** Container to repository of a Rollout, or of the Deployment that it refers to. */
export function imagesOf(
  { spec }: WrittenRollout,
  deployments: readonly WrittenDeployment[],
): Record<string, string> {
  const referred = deployments.find(({ metadata }) => metadata.name === spec.workloadRef?.name);
  const template = spec.template ?? referred?.spec.template;
  const containers = template?.spec.containers ?? [];
  return Object.fromEntries(
    containers.map(({ name, image }) => [name, parseImageReference(image).repository]),
  );
}

/** A shared base would change every environment at once: of the others, the outermost with such an entry, else the innermost. */
function placeOf(
  { chain, images }: Unplaced,
  { layers, usedBy }: { layers: ReadonlyMap<string, Layer>; usedBy: ReadonlyMap<string, number> },
): string {
  const repositories = Object.values(images);
  const own = chain.filter((file) => usedBy.get(file) === 1);
  const naming = own.findLast((file) =>
    layers
      .get(folderOf(file))
      ?.images.some(
        ({ name, newName }) => repositories.includes(newName ?? name) || repositories.includes(name),
      ),
  );
  return naming ?? own[0] ?? chain.at(-1) ?? '';
}

function questions(layer: Layer): OpenQuestion[] {
  const remote = writtenIn(layer).filter((written) =>
    /:\/\/|^git@|^[\w-]+\.[\w.-]+\/.*\/|[?]ref=/.test(written),
  );
  return [
    ...remote.map((written) => ({
      at: layer.file,
      says: `takes in ${written.replace(/\/\/[^/@]*@/, '//')}, which is not in this working copy`,
      todo: 'If Rollouts come from there, write their placements into the catalog.',
    })),
    ...(layer.helmCharts.length > 0
      ? [
          {
            at: layer.file,
            says: 'inflates Helm charts inside kustomize',
            todo: 'If they make Rollouts, write their placements into the catalog.',
          },
        ]
      : []),
  ];
}
