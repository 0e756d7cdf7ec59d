import { z } from 'zod';
import { WrittenDuration } from '../gate/duration.ts';

/*
 * The parts of a release document that promise something about migrations, contracts, flags, provenance and the way back.
 * They are read and checked here; what this version does not act on is refused by name when a release is cut.
 */

const Anything = z.record(z.string(), z.unknown());
const text = () => z.string().optional();
const flag = () => z.boolean().optional();
const names = () => z.array(z.string()).optional();

export const WrittenMigration = z.strictObject({
  name: z.string(),
  type: z.enum(['flyway', 'liquibase', 'gh-ost', 'custom']),
  target: text(),
  database: text(),
  services: names(),
  phase: z.enum(['expand', 'migrate', 'contract']).optional(),
  constraint: z.enum(['backwardCompatible', 'forwardCompatible', 'full', 'breaking']).optional(),
  idempotent: flag(),
  reversible: flag(),
  batch: Anything.optional(),
  backoutPlan: z.union([z.string(), Anything]).optional(),
  contractAfter: z
    .strictObject({ release: text(), soak: WrittenDuration.optional(), noReadersQuery: text() })
    .optional(),
  signOff: z.strictObject({ by: text(), link: text() }).optional(),
});

export const WrittenContract = z.strictObject({
  type: z.enum(['schemaRegistry', 'pact', 'openapi', 'protobuf', 'custom']),
  name: text(),
  subject: text(),
  schemaFile: text(),
  schemaType: z.enum(['AVRO', 'PROTOBUF', 'JSON']).optional(),
  compatibility: z
    .enum(['BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD', 'FORWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE'])
    .optional(),
  producer: text(),
  consumers: names(),
  pacticipant: text(),
  version: text(),
  service: text(),
});

export const WrittenFlag = z.strictObject({
  key: z.string(),
  provider: z.enum(['launchdarkly', 'unleash', 'openfeature', 'other']).optional(),
  project: text(),
  environment: text(),
  /** The value that must be live before the release starts: of any type, but stated. */
  default: z.unknown().refine((value) => value !== undefined, { error: 'is missing' }),
  audience: z.union([z.string(), Anything]).optional(),
  rollout: z.array(z.number()).optional(),
  killSwitch: flag(),
  services: names(),
  rollbackPlan: z.union([z.string(), Anything]).optional(),
  removeBy: text(),
});

export const WrittenProvenance = z.strictObject({
  signature: z
    .strictObject({
      required: flag(),
      mode: z.enum(['key', 'keyless']).optional(),
      keyRef: text(),
      issuer: text(),
      identity: text(),
      requireTlog: flag(),
    })
    .optional(),
  sbom: z
    .strictObject({ required: flag(), formats: z.array(z.enum(['spdx', 'cyclonedx'])).optional() })
    .optional(),
  attestations: z.array(z.strictObject({ predicateType: z.string(), required: flag() })).optional(),
});

export const WrittenRollback = z.strictObject({
  strategy: z.enum(['gitRevert', 'undo', 'flag']).optional(),
  dbPlan: z.enum(['forwardFix', 'restore', 'downMigration', 'none']).optional(),
  plan: text(),
  maxDuration: WrittenDuration.optional(),
  lastRehearsal: text(),
  evidence: text(),
  autoRollback: flag(),
});

export const WrittenExemption = z.strictObject({
  rule: z.string(),
  target: text(),
  reason: z.string().min(10),
  approvedBy: z.string(),
  expires: z.string().regex(/^\d{4}-\d{2}-\d{2}(T.*)?$/, { error: 'must be a date such as 2026-12-31' }),
  ticket: text(),
});
