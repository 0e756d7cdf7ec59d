import { describe, expect, it } from 'vitest';
import {
  dbPlanRequired,
  migrationBackoutPlan,
  migrationCompatible,
  migrationPlanRequired,
  noDestructiveWithCode,
} from '../../../../src/domain/policy/rules/migrations.ts';
import { asked, lines } from './asked.ts';

const GOOD = {
  name: 'orders-expand',
  type: 'flyway',
  database: 'orders',
  services: ['orders'],
  constraint: 'backwardCompatible',
  backoutPlan: 'leave the column',
};
const migrations = (...changes: object[]) => ({
  spec: { migrations: changes.map((change) => ({ ...GOOD, ...change })) },
});

describe('migration-plan-required', () => {
  const needs = { services: { orders: { schemaAffecting: true } } };

  it('lets pass a service that needs no other schema, or brings the migration along', () => {
    expect(migrationPlanRequired(asked({}))).toEqual([]);
    expect(migrationPlanRequired(asked({ services: { orders: { schemaAffecting: false } } }))).toEqual([]);
    expect(migrationPlanRequired(asked({ ...needs, ...migrations({}) }))).toEqual([]);
    expect(migrationPlanRequired(asked({ ...needs, ...migrations({ services: undefined }) }))).toEqual([]);
  });

  it('refuses a service that needs one and brings none, or one for others', () => {
    const refused = [
      'migration-plan-required error spec.services.orders.schemaAffecting: orders needs another schema, and no migration of this release is for it',
    ];
    expect(lines(migrationPlanRequired(asked(needs)))).toEqual(refused);
    expect(lines(migrationPlanRequired(asked({ ...needs, ...migrations({ services: ['web'] }) })))).toEqual(
      refused,
    );
  });
});

describe('migration-compatible', () => {
  it.each(['backwardCompatible', 'full'])('lets pass what is %s', (constraint) => {
    expect(migrationCompatible(asked(migrations({ constraint })))).toEqual([]);
  });

  it.each<[string | undefined, string]>([
    ['breaking', 'spec.migrations[1].constraint: migration orders-expand is breaking'],
    ['forwardCompatible', 'spec.migrations[1].constraint: migration orders-expand is forwardCompatible'],
    [undefined, 'spec.migrations[1]: migration orders-expand does not say which code it works with'],
  ])('refuses %s at the end of the order, and advises before', (constraint, says) => {
    const said = migrations({}, { constraint });
    expect(lines(migrationCompatible(asked(said)))).toEqual([`migration-compatible error ${says}`]);
    expect(lines(migrationCompatible(asked(said, { isLastEnvironment: false })))).toEqual([
      `migration-compatible warn ${says}`,
    ]);
  });
});

describe('migration-backout-plan', () => {
  it.each<[string, object]>([
    ['a plan in words and a name that says the phase', {}],
    ['a plan in parts', { backoutPlan: { run: 'undo' } }],
    ['a phase of its own', { name: 'orders', phase: 'migrate' }],
  ])('lets pass %s', (_, change) => {
    expect(migrationBackoutPlan(asked(migrations(change)))).toEqual([]);
  });

  it('lets pass a plan for the database of the whole release', () => {
    const { spec } = migrations({ backoutPlan: undefined });
    expect(migrationBackoutPlan(asked({ spec: { ...spec, rollback: { dbPlan: 'restore' } } }))).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['none', { backoutPlan: undefined }, 'migration orders-expand has no backout plan'],
    ['one that says nothing', { backoutPlan: ' ' }, 'migration orders-expand has no backout plan'],
    ['one without parts', { backoutPlan: {} }, 'migration orders-expand has no backout plan'],
    ['no phase', { name: 'orders' }, 'migration orders does not say whether it adds, fills or removes'],
  ])('refuses %s', (_, change, says) => {
    expect(lines(migrationBackoutPlan(asked(migrations(change))))).toEqual([
      `migration-backout-plan error spec.migrations[0]: ${says}`,
    ]);
  });

  it('takes none for no plan', () => {
    const { spec } = migrations({ backoutPlan: undefined });
    expect(migrationBackoutPlan(asked({ spec: { ...spec, rollback: { dbPlan: 'none' } } }))).toHaveLength(1);
  });
});

describe('db-plan-required', () => {
  const withPlan = (rollback: object | undefined, ...changes: object[]) =>
    asked({ spec: { ...migrations(...changes).spec, ...(rollback && { rollback }) } });

  it('lets pass a release without migrations, one that has a plan, and none for what only adds', () => {
    expect(dbPlanRequired(asked({}))).toEqual([]);
    expect(dbPlanRequired(withPlan({ dbPlan: 'forwardFix' }, {}))).toEqual([]);
    expect(dbPlanRequired(withPlan({ dbPlan: 'none' }, {}))).toEqual([]);
  });

  it('refuses migrations without a plan, and none for what does more', () => {
    const says = 'has migrations, and no plan for the database when the release is taken back';
    expect(lines(dbPlanRequired(withPlan(undefined, {})))).toEqual([
      `db-plan-required error spec.migrations: ${says}`,
    ]);
    expect(lines(dbPlanRequired(withPlan({ plan: 'revert' }, {})))).toEqual([
      `db-plan-required error spec.rollback: ${says}`,
    ]);
    expect(
      lines(dbPlanRequired(withPlan({ dbPlan: 'none' }, {}, { name: 'fill', phase: 'migrate' }))),
    ).toEqual([
      'db-plan-required error spec.rollback.dbPlan: is none, and migration fill does more than add',
    ]);
  });
});

describe('no-destructive-with-code', () => {
  it('lets pass what adds, and what removes something that no service of the release uses', () => {
    expect(noDestructiveWithCode(asked(migrations({})))).toEqual([]);
    expect(noDestructiveWithCode(asked(migrations({ phase: 'contract', services: ['search'] })))).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['with code that uses it', { phase: 'contract' }, 'orders'],
    ['by its name alone', { name: 'orders-contract' }, 'orders'],
    ['for whoever uses it', { phase: 'contract', services: undefined }, 'orders, web'],
  ])('refuses what removes something %s', (_, change, users) => {
    const [finding, ...others] = noDestructiveWithCode(asked(migrations(change)));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      rule: 'no-destructive-with-code',
      severity: 'error',
      path: 'spec.migrations[0]',
      says: expect.stringContaining(`goes with new code of ${users}`),
    });
  });

  it('refuses adding to and removing from one database in one release, and not in two', () => {
    const removes = { name: 'old-contract', services: ['search'] };
    expect(lines(noDestructiveWithCode(asked(migrations({}, removes))))).toEqual([
      'no-destructive-with-code error spec.migrations[1]: migration old-contract removes something, and goes with orders-expand, which adds to the same database',
    ]);
    expect(noDestructiveWithCode(asked(migrations({}, { ...removes, database: 'search' })))).toEqual([]);
  });
});
