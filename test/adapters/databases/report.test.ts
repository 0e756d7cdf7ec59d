import { describe, expect, it } from 'vitest';
import { createMigrations } from '../../../src/adapters/databases/migrations.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { migrationsContract } from '../../contracts/migrations.ts';
import { type FlywayReport, startFlywayReport } from '../../servers/flyway-report.ts';

const TOKEN = 'Bearer s3cret';
const TABLES = {
  flyway: { schema: 'public', table: 'flyway_schema_history' },
  liquibase: { schema: 'public', table: 'databasechangelog', lockTable: 'databasechangeloglock' },
};

async function start(holds: Partial<FlywayReport> = {}, more: object = {}) {
  const server = await startFlywayReport({ migrations: [], authorization: TOKEN, ...holds });
  const place = {
    kind: 'report' as const,
    url: `${server.url}/info.json`,
    authorization: TOKEN,
    timeoutMs: 300,
    ...more,
  };
  const migrations = createMigrations({ orders: { ...TABLES, places: { prod: place } } }, { now: () => 0 });
  return { server, migrations };
}

const QUESTION = { environment: 'prod', database: 'orders', tool: 'flyway' } as const;

describe("a report of Flyway's", () => {
  migrationsContract(async () => {
    const { server, migrations } = await start();
    const has = (state: string) => async (version: string) => {
      server.holds.migrations.push({ version, state });
      return version;
    };
    return {
      migrations,
      tool: 'flyway',
      applies: has('Success'),
      fails: has('Failed'),
      goAway: async () => server[Symbol.asyncDispose](),
      [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
    };
  });

  it('knows what has been applied from what has not', async () => {
    const states = [
      'Baseline',
      'Success',
      'Out of Order',
      'Undone',
      'Failed',
      'Pending',
      'Ignored',
      'Above Target',
    ];
    const { server, migrations } = await start({
      migrations: states.map((state, n) => ({ version: String(n + 1), state })),
    });
    await using _ = server;
    const history = await migrations.history(QUESTION);
    expect(history.kind === 'rows' && history.rows.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      '1 baseline',
      '2 applied',
      '3 applied',
      '4 undone',
      '5 failed',
    ]);
  });

  it.each(['hang', 'broken'] as const)('that is in trouble (%s) is not known', async (trouble) => {
    const { server, migrations } = await start({ trouble });
    await using _ = server;
    await expect(migrations.history(QUESTION)).rejects.toBeInstanceOf(UnavailableError);
  });

  it('that is something else, not for us, or of another tool is refused, and shows no secret', async () => {
    const garbled = await start({ trouble: 'garbled' });
    await using _ = garbled.server;
    const locked = await start({}, { authorization: 'Bearer wr0ng' });
    await using __ = locked.server;
    const answers = await Promise.all([
      garbled.migrations.history(QUESTION),
      locked.migrations.history(QUESTION),
      locked.migrations.history({ ...QUESTION, tool: 'liquibase' }),
    ]);
    expect(answers).toMatchObject([
      { kind: 'refused', says: expect.stringContaining('flyway info') },
      { kind: 'refused', says: expect.stringContaining('401') },
      { kind: 'refused', says: expect.stringContaining('Flyway only') },
    ]);
    expect(JSON.stringify(answers)).not.toMatch(/wr0ng|s3cret/);
  });
});
