import { z } from 'zod';
import { Digest } from '../../domain/ids.ts';

/** Manifest lists: several platforms under one digest. */
export const INDEX_TYPES: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);

/** Everything a manifest may be; the order says that an index is preferred. */
export const ACCEPT = [
  ...INDEX_TYPES,
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const Platform = z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() });

/** The parts of an image index or manifest that we read. */
export const Manifest = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  manifests: z.array(z.object({ digest: Digest, platform: Platform.optional() })).optional(),
  config: z.object({ digest: Digest }).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type Manifest = z.infer<typeof Manifest>;

/** The parts of an image's configuration that we read. */
export const Configuration = z.object({
  author: z.string().optional(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).optional(),
});

export const Tags = z.object({
  tags: z
    .array(z.string())
    .nullish()
    .transform((tags) => tags ?? []),
});

/** The answer of a token server. */
export const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** Undefined for what is no JSON: a schema then says that it is not what it should be. */
export function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
