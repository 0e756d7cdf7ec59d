import { TerminalError } from '../../errors.ts';
import { type GitLocation, type Placement, placementId } from '../catalog/placement.ts';
import type { Content, OwnedKey } from '../content.ts';
import type { ReleaseId } from '../ids.ts';
import { parseKeyPath } from './key-path.ts';
import type { OwnedValue } from './scalar-text.ts';

/**
 * The values that make a placement run a content: what a release sets in the placement's file, and a rollback puts back. None for a
 * placement that Git does not own. A release's id is set only where the catalog names a place for it, because it is part of the
 * pod template: each new id is a new canary. Throws `TerminalError` when the file's format cannot hold the content.
 */
export function ownedKeys(
  placement: Placement,
  content: Pick<Content, 'images' | 'chartVersion'>,
  options: { releaseId?: ReleaseId } = {},
): OwnedKey[] {
  const { git } = placement;
  if (git === undefined) return [];
  const values = valuesOf(placement, git, content);
  const idPath = git.keys?.releaseId;
  if (idPath !== undefined && options.releaseId !== undefined) {
    values.push([inWorkload(placement, git, parseKeyPath(idPath)), options.releaseId]);
  }
  return values.map(([path, value]) => ({ repository: git.repository, file: git.file, path, value }));
}

type Values = [path: string[], value: OwnedValue][];
type Pinned = Pick<Content, 'images' | 'chartVersion'>;

function valuesOf(placement: Placement, git: GitLocation, content: Pinned): Values {
  switch (git.format) {
    case 'kustomize':
      return kustomizeValues(content);
    case 'helm':
      return helmValues(placement, git, content);
    case 'manifest':
      return manifestValues(placement, git, content);
  }
}

/** The tag goes, because kustomize would write tag and digest side by side; another name for the image is left alone. */
function kustomizeValues({ images }: Pinned): Values {
  return Object.values(images).flatMap(({ repository, digest }): Values => {
    const image = ['images', `name=${repository}`];
    return [
      [[...image, 'digest'], digest],
      [[...image, 'newTag'], null],
    ];
  });
}

/** The keys that the catalog names; without a version the tag goes, so that none stands beside a digest it does not belong to. */
function helmValues(placement: Placement, { keys }: GitLocation, { images, chartVersion }: Pinned): Values {
  const [image, another] = Object.values(images);
  if (image === undefined || another !== undefined) {
    throw new TerminalError(
      `${placementId(placement)}: a Helm values file names one image, and this content has ${Object.keys(images).length}`,
    );
  }
  const values: [path: string | undefined, value: OwnedValue][] = [
    [keys?.repository, image.repository],
    [keys?.digest ?? HELM_DIGEST, image.digest],
    [keys?.tag, image.version ?? null],
    [chartVersion === undefined ? undefined : keys?.chartVersion, chartVersion ?? null],
  ];
  return values.flatMap(([path, value]): Values => (path === undefined ? [] : [[parseKeyPath(path), value]]));
}

/** Where charts look for a digest unless the catalog says otherwise. */
export const HELM_DIGEST = 'image.digest';

function manifestValues(placement: Placement, git: GitLocation, { images }: Pinned): Values {
  return Object.entries(images).map(([container, { repository, digest }]) => [
    inWorkload(placement, git, ['spec', 'template', 'spec', 'containers', `name=${container}`, 'image']),
    `${repository}@${digest}`,
  ]);
}

/** A file of manifests may hold other documents beside the Rollout. */
function inWorkload(placement: Placement, git: GitLocation, path: readonly string[]): string[] {
  return git.format === 'manifest' ? [`#Rollout/${placement.rollout}`, ...path] : [...path];
}
