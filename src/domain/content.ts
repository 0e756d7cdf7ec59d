import { z } from 'zod';
import { Digest, Instant, PersonId, ServiceName } from './ids.ts';

/** A commit's id in lower-case hexadecimal, shortened or whole. */
export const Revision = z.string().regex(/^[0-9a-f]{7,64}$/, {
  message: 'must be 7 to 64 lower-case hexadecimal digits',
});
export type Revision = z.infer<typeof Revision>;

/** One container's image: where it comes from and exactly which bytes. */
export const Image = z.strictObject({
  /** Registry and repository without tag or digest, such as `ghcr.io/acme/orders-api`. */
  repository: z.string().min(1),
  /** The digest that Git pins: the index of a multi-platform image, or the one manifest. */
  digest: Digest,
  /** Platform (`linux/amd64`) to the digest pods report for it; empty for an image with a single manifest. */
  platforms: z.record(z.string(), Digest).default({}),
  /** The tag or version people call it by; absent when only a digest was given. */
  version: z.string().optional(),
  /** The commit it was built from, as the image says of itself; absent when it says nothing that can be one. */
  revision: Revision.optional(),
  /** Where its source is, as the image says of itself: shown as text, never followed. */
  source: z.string().max(500).optional(),
});
export type Image = z.infer<typeof Image>;

/** A value in a file of the GitOps repository that a release owns, so that a rollback restores it and nothing else. */
export const OwnedKey = z.strictObject({
  repository: z.string(),
  file: z.string(),
  /**
   * Path inside the YAML: map keys, and `name=value` for the list item holding that pair. In a file of several documents the first
   * step is `#Kind/name`.
   */
  path: z.array(z.string()),
  /** The value; null where the key is absent. */
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
});
export type OwnedKey = z.infer<typeof OwnedKey>;

/** What a service runs: the digests, the chart version and the owned keys. Equality is of these, never of bytes in a file. */
export const Content = z.strictObject({
  /** Container name to image. */
  images: z.record(z.string(), Image),
  chartVersion: z.string().optional(),
  keys: z.array(OwnedKey).default([]),
  /** People who wrote what is new in it; they may not approve it. */
  authors: z.array(PersonId).default([]),
});
export type Content = z.infer<typeof Content>;

/** A content together with how we came to trust it. */
export const KnownContent = z.strictObject({
  content: Content,
  /**
   * `verified`: a release ended proved on it. `adopted`: found Healthy and in agreement with Git at first sight, or released to a
   * service that was scaled to zero. */
  standing: z.enum(['verified', 'adopted']),
  /** The release that ended on it; absent for what was adopted at first sight. */
  release: z.string().optional(),
  at: Instant,
});
export type KnownContent = z.infer<typeof KnownContent>;

/** Service to content. */
export const ContentMap = z.record(ServiceName, Content);
export type ContentMap = z.infer<typeof ContentMap>;

/** Whether two contents would run the same bytes with the same chart. */
export function sameContent(a: Content, b: Content): boolean {
  const names = Object.keys(a.images);
  return (
    a.chartVersion === b.chartVersion &&
    names.length === Object.keys(b.images).length &&
    names.every((name) => b.images[name]?.digest === a.images[name]?.digest)
  );
}

/** All digests under which a pod may rightly report this image. */
export function acceptableDigests(image: Image): Digest[] {
  return [image.digest, ...Object.values(image.platforms)];
}

/** What people call a content: its version, or the first twelve digits of its digest. */
export function versionOf(content: Content): string {
  const [image] = Object.values(content.images);
  if (image === undefined) return 'nothing';
  return image.version ?? image.digest.slice('sha256:'.length, 'sha256:'.length + 12);
}

/** Whether a pod template (container name to image reference) asks for exactly this content's digests. */
export function asksFor(template: Readonly<Record<string, string>>, content: Content): boolean {
  return Object.entries(content.images).every(([container, image]) => {
    const reference = template[container];
    return reference?.endsWith(`@${image.digest}`) ?? false;
  });
}
