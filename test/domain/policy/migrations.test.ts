import { describe, expect, it } from 'vitest';
import type { AppliedMigration } from '../../../src/domain/migration/migration-history.ts';
import { makePlan } from '../../../src/domain/plan/make-plan.ts';
import { preflight } from '../../../src/domain/policy/preflight.ts';
import type { MigrationReading } from '../../../src/domain/policy/preflight-input.ts';
import { contentOf, knownAs, planInput } from '../plan/world.ts';
import { catalog, contents } from './rules/example.ts';

const NOW = Date.parse('2026-11-20T14:00:00Z');
const EXPAND = {
  name: 'a-expand',
  type: 'flyway',
  target: '2.1',
  database: 'orders',
  services: ['orders'],
  constraint: 'full',
};

const row = (id: string, more: Partial<AppliedMigration> = {}): AppliedMigration => ({
  id,
  order: Number(id) * 10,
  at: '2026-11-20T10:00:00.000Z',
  outcome: 'applied',
  script: `V${id}.sql`,
  ...more,
});

/** "rule outcome: says" of the rows about migrations that are no pass. */
function told(migration: object, reading?: MigrationReading, known = {}): string[] {
  const input = planInput(contents, {
    catalog,
    known,
    databases: { orders: { environments: ['prod'], signOff: 'dba' } },
    gates: { presets: {}, prometheus: { main: { scrapeIntervalMs: 1 } }, defaultPrometheus: 'main' },
    said: { spec: { migrations: [{ ...EXPAND, ...migration }], rollback: { dbPlan: 'forwardFix' } } },
  });
  const made = makePlan(input);
  return preflight({
    ...input,
    plan: made.kind === 'planned' ? made.plan : undefined,
    earlier: [],
    isLastEnvironment: true,
    members: {},
    rollouts: {},
    contracts: {},
    policy: { kind: 'notConfigured' },
    migrations: reading && { 'a-expand': reading },
    now: NOW,
  })
    .filter(({ rule, outcome }) => /migration|contract-after/.test(rule) && outcome !== 'pass')
    .map(({ rule, outcome, says }) => `${rule} ${outcome}: ${says}`);
}

describe('a migration that says too little', () => {
  it.each([
    [{ database: undefined }, 'does not say which database it changes'],
    [{ database: 'odrers' }, 'there is no database odrers'],
    [{ target: undefined }, 'does not say what has to be there'],
    [{ target: 'latest' }, 'latest means nothing to flyway'],
    [{ type: 'gh-ost', target: 'orders' }, 'orders means nothing to gh-ost'],
    [{ type: 'custom', target: undefined }, 'is custom, and nothing tells how far it is'],
    [{ prometheus: 'mian', progress: { query: 'x' } }, 'there is no Prometheus mian'],
    [{ contractAfter: { release: 'yesterday' } }, 'yesterday is no name of a release'],
  ])('%j is refused', (change, says) => {
    expect(told(change).join('\n')).toContain(`migration-complete refuse: ${says}`);
  });
});

describe('a history before a release', () => {
  const lock = { by: 'ci-7', since: '2026-11-20T13:00:00Z' };

  it.each<[string, MigrationReading['here'], string | undefined]>([
    ['is fine', { kind: 'rows', rows: [row('1')] }, undefined],
    ['never ran', { kind: 'empty', says: 'Flyway never ran there' }, undefined],
    [
      'is locked',
      { kind: 'rows', rows: [], lock },
      'migration-history warn: ci-7 holds the lock of flyway on orders since',
    ],
    [
      'is ahead',
      { kind: 'rows', rows: [row('3')] },
      'migration-history warn: a-expand is 2.1, and 3 has been applied already',
    ],
    [
      'may not be read',
      { kind: 'refused', says: 'not for us' },
      'migration-history unknown: the state of a-expand is not known: not for us',
    ],
  ])('that %s', (_, here, says) => {
    const rows = told({ signOff: { link: 'x' } }, { here });
    if (says === undefined) expect(rows).toEqual([]);
    else expect(rows.join('\n')).toContain(says);
  });

  it('that has what was never tried before is told, and one from another file is refused', () => {
    const before = {
      environment: 'dev',
      history: { kind: 'rows' as const, rows: [row('1', { checksum: '8' })] },
    };
    const here = { kind: 'rows' as const, rows: [row('1', { checksum: '7' }), row('2')] };
    expect(told({ signOff: { link: 'x' } }, { here, before })).toEqual([
      'migration-drift refuse: 1 (V1.sql) was applied to orders in prod from another file than in dev',
      'migration-drift warn: 2 (V2.sql) was applied to orders in prod, and not in dev',
    ]);
  });
});

describe('a contract migration', () => {
  const contract = (after: object) => ({
    phase: 'contract',
    services: ['search'],
    signOff: { link: 'x' },
    dataReview: { by: 'Eve', covers: ['consent', 'retention', 'privacy'] },
    contractAfter: { soak: '24h', noReadersQuery: 'x', ...after },
  });
  const since = (day: number) => ({
    orders: [knownAs(contentOf('orders', '1.7.0'), day, 'prod/shop-2026-11-18.1')],
  });
  const here: MigrationReading = { here: { kind: 'rows', rows: [] } };

  it('comes after a release that was verified, and waits for its soak', () => {
    const release = { release: 'shop-2026-11-18.1' };
    expect(told(contract(release), here, since(18))).toEqual([]);
    expect(told(contract(release), here, since(20)).join()).toMatch(
      /contract-after-soak warn: prod\/shop-2026-11-18\.1 has run for 4h: the release waits until 1d have gone by/,
    );
    expect(told(contract({ release: 'shop-2026-11-19.9' }), here, since(18)).join()).toContain(
      'contract-after-soak refuse: prod/shop-2026-11-19.9 was never verified',
    );
  });

  it('has to ask for readers', () => {
    expect(told(contract({ noReadersQuery: undefined }), here).join()).toContain(
      'contract-after-soak refuse: a-expand does not ask whether anybody still reads',
    );
  });
});
