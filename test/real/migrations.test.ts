import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMigrations, type DatabaseSettings } from '../../src/adapters/databases/migrations.ts';
import type { DatabaseAddress } from '../../src/adapters/databases/session.ts';
import { migrationState } from '../../src/domain/migration/migration-state.ts';
import type { Migrations } from '../../src/ports/migrations.ts';
import { migrationsContract } from '../contracts/migrations.ts';
import { READER, type RealDatabase, startMariadb, startPostgres } from './servers/databases.ts';

/*
 * The tools' tables as the tools themselves make them. Sources: flyway/flyway, `PostgreSQLDatabase.java` and `MySQLDatabase.java`
 * (`getRawCreateScript`); liquibase/liquibase, `CreateDatabaseChangeLogTableGenerator.java`; github/gh-ost, `logic/applier.go`
 * (`CreateChangelogTable`).
 */
const FLYWAY = {
  postgresql: `CREATE TABLE "public"."flyway_schema_history" (
    "installed_rank" INT NOT NULL, "version" VARCHAR(50), "description" VARCHAR(200) NOT NULL, "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL, "checksum" INTEGER, "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TIMESTAMP NOT NULL DEFAULT now(), "execution_time" INTEGER NOT NULL, "success" BOOLEAN NOT NULL,
    CONSTRAINT "flyway_schema_history_pk" PRIMARY KEY ("installed_rank"))`,
  mysql: `CREATE TABLE \`flyway_schema_history\` (
    \`installed_rank\` INT NOT NULL, \`version\` VARCHAR(50), \`description\` VARCHAR(200) NOT NULL, \`type\` VARCHAR(20) NOT NULL,
    \`script\` VARCHAR(1000) NOT NULL, \`checksum\` INT, \`installed_by\` VARCHAR(100) NOT NULL,
    \`installed_on\` TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, \`execution_time\` INT NOT NULL, \`success\` BOOL NOT NULL,
    CONSTRAINT \`flyway_schema_history_pk\` PRIMARY KEY (\`installed_rank\`)) ENGINE=InnoDB`,
};
const changelog = (table: string, time: string) => `CREATE TABLE ${table} (ID VARCHAR(255) NOT NULL,
    AUTHOR VARCHAR(255) NOT NULL, FILENAME VARCHAR(255) NOT NULL, DATEEXECUTED ${time} NOT NULL, ORDEREXECUTED INT NOT NULL,
    EXECTYPE VARCHAR(10) NOT NULL, MD5SUM VARCHAR(35), DESCRIPTION VARCHAR(255), COMMENTS VARCHAR(255), TAG VARCHAR(255),
    LIQUIBASE VARCHAR(20), CONTEXTS VARCHAR(255), LABELS VARCHAR(255), DEPLOYMENT_ID VARCHAR(10))`;
const lock = (table: string, time: string) =>
  `CREATE TABLE ${table} (ID INT NOT NULL PRIMARY KEY, LOCKED BOOLEAN NOT NULL, LOCKGRANTED ${time}, LOCKEDBY VARCHAR(255));
   INSERT INTO ${table} (ID, LOCKED) VALUES (1, FALSE)`;

const ENGINES = {
  postgresql: {
    changelog: 'databasechangelog',
    lock: 'databasechangeloglock',
    liquibase: [
      changelog('databasechangelog', 'TIMESTAMP WITHOUT TIME ZONE'),
      lock('databasechangeloglock', 'TIMESTAMP WITHOUT TIME ZONE'),
    ],
    drop: 'DROP TABLE IF EXISTS flyway_schema_history, databasechangelog, databasechangeloglock',
    grant: (table: string) => `GRANT SELECT ON ${table} TO reader`,
    isTrue: 'true',
    isFalse: 'false',
  },
  mysql: {
    changelog: 'DATABASECHANGELOG',
    lock: 'DATABASECHANGELOGLOCK',
    liquibase: [changelog('DATABASECHANGELOG', 'datetime'), lock('DATABASECHANGELOGLOCK', 'datetime')],
    // Grants outlive their tables there.
    drop: "DROP TABLE IF EXISTS flyway_schema_history, DATABASECHANGELOG, DATABASECHANGELOGLOCK; REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'reader'@'%'; GRANT SELECT ON orders.seen TO 'reader'@'%'",
    grant: (table: string) => `GRANT SELECT ON orders.${table} TO 'reader'@'%'`,
    isTrue: '1',
    isFalse: '0',
  },
} as const;
type Engine = keyof typeof ENGINES;

