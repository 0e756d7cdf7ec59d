import { z } from 'zod';
import { canonicalHash, isCanonical } from '../document/canonical-hash.ts';
import { checkShape } from '../document/check-shape.ts';
import { extensible } from '../document/extensible.ts';
import { type Fault, faultAt, type SourceDocument } from '../document/fault.ts';
import { WrittenDuration } from '../gate/duration.ts';
import { EnvironmentName, ServiceName } from '../ids.ts';
import {
  WrittenContract,
  WrittenExemption,
  WrittenFlag,
  WrittenMigration,
  WrittenProvenance,
  WrittenRollback,
} from './evidence-schema.ts';
import { WrittenGate } from './gate-schema.ts';
import { WrittenService } from './service-schema.ts';

/** The one version of the release document. Source: seed 000_e3aaf332e5f161c4.txt. */
export const MANIFEST_API_VERSION = 'release.gitplumbers.io/v1';

const StringMap = z.record(z.string(), z.string());

const Metadata = z.strictObject({
  name: z
    .string()
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, {
      error: 'must be lower-case letters, digits, hyphens and dots, such as checkout-2026-11-20.3',
    }),
  title: z.string().optional(),
  labels: StringMap.optional(),
  annotations: StringMap.optional(),
});

const Approvals = z.strictObject({
  required: z.int().min(0).optional(),
  /** Names of roles of `signalbox.yaml`. */
  from: z.array(z.string()).optional(),
  makerChecker: z.boolean().optional(),
  /** Ask the owners of every service too. */
  perService: z.boolean().optional(),
});

const Spec = extensible({
  environment: EnvironmentName,
  /** Absent: standard. */
  type: z.enum(['standard', 'hotfix', 'rollback']).optional(),
  description: z.string().optional(),
  change: z.record(z.string(), z.unknown()).optional(),
  services: z.record(ServiceName, WrittenService).refine((services) => Object.keys(services).length > 0, {
    error: 'needs at least one service',
  }),
  migrations: z.array(WrittenMigration).optional(),
  contracts: z.array(WrittenContract).optional(),
  flags: z.array(WrittenFlag).optional(),
  gates: z.array(WrittenGate).optional(),
  provenance: WrittenProvenance.optional(),
  rollback: WrittenRollback.optional(),
  sequencing: z
    .strictObject({
      maxParallel: z.int().min(1).optional(),
      onFailure: z.enum(['revertAll', 'revertAffected', 'pause']).optional(),
      soak: WrittenDuration.optional(),
    })
    .optional(),
  approvals: Approvals.optional(),
  failureBudget: z
    .strictObject({ maxDegradation: z.string().optional(), timeToRemediate: WrittenDuration.optional() })
    .optional(),
  exemptions: z.array(WrittenExemption).optional(),
});

/**
 * The release document: which images which services of an environment shall run, and what must hold on the way. Unknown
 * keys are faults; keys that begin with `x-` belong to others.
 */
export const Manifest = extensible({
  apiVersion: z.literal(MANIFEST_API_VERSION),
  kind: z.literal('Release'),
  metadata: Metadata,
  spec: Spec,
});
export type Manifest = z.infer<typeof Manifest>;

export type ManifestRead =
  | {
      kind: 'read';
      manifest: Manifest;
      /** SHA-256 over the canonical JSON of the document as written, before any default. */
      hash: string;
    }
  | { kind: 'faulty'; faults: Fault[] };

/** Reads a release document, and tells every fault at once. */
export function readManifest(document: SourceDocument): ManifestRead {
  const checked = checkShape(Manifest, document);
  if (checked.kind === 'faulty') return checked;
  if (!isCanonical(document.value)) {
    const says =
      'holds a value that JSON cannot hold (.inf, .nan or half a character), so that it has no hash';
    return { kind: 'faulty', faults: [faultAt(document, [], says)] };
  }
  return { kind: 'read', manifest: checked.value, hash: canonicalHash(document.value) };
}
