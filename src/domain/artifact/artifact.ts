import { z } from 'zod';
import { Revision } from '../content.ts';
import { Digest, ServiceName } from '../ids.ts';
import { Evidence, ReporterName } from './evidence.ts';

const Tag = z.string().regex(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/);

/** Shown as a link, never followed. */
const BuildUrl = z.url({ protocol: /^https?$/ }).max(500);

/** `repository@sha256:…`, `repository:tag`, or both: the digest then counts, and the tag is its version. */
const ImageText = z
  .string()
  .max(500)
  .regex(
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*(:[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    { error: 'must be repository:tag, repository@sha256: and 64 lower-case hexadecimal digits, or both' },
  );

/** What CI reports when it has built something: the body of `POST /api/artifacts`. */
export const ArtifactReport = z
  .strictObject({
    service: ServiceName.describe('As the catalog calls it'),
    image: ImageText.optional().describe('Its image; of a service with several containers, use images'),
    images: z.array(ImageText).min(1).max(20).optional().describe('One image for each container'),
    version: Tag.optional().describe('What people call it; absent: the tag, or what the image says'),
    commit: Revision.optional().describe('The commit it was built from; absent: what the image says'),
    build: BuildUrl.optional().describe('Where a person sees the build'),
    evidence: Evidence.default({}),
  })
  .refine(({ image, images }) => (image === undefined) !== (images === undefined), {
    error: 'needs either image or images',
  });
export type ArtifactReport = z.output<typeof ArtifactReport>;

/** One image of an artifact, by container, with its tag resolved. */
const ArtifactImage = z.strictObject({ repository: z.string(), digest: Digest, tag: Tag.optional() });

/** Something that was built and reported: what a cut of the first environment takes, and what is known of it. */
export const Artifact = z.strictObject({
  /** Of the report: the same report again has the same. */
  artifact: z.string(),
  reporter: ReporterName,
  /** Container name to image; every container of the service as the catalog had it. */
  images: z.record(z.string(), ArtifactImage),
  version: Tag.optional(),
  commit: Revision.optional(),
  build: BuildUrl.optional(),
  evidence: Evidence,
});
export type Artifact = z.infer<typeof Artifact>;

/** An image's text in its parts. Throws `TypeError` for a text that no schema let through. */
export function imageParts(text: string): { repository: string; tag?: string; digest?: string } {
  const [, repository = '', tag, digest] =
    /^(.+?)(?::([a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(text) ?? [];
  if (repository === '') throw new TypeError('an image without a repository');
  return { repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}