/** Databases that a test leaves empty for the next one. */
const running = {} as Record<Engine, RealDatabase>;

beforeAll(async () => {
  const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()]);
  Object.assign(running, { postgresql: postgres, mysql: mariadb });
});
afterAll(async () => {
  await Promise.all(Object.values(running).map((one) => one[Symbol.asyncDispose]()));
});

function port(engine: Engine, change: Partial<DatabaseAddress> = {}): Migrations {
  const address: DatabaseAddress = {
    engine,
    host: '127.0.0.1',
    port: running[engine].port,
    ...READER,
    database: 'orders',
    timeoutMs: 3_000,
    ...change,
  };
  const settings: DatabaseSettings = {
    flyway: { schema: 'public', table: 'flyway_schema_history' },
    liquibase: { schema: 'public', table: ENGINES[engine].changelog, lockTable: ENGINES[engine].lock },
    places: { prod: { kind: 'database', address } },
  };
  return createMigrations({ orders: settings }, { now: () => Date.now() });
}

const asked = (tool: 'flyway' | 'liquibase') => ({ environment: 'prod', database: 'orders', tool }) as const;

/** As Flyway writes each row. */
function flywayRow(rank: number, version: string, success: string, type = 'SQL'): string {
  return `INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
    VALUES (${rank}, '${version}', 'x', '${type}', 'V${version}__x.sql', -1442331, 'ci', 12, ${success})`;
}

function liquibaseRow(
  engine: Engine,
  { place, id, exectype }: { place: number; id: string; exectype: string },
) {
  const { changelog: table } = ENGINES[engine];
  return `INSERT INTO ${table} (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE, MD5SUM, LIQUIBASE)
    VALUES ('${id}', 'ana', 'db/changelog.xml', CURRENT_TIMESTAMP, ${place}, '${exectype}', '9:d41d8cd98f', '4.29.2')`;
}

