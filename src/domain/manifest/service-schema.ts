import { z } from 'zod';
import { extensible } from '../document/extensible.ts';
import { WrittenDuration } from '../gate/duration.ts';
import { WrittenThreshold } from '../gate/threshold.ts';
import { absentMeans, bounded, Line, line, lines, maybe, query, yesOrNo } from './fields.ts';
import { WrittenGate } from './gate-schema.ts';
import { WrittenRollout } from './rollout-schema.ts';

/** Characters of an image reference: 255 of name, 128 of tag, a digest, and room for what will be refused with better words. */
const MAX_IMAGE = 512;

/**
 * An image reference. Digests of any length pass here (documents in articles cut theirs short); that they are whole is a rule
 * of its own, with an answer of its own.
 */
export const WrittenImage = bounded(MAX_IMAGE).regex(/^[^\s@]+(@sha256:[^\s@]+)?$/, {
  error:
    'must be an image such as ghcr.io/acme/orders-api@sha256:… (64 hexadecimal digits); other digest algorithms are not accepted',
});
export type WrittenImage = z.infer<typeof WrittenImage>;

const TIER_WORDS = 'must be a tier from 0 to 4, such as 1 or tier-1';

/** How much a service matters: 0 and 1 are critical, 4 is a toy. */
export const WrittenTier = z.union(
  [
    z.int().min(0, { error: TIER_WORDS }).max(4, { error: TIER_WORDS }),
    z.string().regex(/^(tier-?)?[0-4]$/, { error: TIER_WORDS }),
  ],
  { error: TIER_WORDS },
);
export type WrittenTier = z.infer<typeof WrittenTier>;

/** The number of a written tier. */
export function tierNumber(tier: WrittenTier): number {
  return typeof tier === 'number' ? tier : Number(tier.at(-1));
}

/** Something that must be there first: a service's name, or a name with what is known of the need. */
export const WrittenDependency = z.union([
  Line,
  z.strictObject({
    service: Line.describe('Name of the service.'),
    kind: maybe(z.enum(['api', 'event', 'database', 'runtime']), 'What it is needed for.'),
    minVersion: line('Lowest version of it that will do, in quotes. Absent: nothing is known about it.'),
  }),
]);
export type WrittenDependency = z.infer<typeof WrittenDependency>;

/** An objective for a service, as a document or the catalog states it. */
export const WrittenSlo = z.strictObject({
  objective: z.number().gt(0).lt(100).describe('Percent, such as 99.9.'),
  window: maybe(WrittenDuration, 'Time it is counted over, such as 30d.'),
  errorQuery: query('PromQL of what failed, with [{{window}}].'),
  totalQuery: query('PromQL of everything, with [{{window}}].'),
  latency: maybe(
    z.strictObject({
      percentile: maybe(z.number().gt(0).lt(100), 'Such as 95.'),
      query: query('PromQL of the latency, in seconds.'),
      threshold: maybe(WrittenThreshold, 'The condition that is to hold.'),
    }),
    'The objective for latency.',
  ),
});
export type WrittenSlo = z.infer<typeof WrittenSlo>;

/** One service of a release. */
export const WrittenService = extensible({
  image: maybe(WrittenImage, 'The image, by its digest.'),
  images: maybe(
    z.record(Line, WrittenImage),
    'Container name to image, where a pod has more than one of ours.',
  ),
  chart: line('Chart, such as oci://ghcr.io/acme/charts/orders-api.'),
  chartVersion: line('Exact version of the chart, in quotes.'),
  chartDigest: maybe(
    z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, { error: 'must be sha256: and 64 lower-case hexadecimal digits' }),
    'Digest of the chart.',
  ),
  kustomize: maybe(
    z.strictObject({
      path: line('Folder in the repository.'),
      overlay: line('Overlay of the environment.'),
      imageName: line('Name of the image in kustomization.yaml.'),
    }),
    'Where kustomize has the image.',
  ),
  tier: WrittenTier.meta({
    description:
      "From 0 to 4, or tier-1: 0 and 1 are critical. Absent: the catalog's, and 2 where it has none.",
  }).optional(),
  owners: lines('Who owns it.'),
  git: maybe(
    z.strictObject({
      repo: line('Repository of the code.'),
      sha: line('Commit the image was built from.'),
      previousSha: line('Commit of the image before.'),
      pullRequests: maybe(z.array(z.int().min(1)), 'Numbers of the pull requests between the two.'),
    }),
    'Where the code comes from.',
  ),
  gitops: maybe(
    z.strictObject({
      repo: line('Repository.'),
      branch: line('Branch.'),
      path: line('Folder.'),
      file: line('File.'),
      imageKey: line('Key of the digest, such as image.digest.'),
    }),
    'Where the digest is written.',
  ),
  config: maybe(
    z.record(
      Line,
      z
        .string()
        .regex(/^[0-9a-f]{7,64}$/, { error: 'must be a commit: 7 to 64 lower-case hexadecimal digits' }),
    ),
    'Commit that changed its files last when it was cut, by repository.',
  ),
  argocd: maybe(
    z.strictObject({
      app: line('Application.'),
      project: line('Project.'),
      appNamespace: line('Namespace of the Application.'),
    }),
    'The Application in Argo CD.',
  ),
  rolloutRef: maybe(
    z.strictObject({ cluster: line('Cluster.'), namespace: line('Namespace.'), name: line('Name.') }),
    'The Rollout in the cluster.',
  ),
  schemaAffecting: yesOrNo('Whether this version needs another database schema than the one before.'),
  dependsOn: absentMeans(z.array(WrittenDependency), { is: [], for: 'Services that must be done first.' }),
  rollout: maybe(WrittenRollout, 'How it is brought out.'),
  healthChecks: maybe(
    z.strictObject({
      liveness: line('Path, such as /healthz.'),
      readiness: line('Path, such as /readyz.'),
      port: maybe(z.int().min(1).max(65_535), 'Port of both.'),
    }),
    'Where the service says how it is.',
  ),
  slo: maybe(WrittenSlo, 'What its users are promised.'),
  alerting: maybe(
    z.strictObject({
      pagerdutyServiceId: line('Service at PagerDuty.'),
      slackChannel: line('Channel in Slack.'),
    }),
    'Who is called.',
  ),
  dashboards: lines('Addresses of dashboards.'),
  gates: maybe(z.array(WrittenGate), 'Gates of this service alone.'),
})
  .refine((service) => service.image !== undefined || service.images !== undefined, {
    error: 'needs an image, or images by container',
  })
  .meta({ anyOf: [{ required: ['image'] }, { required: ['images'] }] });
export type WrittenService = z.infer<typeof WrittenService>;
