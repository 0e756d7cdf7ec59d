import type { DatabaseRights } from '../../ports/migrations.ts';
import type { Session } from './session.ts';

/** Things a user could change that are told one by one. */
const MOST = 5;

/** What a user of PostgreSQL may do, by its own word. Throws nothing but what the session throws. */
export async function postgresRights(
  session: Session,
  tables: readonly { schema: string; table: string }[],
): Promise<DatabaseRights | { refused: string }> {
  const who = await session.ask(
    `SELECT current_user AS name, current_setting('server_version') AS version,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS super`,
  );
  if (who.kind !== 'rows') return { refused: who.kind === 'refused' ? who.says : 'it cannot be read' };
  const [me] = who.rows;
  const ask = async (sql: string, values: readonly unknown[] = []) => {
    const asked = await session.ask(sql, values);
    return asked.kind === 'rows' ? asked.rows.map((row) => String(row['name'])) : [];
  };
  const changed = await ask(
    `SELECT format('%I.%I', space.nspname, class.relname) AS name
     FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = class.relnamespace
     WHERE class.relkind IN ('r', 'p') AND space.nspname NOT IN ('pg_catalog', 'information_schema')
       AND space.nspname NOT LIKE 'pg\\_toast%' AND space.nspname NOT LIKE 'pg\\_temp%'
       AND has_table_privilege(class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
     ORDER BY 1 LIMIT ${MOST}`,
  );
  const made = await ask(
    `SELECT quote_ident(nspname) AS name FROM pg_namespace
     WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' AND has_schema_privilege(oid, 'CREATE')
     ORDER BY 1 LIMIT ${MOST}`,
  );
  const reads = await ask(
    `SELECT format('%I.%I', space.nspname, class.relname) AS name
     FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = class.relnamespace
     WHERE (space.nspname::text, class.relname::text) IN (SELECT * FROM unnest($1::text[], $2::text[]))
       AND has_schema_privilege(space.oid, 'USAGE') AND has_table_privilege(class.oid, 'SELECT')
     ORDER BY 1`,
    [tables.map(({ schema }) => schema), tables.map(({ table }) => table)],
  );
  const isSuper = me?.['super'] === true;
  return {
    says: `PostgreSQL ${String(me?.['version'])} as ${String(me?.['name'])}`,
    reads,
    writes: isSuper
      ? ['everything: it is a superuser']
      : [...changed.map((table) => `rows of ${table}`), ...made.map((schema) => `new tables in ${schema}`)],
  };
}

/** Privileges by which nothing is changed. Source: https://mariadb.com/kb/en/grant/#privilege-levels */
const HARMLESS = new Set([
  'SELECT',
  'USAGE',
  'SHOW VIEW',
  'SHOW DATABASES',
  'PROCESS',
  'REPLICATION CLIENT',
  'BINLOG MONITOR',
  'SLAVE MONITOR',
  'REPLICA MONITOR',
]);

/** What a user of MySQL or MariaDB may do, by its grants. */
export async function mysqlRights(
  session: Session,
  tables: readonly { table: string }[],
): Promise<DatabaseRights | { refused: string }> {
  const who = await session.ask('SELECT CURRENT_USER() AS name, VERSION() AS version');
  if (who.kind !== 'rows') return { refused: who.kind === 'refused' ? who.says : 'it cannot be read' };
  const [me] = who.rows;
  const grants = await session.ask('SHOW GRANTS');
  const lines = grants.kind === 'rows' ? grants.rows.map((row) => String(Object.values(row)[0])) : [];
  const seen = await session.ask(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN (?)',
    [tables.map(({ table }) => table)],
  );
  return {
    says: `MySQL ${String(me?.['version'])} as ${String(me?.['name'])}`,
    reads: seen.kind === 'rows' ? seen.rows.map((row) => String(row['name'])) : [],
    writes: lines.flatMap(writesIn).slice(0, MOST),
  };
}

/** `GRANT SELECT, INSERT ON `shop`.* TO …`; roles are granted without an ON, and have lines of their own. */
function writesIn(grant: string): string[] {
  const [, privileges, on] = /^GRANT (.+?) ON (\S+) TO /.exec(grant) ?? [];
  if (privileges === undefined || on === undefined) return [];
  const dangerous = privileges
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .map((one) => one.trim().toUpperCase())
    .filter((one) => !HARMLESS.has(one));
  return dangerous.length > 0 ? [`${dangerous.join(', ')} on ${on.replaceAll('`', '')}`] : [];
}