describe.each(['postgresql', 'mysql'] as const)('%s', (engine) => {
  const { drop, grant, isTrue, isFalse, liquibase, changelog: table, lock: lockTable } = ENGINES[engine];
  const write = (...statements: readonly string[]) =>
    statements.reduce(async (before, sql) => {
      await before;
      await running[engine].write(sql);
    }, Promise.resolve());

  describe('with the table of Flyway', () => {
    migrationsContract(async () => {
      await write(drop, FLYWAY[engine], grant('flyway_schema_history'));
      let rank = 0;
      const applies = (success: string) => async (version: string) => {
        rank += 1;
        await write(flywayRow(rank, version, success));
        return version;
      };
      let migrations = port(engine);
      return {
        migrations: {
          history: (question) => migrations.history(question),
          rights: (database, environment) => migrations.rights(database, environment),
        },
        tool: 'flyway',
        applies: applies(isTrue),
        fails: applies(isFalse),
        // The same address with nobody behind it: the server is there for the next test.
        goAway: async () => {
          migrations = port(engine, { port: 1 });
        },
        [Symbol.asyncDispose]: async () => write(drop),
      };
    });
  });

  describe('with the tables of Liquibase', () => {
    migrationsContract(async () => {
      await write(drop, ...liquibase, grant(table), grant(lockTable));
      let place = 0;
      const applies = (exectype: string) => async (id: string) => {
        place += 1;
        await write(liquibaseRow(engine, { place, id, exectype }));
        return `db/changelog.xml::${id}::ana`;
      };
      let migrations = port(engine);
      return {
        migrations: {
          history: (question) => migrations.history(question),
          rights: (database, environment) => migrations.rights(database, environment),
        },
        tool: 'liquibase',
        applies: applies('EXECUTED'),
        fails: applies('FAILED'),
        goAway: async () => {
          migrations = port(engine, { port: 1 });
        },
        [Symbol.asyncDispose]: async () => write(drop),
      };
    });
  });

  it('is empty before a tool ran, and refused where its table may not be read or is another', async () => {
    await write(drop, ...(engine === 'mysql' ? [grant('*')] : []));
    expect(await port(engine).history(asked('liquibase'))).toMatchObject({ kind: 'empty' });
    await write(drop, FLYWAY[engine]);
    expect(await port(engine).history(asked('flyway'))).toMatchObject({
      kind: 'refused',
      says: expect.stringMatching(/may not read it/),
    });
    await write(drop, 'CREATE TABLE flyway_schema_history (a INT)', grant('flyway_schema_history'));
    expect(await port(engine).history(asked('flyway'))).toMatchObject({
      kind: 'refused',
      says: expect.stringMatching(/not the columns of the tool/),
    });
  });

  it('lets nobody in without the right password or database, and shows neither', async () => {
    for (const change of [{ password: 's3cret-wrong' }, { database: 'none' }, { user: 'mallory' }]) {
      const history = await port(engine, change).history(asked('flyway'));
      expect(history.kind).toBe('refused');
      expect(JSON.stringify(history)).not.toMatch(/s3cret|r3ader/);
    }
  });

  it('tells who holds the lock of Liquibase, and since when', async () => {
    await write(drop, ...liquibase, grant(table), grant(lockTable));
    await write(
      `UPDATE ${lockTable} SET LOCKED = ${isTrue}, LOCKGRANTED = '2026-11-20 14:00:00', LOCKEDBY = 'ci-7 (10.0.0.7)'`,
    );
    expect(await port(engine).history(asked('liquibase'))).toMatchObject({
      kind: 'rows',
      lock: { by: 'ci-7 (10.0.0.7)', since: expect.stringMatching(/^2026-11-20T14:00:00/) },
    });
  });

  it('tells a check what can be read and what could be written', async () => {
    await write(drop, FLYWAY[engine], grant('flyway_schema_history'));
    const rights = await port(engine).rights('orders', 'prod');
    expect(rights.writes).toEqual([]);
    expect(rights.reads.join()).toContain('flyway_schema_history');
    expect(rights.says).toContain('reader');
    await write(grant('flyway_schema_history').replace('SELECT', 'INSERT'));
    expect((await port(engine).rights('orders', 'prod')).writes.join()).toMatch(/flyway_schema_history/);
    await write(drop);
  });

  it('writes nothing, whatever it may', async () => {
    await write(drop, FLYWAY[engine], grant('flyway_schema_history'), flywayRow(1, '1', isTrue));
    const hostile = createMigrations(
      {
        orders: {
          flyway: { schema: 'public', table: `flyway_schema_history"; DROP TABLE flyway_schema_history; --` },
          liquibase: { schema: 'public', table, lockTable },
          places: {
            prod: {
              kind: 'database',
              address: {
                engine,
                host: '127.0.0.1',
                port: running[engine].port,
                ...READER,
                database: 'orders',
                timeoutMs: 3_000,
              },
            },
          },
        },
      },
      { now: () => Date.now() },
    );
    expect(['empty', 'refused']).toContain((await hostile.history(asked('flyway'))).kind);
    expect((await port(engine).history(asked('flyway'))).kind).toBe('rows');
  });

  it('knows baselines, undone versions and repeatable migrations from each other', async () => {
    await write(drop, FLYWAY[engine], grant('flyway_schema_history'));
    await write(
      flywayRow(1, '1', isTrue, 'BASELINE'),
      flywayRow(2, '2', isTrue),
      flywayRow(3, '2', isTrue, 'UNDO_SQL'),
      flywayRow(4, '9', isTrue).replace("'9'", 'NULL'),
    );
    const history = await port(engine).history(asked('flyway'));
    if (history.kind !== 'rows') throw new Error(JSON.stringify(history));
    expect(history.rows.map(({ id, outcome }) => `${id} ${outcome}`).toSorted()).toEqual([
      '1 baseline',
      '2 applied',
      '2 undone',
    ]);
    const state = (target: string) =>
      migrationState({ tool: 'flyway', target, phase: 'expand' }, history, Date.now()).kind;
    expect([state('1'), state('2')]).toEqual(['succeeded', 'pending']);
  });
});

