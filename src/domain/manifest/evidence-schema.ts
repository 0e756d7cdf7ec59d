import { z } from 'zod';
import { COMPATIBILITY } from '../contract/compatibility.ts';
import { WrittenDuration } from '../gate/duration.ts';
import { Anything, bounded, Line, line, lines, maybe, prose, Query, query, yesOrNo } from './fields.ts';

/*
 * The parts of a release document that promise something about migrations, contracts, flags, provenance and the way back.
 * They are read and checked here; what this version does not act on is refused by name when a release is cut.
 */

/** A day that there is; whatever stands behind a `T` is a time of it. */
const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T.*)?$/, { error: 'must be a date such as 2026-12-31' })
  .refine((text) => isDay(text.slice(0, 10)), {
    error: 'is no day of the calendar',
    params: { rule: 'calendar-day' },
  });

/** What a review of a change of data has to look at. Source: seed 003_f4685646a8ae2f00.txt. */
export const DATA_CONCERNS = ['consent', 'retention', 'privacy'] as const;

export const WrittenMigration = z.strictObject({
  name: Line.describe('Name; an ending of -expand, -migrate or -contract says its phase too.'),
  type: z.enum(['flyway', 'liquibase', 'gh-ost', 'custom']).describe('The tool that runs it.'),
  target: line(
    'What has to be there, in quotes: a version (flyway), a changeset or a tag (liquibase), table.column (gh-ost).',
  ),
  database: line('Database it changes, by its name in signalbox.yaml.'),
  services: lines('Services that use what it changes; absent: every service of the release.'),
  phase: maybe(
    z.enum(['expand', 'migrate', 'contract']),
    'expand adds, migrate fills, contract removes. Absent: the ending of the name.',
  ),
  constraint: maybe(
    z.enum(['backwardCompatible', 'forwardCompatible', 'full', 'breaking']),
    'Which versions of the code can work with it; backwardCompatible and full let the old code go on.',
  ),
  idempotent: yesOrNo('Whether running it twice is as good as once.'),
  reversible: yesOrNo('Whether it can be taken back.'),
  batch: maybe(Anything, 'How a backfill is cut into pieces; passed through.'),
  progress: maybe(
    z.strictObject({
      query: Query.describe('PromQL of one value in percent: 100 is done.'),
      breakerQuery: query('PromQL that is not 0 while the backfill has stopped itself.'),
    }),
    'How far a backfill is.',
  ),
  backoutPlan: maybe(z.union([bounded(8_192), Anything]), 'What is done when it goes wrong.'),
  contractAfter: maybe(
    z.strictObject({
      release: line('The release whose code no longer needs what is removed.'),
      soak: maybe(WrittenDuration, 'How long that release has to have run.'),
      noReadersQuery: query('PromQL that is 0 when nobody reads the old form.'),
    }),
    'What must be so before a contract migration runs.',
  ),
  signOff: maybe(
    z.strictObject({ by: line('Who looked at it.'), link: line('Where that stands.') }),
    'The review by somebody who keeps the database.',
  ),
  dataReview: maybe(
    z.strictObject({
      by: line('Who looked at it.'),
      link: line('Where that stands.'),
      covers: maybe(z.array(z.enum(DATA_CONCERNS)), 'What was looked at.'),
    }),
    'The review of what becomes of people’s data: consent, retention, privacy.',
  ),
  timeout: maybe(WrittenDuration, 'How long the release waits for it before a person is asked; absent: 1h.'),
  prometheus: line('Prometheus that its queries are asked at; absent: the only one there is.'),
});
export type WrittenMigration = z.infer<typeof WrittenMigration>;

