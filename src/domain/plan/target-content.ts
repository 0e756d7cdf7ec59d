import { TerminalError } from '../../errors.ts';
import type { Placement } from '../catalog/placement.ts';
import { ownedKeys } from '../content/owned-keys.ts';
import type { Content } from '../content.ts';
import { own } from '../document/own.ts';
import { releaseId } from '../ids.ts';
import { type DeclaredService, imagesOf } from './declared-services.ts';
import type { PlanInput } from './plan-input.ts';

export type Targeted =
  | { kind: 'content'; content: Content }
  /** A file of a placement has no room for it; `says` is a sentence. */
  | { kind: 'impossible'; says: string };

/**
 * What a service of a manifest becomes: the images the manifest names, each as it was resolved, its chart version, and the
 * values that say so in this environment's files. Absent when the service was not resolved.
 */
export function targetContent(service: DeclaredService, input: PlanInput): Targeted | undefined {
  const resolved = own(input.contents, service.name);
  if (resolved === undefined) return undefined;
  const { chartVersion = resolved.chartVersion } = service.written;
  const content = {
    images: namedImages(service, resolved),
    ...(chartVersion !== undefined && { chartVersion }),
    authors: [...resolved.authors],
  };
  const id = releaseId(input.environment.name, input.name);
  try {
    const keys = service.placements.flatMap((placement: Placement) =>
      ownedKeys(placement, content, { releaseId: id }),
    );
    return { kind: 'content', content: { ...content, keys } };
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return { kind: 'impossible', says: error.message };
  }
}

/** Nothing rides along that the manifest does not name. */
function namedImages(service: DeclaredService, resolved: Content): Content['images'] {
  const named = imagesOf(service.name, service).map((image) => image.container);
  return Object.fromEntries(
    Object.entries(resolved.images).filter(([container]) => named.includes(container)),
  );
}