describe('Flyway at work on PostgreSQL', () => {
  it('is seen by its advisory lock, while it is held', async () => {
    const { drop, grant } = ENGINES.postgresql;
    for (const sql of [drop, FLYWAY.postgresql, grant('flyway_schema_history')])
      await running.postgresql.write(sql);
    const tool = new pg.Client({
      host: '127.0.0.1',
      port: running.postgresql.port,
      user: 'owner',
      password: '0wner',
      database: 'orders',
    });
    await tool.connect();
    try {
      // As Flyway does: its magic number plus the hash of the table's name, which may be negative.
      for (const hashOfTable of [0, 2_147_483_647, -2_147_483_648]) {
        await tool.query('SELECT pg_advisory_lock($1::bigint)', [
          (77431708279161n + BigInt(hashOfTable)).toString(),
        ]);
        expect(await port('postgresql').history(asked('flyway'))).toMatchObject({ lock: { by: 'owner' } });
        await tool.query('SELECT pg_advisory_unlock_all()');
      }
      await tool.query('SELECT pg_advisory_lock(42)');
      expect(await port('postgresql').history(asked('flyway'))).not.toHaveProperty('lock');
    } finally {
      await tool.end();
    }
  });

  it('is not waited for longer than is allowed, when its table is locked', async () => {
    const tool = new pg.Client({
      host: '127.0.0.1',
      port: running.postgresql.port,
      user: 'owner',
      password: '0wner',
      database: 'orders',
    });
    await tool.connect();
    try {
      await tool.query('BEGIN');
      await tool.query('LOCK TABLE flyway_schema_history IN ACCESS EXCLUSIVE MODE');
      await expect(port('postgresql', { timeoutMs: 300 }).history(asked('flyway'))).rejects.toThrow(/57014/);
    } finally {
      await tool.end();
    }
  });
});

describe('gh-ost on MariaDB', () => {
  const question = { environment: 'prod', database: 'orders', tool: 'gh-ost', table: 'orders' } as const;
  const write = (sql: string) => running.mysql.write(sql);
  const CHANGELOG = `CREATE TABLE _orders_ghc (id bigint unsigned auto_increment,
    last_update timestamp not null DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    hint varchar(64) charset ascii not null, value varchar(4096) charset ascii not null,
    primary key(id), unique key hint_uidx(hint)) auto_increment=256`;

  it('is followed from nothing over its copy to the column that it brings', async () => {
    await write(`CREATE TABLE orders (id INT PRIMARY KEY); GRANT SELECT ON orders.* TO 'reader'@'%'`);
    const migrations = port('mysql');
    const stateNow = async () =>
      migrationState(
        { tool: 'gh-ost', target: 'orders.tax', phase: 'expand' },
        await migrations.history(question),
        Date.now(),
      );
    expect(await stateNow()).toEqual({ kind: 'pending' });
    await write(
      `${CHANGELOG}; INSERT INTO _orders_ghc (id, hint, value) VALUES (1, 'heartbeat', 'x'), (2, 'state', 'GhostTableMigrated')`,
    );
    expect(await stateNow()).toMatchObject({ kind: 'running', says: 'begins' });
    // As versions before 1.1 write it.
    await write(
      `INSERT INTO _orders_ghc (hint, value) VALUES ('copy iteration 7 at 1588759114', 'Copy: 1000/2500 40.0%; Applied: 0; Backlog: 0/1000; Time: 2s(total), 1s(copy); streamer: x; State: migrating; ETA: 3s')`,
    );
    expect(await stateNow()).toEqual({ kind: 'running', says: 'migrating', percent: 40 });
    // As later ones do: the state alone, and how far it is says the server.
    await write(
      `INSERT INTO _orders_ghc (hint, value) VALUES ('copy iteration 8 at 1588759115', 'throttled, lag=3.1s')`,
    );
    expect(await stateNow()).toMatchObject({ kind: 'running', says: 'throttled, lag=3.1s' });
    await write('UPDATE _orders_ghc SET last_update = NOW() - INTERVAL 10 MINUTE');
    expect(await stateNow()).toMatchObject({
      kind: 'failed',
      says: expect.stringContaining('last heard of'),
    });
    await write('DROP TABLE _orders_ghc; ALTER TABLE orders ADD COLUMN tax INT');
    expect(await stateNow()).toEqual({ kind: 'succeeded' });
    await write('DROP TABLE orders');
  });
});
