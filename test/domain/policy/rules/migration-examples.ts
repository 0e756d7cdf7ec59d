import type { AppliedMigration } from '../../../../src/domain/migration/migration-history.ts';
import type { MigrationReading } from '../../../../src/domain/policy/preflight-input.ts';
import { type Example, spec, type World } from './example.ts';

const NAME = 'orders-contract';
const CONTRACT = {
  name: NAME,
  type: 'flyway',
  target: '2',
  database: 'orders',
  // Of no service of the release: nothing moves beside it.
  services: ['search'],
  phase: 'contract',
  constraint: 'full',
  backoutPlan: 'put it back',
  idempotent: true,
  contractAfter: { soak: '24h', noReadersQuery: 'sum(old_reads)' },
  dataReview: { by: 'Eve', covers: ['consent', 'retention', 'privacy'] },
  signOff: { link: 'https://git.test/pull/7' },
};

const GATES = {
  presets: {},
  prometheus: { main: { scrapeIntervalMs: 15_000 } },
  defaultPrometheus: 'main',
};

const row = (id: string, more: Partial<AppliedMigration> = {}): AppliedMigration => ({
  id,
  order: Number(id),
  at: '2026-11-20T10:00:00.000Z',
  outcome: 'applied',
  script: `V${id}.sql`,
  checksum: '7',
  ...more,
});

const rows = (...all: AppliedMigration[]): MigrationReading['here'] => ({ kind: 'rows', rows: all });

/** A release with a contract migration that is as it should be but for this. */
const migration = (
  change: object,
  reading: MigrationReading = { here: rows(row('1')) },
  signOff: string | undefined = 'dba',
): World => ({
  ...spec({ migrations: [{ ...CONTRACT, ...change }], rollback: { dbPlan: 'forwardFix' } }),
  input: { databases: { orders: { environments: ['prod'], signOff } }, gates: GATES },
  around: { migrations: { [NAME]: reading }, now: Date.parse('2026-11-20T14:00:00Z') },
});

const drifted = (history: MigrationReading['here'], here = rows(row('1'))): World =>
  migration({}, { here, before: { environment: 'dev', history } });

const NO_PLAN: World = { ...migration({}), around: { plan: undefined } };

/** Of every rule about migrations as they are: what it lets pass, what it does not, and nobody's answer. */
export const MIGRATION_EXAMPLES = {
  'migration-complete': {
    passes: migration({}),
    fails: migration({ database: 'odrers' }),
    as: 'refuse',
    unreachable: 'asks nobody',
  },
  'migration-repeatable': {
    passes: migration({}),
    fails: migration({ idempotent: false }),
    as: 'warn',
    unreachable: 'asks nobody',
  },
  'migration-data-reviewed': {
    passes: migration({}),
    fails: migration({ dataReview: { by: 'Eve', covers: ['consent', 'privacy'] } }),
    as: 'warn',
    unreachable: 'asks nobody',
  },
  'migration-signed-off': {
    passes: migration({}),
    fails: migration({ signOff: {} }),
    as: 'warn',
    unreachable: NO_PLAN,
  },
  'contract-after-soak': {
    passes: migration({}),
    fails: migration({ contractAfter: { soak: '24h' } }),
    as: 'refuse',
    unreachable: NO_PLAN,
  },
  'migration-history': {
    passes: migration({}),
    fails: migration({}, { here: rows(row('1'), row('2', { outcome: 'failed' })) }),
    as: 'refuse',
    unreachable: migration({}, { here: { kind: 'away', says: 'orders of prod cannot be asked' } }),
  },
  'migration-drift': {
    passes: drifted(rows(row('1'), row('2'))),
    fails: drifted(rows(row('1', { checksum: '8' }))),
    as: 'refuse',
    unreachable: drifted({ kind: 'away', says: 'orders of dev cannot be asked' }),
  },
} satisfies Record<string, Example>;
