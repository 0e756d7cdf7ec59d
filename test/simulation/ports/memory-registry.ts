import { nearestFew } from '../../../src/domain/naming/nearest.ts';
import type { Registry } from '../../../src/ports/registry.ts';

/** An image of the registry, of one platform behind an index. */
export interface MemoryImage {
  repository: string;
  tag: string;
  digest: string;
  platformDigest: string;
  authorEmails: string[];
  /** The commit it says it was built from; absent: it says none. */
  revision?: string;
}

/** As in the real adapter. */
const TAGS_SHOWN = 5;

/** The in-memory twin of an OCI registry. */
export function createMemoryRegistry(images: readonly MemoryImage[]): Registry {
  return {
    async resolve(repository, reference) {
      const here = images.filter((image) => image.repository === repository);
      const found = here.find((image) =>
        'tag' in reference ? image.tag === reference.tag : image.digest === reference.digest,
      );
      if (found === undefined) {
        const word = 'tag' in reference ? reference.tag : reference.digest;
        const tags = here.map(({ tag }) => tag);
        return { kind: 'missing', known: nearestFew(word, tags, TAGS_SHOWN) };
      }
      const { digest, tag, platformDigest, authorEmails, revision } = found;
      const platforms = { 'linux/amd64': platformDigest };
      return {
        kind: 'resolved',
        image: { repository, digest, platforms, version: tag, ...(revision && { revision }) },
        authorEmails,
      };
    },
    async tags(repository) {
      const tags = images.filter((image) => image.repository === repository).map(({ tag }) => tag);
      return tags.length > 0 ? { kind: 'tags', tags } : { kind: 'missing' };
    },
  };
}
