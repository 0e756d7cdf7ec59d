import { z } from 'zod';
import { extensible } from '../document/extensible.ts';
import { WrittenDuration } from '../gate/duration.ts';
import { WrittenThreshold } from '../gate/threshold.ts';
import { WrittenGate } from './gate-schema.ts';
import { WrittenRollout } from './rollout-schema.ts';

/**
 * An image reference. Digests of any length pass here (documents in articles cut theirs short); that they are whole is a rule
 * of its own, with an answer of its own.
 */
export const WrittenImage = z.string().regex(/^[^\s@]+(@sha256:[^\s@]+)?$/, {
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
  z.string(),
  z.strictObject({
    service: z.string(),
    kind: z.enum(['api', 'event', 'database', 'runtime']).optional(),
    /** Lowest version of that service with which the dependent works. Absent: nothing is known about it. */
    minVersion: z.string().optional(),
  }),
]);
export type WrittenDependency = z.infer<typeof WrittenDependency>;

const WrittenSlo = z.strictObject({
  /** Percent, such as 99.9. */
  objective: z.number().gt(0).lt(100),
  window: WrittenDuration.optional(),
  errorQuery: z.string().optional(),
  totalQuery: z.string().optional(),
  latency: z
    .strictObject({
      percentile: z.number().optional(),
      query: z.string().optional(),
      threshold: WrittenThreshold.optional(),
    })
    .optional(),
});

const text = () => z.string().optional();

/** One service of a release. */
export const WrittenService = extensible({
  image: WrittenImage.optional(),
  /** Container name to image, where a pod has more than one of ours. */
  images: z.record(z.string(), WrittenImage).optional(),
  chart: text(),
  chartVersion: text(),
  chartDigest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional(),
  kustomize: z.strictObject({ path: text(), overlay: text(), imageName: text() }).optional(),
  gitops: z
    .strictObject({ repo: text(), branch: text(), path: text(), file: text(), imageKey: text() })
    .optional(),
  argocd: z.strictObject({ app: text(), project: text(), appNamespace: text() }).optional(),
  rolloutRef: z.strictObject({ cluster: text(), namespace: text(), name: text() }).optional(),
  git: z
    .strictObject({
      repo: text(),
      sha: text(),
      previousSha: text(),
      pullRequests: z.array(z.int()).optional(),
    })
    .optional(),
  tier: WrittenTier.optional(),
  owners: z.array(z.string()).optional(),
  dependsOn: z.array(WrittenDependency).optional(),
  rollout: WrittenRollout.optional(),
  healthChecks: z.strictObject({ liveness: text(), readiness: text(), port: z.int().optional() }).optional(),
  slo: WrittenSlo.optional(),
  gates: z.array(WrittenGate).optional(),
  schemaAffecting: z.boolean().optional(),
  alerting: z.strictObject({ pagerdutyServiceId: text(), slackChannel: text() }).optional(),
  dashboards: z.array(z.string()).optional(),
}).refine((service) => service.image !== undefined || service.images !== undefined, {
  error: 'needs an image, or images by container',
});
export type WrittenService = z.infer<typeof WrittenService>;
