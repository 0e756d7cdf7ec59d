import { z } from 'zod';
import { stageIn, subjectOf } from './path-words.ts';
import { folderOf, type OpenQuestion, type RepositoryFile } from './repository-file.ts';

const ValuesNames = z.looseObject({
  fullnameOverride: z.string().optional(),
  name: z.string().optional(),
  nameOverride: z.string().optional(),
  namespace: z.string().optional(),
});

/** What a Helm values file says of the one image of a service. */
export interface HelmValues {
  file: string;
  repository: string;
  keys: { repository?: string; digest: string; tag?: string };
  /** The Rollout's name as the values give it; absent: the chart makes it of the release's name. */
  name?: string | undefined;
  namespace?: string | undefined;
}

interface ImageAt {
  /** Dotted path of the map. */
  path: string;
  repository?: string | undefined;
  /** The registry's host has a key of its own, so that `repository` cannot take the whole name. */
  hasRegistry: boolean;
  hasTag: boolean;
  hasDigest: boolean;
}

/** A map with `repository` and a tag or a digest, not deeper than charts have it. */
const DEEPEST = 4;

/** Every values file that decides what runs somewhere: one with a stage in its path, or one that stands alone. */
export function valuesIn(
  files: readonly RepositoryFile[],
  named: ReadonlySet<string>,
): { values: HelmValues[]; open: OpenQuestion[] } {
  const candidates = files.filter((file) => isValues(file, named));
  const read = candidates.map((file) => ({ file, images: imagesIn(file) }));
  const deciding = read.filter(({ file }) => !isCommon(file, { files, read }));
  const found = deciding.map(({ file, images }) => valuesOf(file, images, baseOf(file, read)));
  const charts = deciding.map(({ file }) => chartQuestion(file, files));
  return {
    values: found.flatMap(({ values }, i) => (values && charts[i]?.makesRollout !== false ? [values] : [])),
    open: found.flatMap(({ values, open }, i) => {
      const chart = values ? (charts[i]?.open ?? []) : [];
      return chart.length > 0 ? chart : open;
    }),
  };
}

function isValues({ path, documents }: RepositoryFile, named: ReadonlySet<string>): boolean {
  const [document, another] = documents;
  if (another !== undefined || typeof document !== 'object' || document === null) return false;
  if ('kind' in document && 'apiVersion' in document) return false;
  return (
    named.has(path) || /(^|\/)values[^/]*\.ya?ml$/i.test(path) || /(^|\/)values\/[^/]+\.ya?ml$/i.test(path)
  );
}

interface ReadValues {
  file: RepositoryFile;
  images: ImageAt[];
}

/** Whether it only holds what others have in common: a chart's own values, and those beside others with a stage. */
function isCommon(
  file: RepositoryFile,
  { files, read }: { files: readonly RepositoryFile[]; read: readonly ReadValues[] },
): boolean {
  if (stageIn(file.path) !== undefined) return false;
  const folder = folderOf(file.path);
  const isChart = files.some(({ path }) => /(^|\/)Chart\.ya?ml$/.test(path) && folderOf(path) === folder);
  const isUsedElsewhere = read.some(
    ({ file: other }) => !`${folderOf(other.path)}/`.startsWith(`${folder}/`),
  );
  return (isChart && isUsedElsewhere) || hasStaged(file, read);
}

/** Whether files beside it or below it take its place in stages. */
function hasStaged({ path }: RepositoryFile, all: readonly ReadValues[]): boolean {
  const folder = folderOf(path);
  return all.some(
    ({ file }) =>
      file.path !== path &&
      stageIn(file.path) !== undefined &&
      (folderOf(file.path) === folder || file.path.startsWith(folder === '' ? '' : `${folder}/`)),
  );
}

/** What a values file has in common with others: without a stage, in its folder or the nearest around it. */
function baseOf({ path }: RepositoryFile, all: readonly ReadValues[]): ReadValues | undefined {
  const around = all.filter(
    ({ file }) =>
      file.path !== path &&
      stageIn(file.path) === undefined &&
      `${folderOf(path)}/`.startsWith(folderOf(file.path) === '' ? '' : `${folderOf(file.path)}/`),
  );
  return around.sort((a, b) => folderOf(b.file.path).length - folderOf(a.file.path).length)[0];
}

