import type { SandboxRegistry } from '../registry.ts';
import type { Shop } from './shop.ts';
import type { Revisions } from './source-history.ts';

export interface PushedImages {
  /** Service to version to digest of its index. */
  digests: Record<string, Record<string, string>>;
  /** Index to the digest that this machine's pods report. */
  platforms: Record<string, string>;
}

/** Pushes every version of every service of a shop. `revisions`: what they were built from; absent: they do not say. */
export function pushImages(shop: Shop, registry: SandboxRegistry, revisions: Revisions = {}): PushedImages {
  const images: PushedImages = { digests: {}, platforms: {} };
  for (const { name, version, newer } of shop.services) {
    for (const each of [{ version, authors: [] }, ...newer]) {
      const { index, platforms } = registry.push({
        name: `shop/${name}`,
        tag: each.version,
        authors: each.authors,
        ...revisionOf(revisions[name]?.[each.version]),
      });
      images.digests[name] = { ...images.digests[name], [each.version]: index };
      images.platforms[index] = platforms['linux/amd64'] ?? index;
    }
  }
  return images;
}

function revisionOf(revision: string | undefined): { revision?: string } {
  return revision === undefined ? {} : { revision };
}
