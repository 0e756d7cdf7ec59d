import { type FileFormat, type GitLocation, type Placement, placementId } from '../catalog/placement.ts';
import { Digest } from '../ids.ts';
import { type ImageReference, parseImageReference } from './image-reference.ts';
import { parseKeyPath } from './key-path.ts';
import { isSelector, splitSelector } from './list-item.ts';
import { HELM_DIGEST } from './owned-keys.ts';

/** An image that a file asks for. */
export interface GitImage extends Partial<ImageReference> {
  /** Absent where the file names images and not containers: kustomize and Helm. */
  container?: string;
}

/** What Git says a placement runs. */
export type GitContent =
  | { kind: 'read'; images: GitImage[]; chartVersion?: string }
  /** The file does not say: the reason names the placement and what is missing. */
  | { kind: 'silent'; reason: string };

/**
 * Reads what a placement's file says runs, for adoption and for telling where Git and the cluster disagree. `documents` are the
 * values of the file's documents, aliases and merge keys resolved.
 */
export function readContent(placement: Placement, documents: readonly unknown[]): GitContent {
  const { git } = placement;
  if (git === undefined) return { kind: 'silent', reason: `${placementId(placement)}: Git does not own it` };
  const read = READERS[git.format](documents, { git, rollout: placement.rollout });
  if (read.images.length > 0) return { kind: 'read', ...read };
  return { kind: 'silent', reason: `${placementId(placement)}: ${git.file} names no image for it` };
}

type Read = Omit<Extract<GitContent, { kind: 'read' }>, 'kind'>;
type Reader = (documents: readonly unknown[], from: { git: GitLocation; rollout: string }) => Read;

const READERS: Record<FileFormat, Reader> = {
  /** What kustomize makes of an image is under its new name, where it has one. */
  kustomize: ([root]) => ({
    images: list(at(root, ['images'])).map((entry) =>
      imageOf({
        repository: text(at(entry, ['newName'])) ?? text(at(entry, ['name'])),
        digest: text(at(entry, ['digest'])),
        tag: text(at(entry, ['newTag'])),
      }),
    ),
  }),

  helm: ([root], { git }) => {
    const read = (path = '') => text(at(root, parseKeyPath(path)));
    const image = imageOf({
      repository: read(git.keys?.repository),
      digest: read(git.keys?.digest ?? HELM_DIGEST),
      tag: read(git.keys?.tag),
    });
    const chartVersion = read(git.keys?.chartVersion);
    const isPinned = image.digest !== undefined || image.tag !== undefined;
    return { images: isPinned ? [image] : [], ...(chartVersion !== undefined && { chartVersion }) };
  },

  manifest: (documents, { rollout }) => {
    const own = documents.find(
      (document) => at(document, ['kind']) === 'Rollout' && at(document, ['metadata', 'name']) === rollout,
    );
    const pod = at(own, ['spec', 'template', 'spec']);
    const containers = [...list(at(pod, ['containers'])), ...list(at(pod, ['initContainers']))];
    return { images: containers.flatMap(containerImage) };
  },
};

function containerImage(entry: unknown): GitImage[] {
  const container = text(at(entry, ['name']));
  const image = text(at(entry, ['image']));
  return container === undefined || image === undefined ? [] : [{ container, ...parseImageReference(image) }];
}

function imageOf({
  repository,
  tag,
  digest,
}: Record<'repository' | 'tag' | 'digest', string | undefined>): GitImage {
  const known = Digest.safeParse(digest);
  return {
    ...(repository !== undefined && { repository }),
    ...(tag !== undefined && { tag }),
    ...(known.success && { digest: known.data }),
  };
}

function at(value: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return undefined;
  return path.reduce((inner, step) => {
    if (Array.isArray(inner) && isSelector(step)) {
      const [key, wanted] = splitSelector(step);
      return inner.find((item) => at(item, [key]) === wanted);
    }
    const isMap = typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step);
    return isMap ? (inner as Record<string, unknown>)[step] : undefined;
  }, value);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Numbers count as the text YAML would write for them: `newTag: 12`. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