function valuesOf(
  file: RepositoryFile,
  images: readonly ImageAt[],
  base: ReadValues | undefined,
): { values?: HelmValues; open: OpenQuestion[] } {
  const main = mainOf(images) ?? mainOf(base?.images ?? []);
  const repository = main?.repository ?? base?.images.find(({ path }) => path === main?.path)?.repository;
  if (main === undefined || repository === undefined) {
    const several = images.length > 1;
    if (!several && images.length === 0) return { open: [] };
    return {
      open: [
        {
          at: file.path,
          says: several
            ? `names ${images.length} images (${images.map(({ path }) => path).join(', ')}), and one is released by a values file`
            : 'names a tag or a digest, and nothing says of which image',
          todo: 'Write the placement with its keys into the catalog.',
        },
      ],
    };
  }
  const own = ValuesNames.safeParse(file.documents[0]).data;
  const common = ValuesNames.safeParse(base?.file.documents[0]).data;
  const keys = {
    ...(main.repository !== undefined &&
      !main.hasRegistry &&
      images.includes(main) && { repository: `${main.path}.repository` }),
    digest: `${main.path}.digest`,
    ...(main.hasTag && { tag: `${main.path}.tag` }),
  };
  const isPinned =
    main.hasDigest || base?.images.some(({ path, hasDigest }) => path === main.path && hasDigest);
  return {
    values: {
      file: file.path,
      repository,
      keys,
      name: own?.fullnameOverride ?? own?.name ?? common?.fullnameOverride ?? common?.name,
      namespace: own?.namespace ?? common?.namespace,
    },
    open: isPinned
      ? []
      : [
          {
            at: file.path,
            says: `has no ${keys.digest}: releases pin digests`,
            todo: `See to it that the chart writes repository@digest when ${keys.digest} is there, or change keys.digest in the catalog.`,
          },
        ],
  };
}

/** The one that is called `image` at the top, else the only one. */
function mainOf(images: readonly ImageAt[]): ImageAt | undefined {
  return images.find(({ path }) => path === 'image') ?? (images.length === 1 ? images[0] : undefined);
}

function imagesIn({ documents }: RepositoryFile): ImageAt[] {
  return imagesBelow(documents[0], []);
}

function imagesBelow(value: unknown, path: readonly string[]): ImageAt[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || path.length > DEEPEST) return [];
  const map = new Map<string, unknown>(Object.entries(value));
  const [hasTag, hasDigest] = [map.has('tag'), map.has('digest')];
  const repository = map.get('repository');
  const isImage = typeof repository === 'string' || /image$/i.test(path.at(-1) ?? '');
  if (path.length > 0 && isImage && (hasTag || hasDigest)) {
    const named = typeof repository === 'string' ? withRegistry(repository, map.get('registry')) : undefined;
    return [
      {
        path: path.map((step) => step.replaceAll('.', '\\.')).join('.'),
        repository: named,
        hasRegistry: typeof map.get('registry') === 'string',
        hasTag,
        hasDigest,
      },
    ];
  }
  return [...map].flatMap(([key, inner]) => imagesBelow(inner, [...path, key]));
}

/** Many charts keep the registry's host apart. */
function withRegistry(repository: string, registry: unknown): string {
  return typeof registry === 'string' && registry !== '' ? `${registry}/${repository}` : repository;
}

/** Whether the chart around a values file makes a Rollout; not known where it is elsewhere. */
function chartQuestion(
  file: RepositoryFile,
  files: readonly RepositoryFile[],
): { makesRollout?: boolean; open: OpenQuestion[] } {
  const charts = files
    .filter(({ path }) => /(^|\/)Chart\.ya?ml$/.test(path))
    .map(({ path }) => folderOf(path));
  const around = charts
    .filter((folder) => folder === '' || `${folderOf(file.path)}/`.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0];
  const subject = subjectOf(file.path);
  const chart =
    around ??
    (charts.length === 1 ? charts[0] : charts.find((folder) => folder.split('/').at(-1) === subject));
  if (chart === undefined) return { open: [] };
  const templates = files.filter(({ path }) => path.startsWith(`${chart}/templates/`.replace(/^\//, '')));
  if (templates.length === 0 || templates.some(({ text }) => /^kind:\s*Rollout\b/m.test(text)))
    return { open: [] };
  return {
    makesRollout: false,
    open: [
      {
        at: file.path,
        says: `its chart ${chart} makes no Rollout`,
        todo: 'Left out: turn its Deployment into a Rollout first (https://argoproj.github.io/argo-rollouts/migrating/).',
      },
    ],
  };
}