export const WrittenContract = z.strictObject({
  type: z
    .enum(['schemaRegistry', 'pact', 'openapi', 'protobuf', 'custom'])
    .describe('What knows the contract.'),
  name: line('Name for messages.'),
  subject: line('Subject of the schema registry.'),
  schemaFile: line('Path of the schema, or of the evidence, in the repository of the manifest.'),
  schemaType: maybe(z.enum(['AVRO', 'PROTOBUF', 'JSON']), 'Language of the schema.'),
  compatibility: maybe(z.enum(COMPATIBILITY), 'What the registry has to confirm.'),
  window: maybe(
    z.strictObject({
      from: Day.describe('First day on which both forms are kept, in UTC.'),
      until: Day.describe('Last day on which the old form is kept too, in UTC.'),
    }),
    'Time in which the old form is kept beside the new one.',
  ),
  producer: line('Service that writes.'),
  consumers: lines('Services that read.'),
  pacticipant: line('Name in the Pact broker.'),
  version: line('Version in the Pact broker.'),
  service: line('Service of the release it belongs to.'),
});
export type WrittenContract = z.infer<typeof WrittenContract>;

export const WrittenFlag = z.strictObject({
  key: Line.describe('Key at the provider.'),
  provider: maybe(z.enum(['launchdarkly', 'unleash', 'openfeature', 'other']), 'Where the flag is kept.'),
  project: line('Project at the provider.'),
  environment: line('Environment at the provider.'),
  default: z
    .unknown()
    .refine((value) => value !== undefined, { error: 'is missing' })
    .describe('The value that is live before the release starts: of any type, but stated.'),
  audience: maybe(z.union([Line, Anything]), 'Who gets it first.'),
  rollout: maybe(
    z.array(z.number().min(0).max(100)),
    'Percentages it is turned up by, such as [1, 10, 50, 100].',
  ),
  killSwitch: yesOrNo('Whether turning it off takes the new path out at once.'),
  services: lines('Services that read it; absent: every service of the release.'),
  rollbackPlan: maybe(
    z.union([bounded(8_192), Anything]),
    'What is done with it when the release is taken back.',
  ),
  removeBy: line('When it leaves the code.'),
});
export type WrittenFlag = z.infer<typeof WrittenFlag>;

export const WrittenProvenance = z.strictObject({
  signature: maybe(
    z.strictObject({
      required: yesOrNo('Whether every image has to be signed.'),
      mode: maybe(z.enum(['key', 'keyless']), 'How it is signed.'),
      keyRef: line('The public key.'),
      issuer: line('Who vouches for the identity.'),
      identity: line('Regular expression of the identity, with ^ and $.'),
      requireTlog: yesOrNo('Whether it has to stand in the transparency log.'),
    }),
    'Signatures of images.',
  ),
  sbom: maybe(
    z.strictObject({
      required: yesOrNo('Whether every image needs one.'),
      formats: maybe(z.array(z.enum(['spdx', 'cyclonedx'])), 'Formats that count.'),
    }),
    'Bills of materials.',
  ),
  attestations: maybe(
    z.array(
      z.strictObject({
        predicateType: Line.describe('Address of the kind of statement.'),
        required: yesOrNo('Whether every image needs one.'),
      }),
    ),
    'Further signed statements about images.',
  ),
});

export const WrittenRollback = z.strictObject({
  strategy: maybe(z.enum(['gitRevert', 'undo', 'flag']), 'The way back.').meta({ default: 'gitRevert' }),
  dbPlan: maybe(
    z.enum(['forwardFix', 'restore', 'downMigration', 'none']),
    'What becomes of the database; needed where there are migrations.',
  ),
  plan: prose('The way back in words.'),
  maxDuration: maybe(WrittenDuration, 'How long it may take.'),
  lastRehearsal: line('Day it was last tried.'),
  evidence: line('Where that stands.'),
  autoRollback: yesOrNo('Whether a failed gate takes the release back by itself.'),
});
export type WrittenRollback = z.infer<typeof WrittenRollback>;

export const WrittenExemption = z.strictObject({
  rule: Line.describe('Id of the rule; signalbox rules lists them.'),
  target: line('Service it is for; absent: the release.'),
  reason: bounded(8_192).min(10).describe('Why, in ten characters or more.'),
  approvedBy: Line.describe('Who allowed it.'),
  expires: Day.describe('Last day it counts, in UTC.'),
  ticket: line('Where it is followed up.'),
});

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
