import { z } from 'zod';
import { hashIfCanonical } from '../document/canonical-hash.ts';
import { checkShape, PROTO_RULE } from '../document/check-shape.ts';
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
import { Anything, absentMeans, bounded, lines, maybe, prose, StringMap, yesOrNo } from './fields.ts';
import { WrittenGate } from './gate-schema.ts';
import { WrittenService } from './service-schema.ts';

/** The one version of the release document. Source: seed 000_e3aaf332e5f161c4.txt. */
export const MANIFEST_API_VERSION = 'release.gitplumbers.io/v1';

const Metadata = z.strictObject({
  name: bounded(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, {
      error: 'must be lower-case letters, digits, hyphens and dots, such as checkout-2026-11-20.3',
    })
    .describe('Name of the release: train, day and number.'),
  title: prose('One line for people.'),
  labels: maybe(StringMap, 'Labels, such as the train.'),
  annotations: maybe(StringMap, 'Notes for programs.'),
});

const Approvals = z.strictObject({
  required: maybe(z.int().min(0), "How many; at least the environment's."),
  from: lines('Names of roles of signalbox.yaml.'),
  makerChecker: absentMeans(z.boolean(), {
    is: true,
    for: 'Whether nobody approves a release of their own.',
  }),
  perService: yesOrNo('Whether the owners of every service are asked too.'),
});

const Sequencing = z.strictObject({
  maxParallel: maybe(z.int().min(1), 'Services that go side by side.'),
  onFailure: absentMeans(z.enum(['revertAll', 'revertAffected', 'pause']), {
    is: 'revertAffected',
    for: 'What is taken back when one of them fails.',
  }),
  soak: maybe(WrittenDuration, 'How long it is watched afterwards.'),
});

const FailureBudget = z.strictObject({
  maxDegradation: prose('What may get worse, and how far.'),
  timeToRemediate: maybe(
    WrittenDuration,
    'How long a release may rest after a gate failed or could not tell; then it goes back by itself.',
  ),
});

const Services = z
  .record(ServiceName, WrittenService)
  .refine((services) => Object.keys(services).length > 0, { error: 'needs at least one service' })
  .meta({ minProperties: 1, description: 'What is released, by name.' });

const Spec = extensible({
  environment: EnvironmentName.describe('Where it goes.'),
  type: absentMeans(z.enum(['standard', 'hotfix', 'rollback']), { is: 'standard', for: 'Kind of release.' }),
  description: prose('What changes, for people.'),
  change: maybe(Anything, 'Ticket, release notes, links.'),
  services: Services,
  migrations: maybe(z.array(WrittenMigration), 'Changes of databases.'),
  contracts: maybe(z.array(WrittenContract), 'What services promise each other.'),
  flags: maybe(z.array(WrittenFlag), 'Feature flags of the release.'),
  gates: maybe(z.array(WrittenGate), 'What must hold on the way.'),
  provenance: maybe(WrittenProvenance, 'Proof of where images come from.'),
  rollback: maybe(WrittenRollback, 'The way back.'),
  sequencing: maybe(Sequencing, 'Order of the services.'),
  approvals: maybe(Approvals, 'Who has to agree.'),
  failureBudget: maybe(FailureBudget, 'How much may go wrong.'),
  exemptions: maybe(z.array(WrittenExemption), 'Rules that are waived, with reason and end.'),
});

/**
 * The release document: which images which services of an environment shall run, and what must hold on the way. Unknown
 * keys are faults; keys that begin with `x-` belong to others.
 */
export const Manifest = extensible({
  apiVersion: z.literal(MANIFEST_API_VERSION).describe('Version of this format.'),
  kind: z.literal('Release').describe('What this document is.'),
  metadata: Metadata.describe('What the release is called.'),
  spec: Spec.describe('What is released, and what must hold on the way.'),
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

/**
 * Faults that JSON Schema has no words for, by the id they carry: what an editor lets pass, and this program does not. Everything
 * else about the form of a release document is in its schema.
 */
export const BEYOND_SCHEMA = {
  'calendar-day': 'An exemption ends on a day that there is.',
  'longest-duration': 'No duration is longer than ten years.',
  [PROTO_RULE]: 'No key is __proto__, also not where any other is allowed.',
  'whole-characters': 'No text holds half a character, and no number is without end: there would be no hash.',
} as const;

/** What was read of documents that nobody can change any more: the same one is read at every step of its release. */
const known = new WeakMap<object, ManifestRead>();

/** Reads a release document, and tells every fault at once. */
export function readManifest(document: SourceDocument): ManifestRead {
  const { value } = document;
  const isLasting = typeof value === 'object' && value !== null && Object.isFrozen(value);
  const before = isLasting ? known.get(value) : undefined;
  const read = before ?? checkManifest(document);
  // A fault names the file, which may be another one next time.
  if (isLasting && read.kind === 'read') known.set(value, read);
  return read;
}

function checkManifest(document: SourceDocument): ManifestRead {
  const checked = checkShape(Manifest, document, { showValues: true });
  if (checked.kind === 'faulty') return checked;
  const hash = hashIfCanonical(document.value);
  if (hash === undefined) {
    const says =
      'holds a value that JSON cannot hold (.inf, .nan or half a character), so that it has no hash';
    return { kind: 'faulty', faults: [{ ...faultAt(document, [], says), rule: 'whole-characters' }] };
  }
  return { kind: 'read', manifest: checked.value, hash };
}
