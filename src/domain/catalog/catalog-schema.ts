import { z } from 'zod';
import { CheckName } from '../artifact/evidence.ts';
import { CandidateRule } from '../candidate/candidate-rule.ts';
import { TagTemplate } from '../candidate/release-tag.ts';
import { ServiceName } from '../ids.ts';
import { WrittenGate } from '../manifest/gate-schema.ts';
import { WrittenDependency, WrittenSlo, WrittenTier } from '../manifest/service-schema.ts';
import { Placement } from './placement.ts';

/** An image's repository: a tag or a digest would contradict the manifest. */
const ImageRepository = z.string().regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+$/, {
  error: 'must be a registry and repository without tag or digest, such as ghcr.io/acme/orders-api',
});

/** Key for every environment that has no placements of its own. */
export const EVERY_ENVIRONMENT = '*';

/**
 * Environment (or `*`) to placements. `{service}` and `{environment}` stand for the names everywhere in a placement.
 */
const PlacementsByEnvironment = z.record(z.string(), z.array(Placement).min(1));

/** A gate by the name of a preset of `signalbox.yaml`, or written out. */
export const GateReference = z.union([z.string(), WrittenGate]);
export type GateReference = z.infer<typeof GateReference>;

/** Where a service's source is. */
export const SourceLocation = z.strictObject({
  /** Name of a repository of `signalbox.yaml`; its branch must have the commits that images are built from. */
  repository: z.string(),
  /** Folder or file of a repository that holds other services too; absent: all of it. */
  path: z
    .string()
    .regex(/^[^/\0][^\0]*$/, { error: 'must be a path inside the repository, from its root' })
    .transform((path) => path.replace(/\/+$/, ''))
    .optional(),
});
export type SourceLocation = z.infer<typeof SourceLocation>;

/** Where CI puts what `conftest test -o json` said of a service's manifests. */
export const ConftestLocation = z.strictObject({
  /** With `{service}`, `{environment}`, and what the file is about: `{version}`, `{digest}` (64 digits) or `{revision}`. */
  file: z
    .string()
    .regex(/^([\w.{}-]+\/)*[\w.{}-]+\.json$/, {
      error: 'must be the path of a JSON file inside the repository',
    })
    .refine((file) => !file.split('/').some((step) => step === '.' || step === '..'), {
      error: 'must be the path of a JSON file inside the repository',
    })
    .refine((file) => /\{(version|digest|revision)\}/.test(file), {
      error:
        'must hold {version}, {digest} or {revision}: results of another version say nothing of this one',
    }),
  /** Name of a repository of `signalbox.yaml`; absent: that of the environment. */
  repository: z.string().optional(),
  /** Namespaces of policies that have to be evaluated. */
  namespaces: z.array(z.string().min(1)).min(1).max(20).default(['main']),
});
export type ConftestLocation = z.infer<typeof ConftestLocation>;

export const CatalogEntry = z
  .strictObject({
    /** Name of the role that owns the service. */
    owner: z.string(),
    /** Absent: 2. */
    tier: WrittenTier.optional(),
    /** Repository of the one container, which is then named like the service. */
    image: ImageRepository.optional(),
    /** Container name to repository. */
    images: z.record(z.string(), ImageRepository).optional(),
    dependsOn: z.array(WrittenDependency).default([]),
    placements: PlacementsByEnvironment.optional(),
    /** Where its source is; absent: its releases have no notes. */
    source: SourceLocation.optional(),
    /** Where a cut of the first environment takes its newest version from; absent: what builds report. */
    candidate: CandidateRule.optional(),
    /** A tag of its source such as `orders-api-{version}`: pushed to GitHub, it cuts the image of that version for the first environment. */
    cutOnTag: TagTemplate.optional(),
    /** Checks of GitHub that its commits have to show, besides those of the environment. */
    checks: z.array(CheckName).max(50).default([]),
    /** Results of conftest that its releases need; absent: none. */
    conftest: ConftestLocation.optional(),
    gates: z.array(GateReference).default([]),
    /** What its users are promised: its error budget is asked before a release of the last environment starts. */
    slo: WrittenSlo.optional(),
    /** Environments in which the service exists; absent: all. */
    environments: z.array(z.string()).optional(),
  })
  .refine((entry) => (entry.image === undefined) !== (Object.keys(entry.images ?? {}).length === 0), {
    error: 'needs either image (one container) or images (by container)',
  });
export type CatalogEntry = z.infer<typeof CatalogEntry>;

/** The catalog of the GitOps repository, as people write it. */
export const CatalogDocument = z.strictObject({
  apiVersion: z.literal('signalbox/v1'),
  kind: z.literal('Catalog'),
  defaults: z
    .strictObject({
      /** For services that have no placements of their own. */
      placements: PlacementsByEnvironment.optional(),
    })
    .default({}),
  services: z.record(ServiceName, CatalogEntry),
});
export type CatalogDocument = z.infer<typeof CatalogDocument>;
