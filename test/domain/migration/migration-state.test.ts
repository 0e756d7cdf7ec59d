import { describe, expect, it } from 'vitest';
import {
  type AppliedMigration,
  compareFlywayVersions,
  type MigrationHistory,
} from '../../../src/domain/migration/migration-history.ts';
import { migrationState } from '../../../src/domain/migration/migration-state.ts';

const NOW = Date.parse('2026-11-20T14:00:00.000Z');

function row(order: number, id: string, more: Partial<AppliedMigration> = {}): AppliedMigration {
  return { id, order, at: '2026-11-20T13:00:00.000Z', outcome: 'applied', script: `V${id}.sql`, ...more };
}

const flyway = (target: string, rows: AppliedMigration[], more: object = {}) =>
  migrationState({ tool: 'flyway', target, phase: 'expand' }, { kind: 'rows', rows, ...more }, NOW);
const liquibase = (target: string, rows: AppliedMigration[], more: object = {}) =>
  migrationState({ tool: 'liquibase', target, phase: 'expand' }, { kind: 'rows', rows, ...more }, NOW);

describe('a version of Flyway', () => {
  it.each([
    ['1', '1.0', 0],
    ['2026.11.20.1', '2026_11_20_1', 0],
    ['1.10', '1.9', 1],
    ['2', '10', -1],
    ['20261120140000', '20261120140001', -1],
  ])('%s compared with %s is %i', (a, b, order) => {
    expect(Math.sign(compareFlywayVersions(a, b))).toBe(order);
    expect(Math.sign(compareFlywayVersions(b, a))).toBe(order === 0 ? 0 : -order);
  });
});

describe('what Flyway has written down', () => {
  it.each<[string, AppliedMigration[], object, string]>([
    ['nothing of it', [row(1, '1')], {}, 'pending'],
    ['its row', [row(1, '1'), row(2, '2.0', { durationMs: 12, by: 'ci' })], {}, 'succeeded'],
    ['a failure', [row(1, '1'), row(2, '2', { outcome: 'failed' })], {}, 'failed'],
    ['a failure of another one', [row(1, '1', { outcome: 'failed' })], {}, 'failed'],
    ['a failure that was made good', [row(1, '2', { outcome: 'failed' }), row(2, '2')], {}, 'succeeded'],
    ['that it was undone', [row(1, '2'), row(2, '2', { outcome: 'undone' })], {}, 'pending'],
    ['a baseline above it', [row(1, '3', { outcome: 'baseline' })], {}, 'succeeded'],
    ['a baseline below it', [row(1, '1', { outcome: 'baseline' })], {}, 'pending'],
    ['nothing of it, and holds its lock', [row(1, '1')], { lock: { by: 'flyway' } }, 'running'],
  ])('as %s', (_, rows, more, kind) => {
    expect(flyway('2', rows, more).kind).toBe(kind);
  });

  it('is told with what it took and who did it', () => {
    const rows = [row(1, '2', { durationMs: 12, by: 'ci', checksum: '-7' })];
    expect(flyway('2', rows)).toEqual({
      kind: 'succeeded',
      at: '2026-11-20T13:00:00.000Z',
      durationMs: 12,
      by: 'ci',
      checksum: '-7',
    });
  });
});

describe('what Liquibase has written down', () => {
  const rows = [
    row(1, 'a.xml::1::ana'),
    row(2, 'b.xml::1::ben'),
    row(3, 'b.xml::2::ben', { tag: 'v2' }),
    row(4, 'b.xml::3::ben', { outcome: 'skipped' }),
  ];

  it.each([
    ['a.xml::1::ana', 'succeeded'],
    ['v2', 'succeeded'],
    ['2', 'succeeded'],
    ['3', 'pending'],
    ['9', 'pending'],
    // Two files have a changeset of this id: whoever means one says which.
    ['1', 'unknown'],
  ])('of %s is %s', (target, kind) => {
    expect(liquibase(target, rows).kind).toBe(kind);
  });

  it('is that it is at work while it holds its lock, and that it failed where a row says so', () => {
    expect(liquibase('9', rows, { lock: { by: 'host-1' } })).toMatchObject({
      kind: 'running',
      says: expect.stringContaining('host-1'),
    });
    expect(liquibase('9', [...rows, row(5, 'c.xml::5::ben', { outcome: 'failed' })]).kind).toBe('failed');
  });
});

describe('a table that gh-ost changes', () => {
  const state = (phase: 'expand' | 'contract', history: MigrationHistory) =>
    migrationState({ tool: 'gh-ost', target: 'orders.tax', phase }, history, NOW);
  const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString();

  it('is as it should be when the column is there, or gone', () => {
    const table = (...columns: string[]): MigrationHistory => ({ kind: 'table', columns });
    expect(state('expand', table('id', 'tax')).kind).toBe('succeeded');
    expect(state('expand', table('id')).kind).toBe('pending');
    expect(state('contract', table('id')).kind).toBe('succeeded');
    expect(state('contract', table('id', 'tax')).kind).toBe('pending');
    expect(state('contract', table()).kind).toBe('unknown');
  });

  it('is being copied while it is heard of, and given up when it is not', () => {
    const copy = (secondsAgo: number): MigrationHistory => ({
      kind: 'table',
      columns: ['id'],
      copy: { says: 'migrating', percent: 43.2, heardAt: at(secondsAgo) },
    });
    expect(state('expand', copy(2))).toEqual({ kind: 'running', says: 'migrating', percent: 43.2 });
    expect(state('expand', copy(600)).kind).toBe('failed');
  });
});

describe('a database that says nothing', () => {
  it.each<[MigrationHistory, string]>([
    [{ kind: 'empty', says: 'there is no table' }, 'pending'],
    [{ kind: 'refused', says: 'this user may not read it' }, 'unknown'],
  ])('is %o', (history, kind) => {
    expect(migrationState({ tool: 'flyway', target: '2', phase: 'expand' }, history, NOW).kind).toBe(kind);
  });
});
