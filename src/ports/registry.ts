import type { Image } from '../domain/content.ts';
import type { Digest } from '../domain/ids.ts';

export type Resolved =
  | {
      kind: 'resolved';
      image: Image;
      /** E-mail addresses of `org.opencontainers.image.authors`, for separation of duties. */
      authorEmails: string[];
    }
  /** Not there: `known` lists tags that are, nearest first, at most five. */
  | { kind: 'missing'; known: string[] }
  | { kind: 'refused'; reason: string };

/** Every tag of a repository, in no order that means anything. */
export type TagList =
  | { kind: 'tags'; tags: string[] }
  /** There is no such repository. */
  | { kind: 'missing' }
  | { kind: 'refused'; reason: string };

/** An OCI registry. Throws `UnavailableError` when it cannot be reached. */
export interface Registry {
  resolve(repository: string, reference: { tag: string } | { digest: Digest }): Promise<Resolved>;
  /** All of them or a refusal: the newest of some tags may not be the newest. */
  tags(repository: string): Promise<TagList>;
}
