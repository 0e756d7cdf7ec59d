import { z } from 'zod';
import type { AppliedMigration, MigrationHistory } from '../../domain/migration/migration-history.ts';
import { MOST_ROWS, type Session } from './session.ts';

/** Where a tool keeps its table. */
export interface ToolTable {
  /** PostgreSQL only. */
  schema: string;
  table: string;
}

const Row = z.object({
  rank: z.coerce.number(),
  version: z.string().nullable(),
  type: z.string(),
  script: z.string(),
  checksum: z.coerce.string().nullable(),
  by: z.string(),
  at: z.string(),
  ms: z.coerce.number(),
  ok: z.coerce.boolean(),
});

/**
 * Advisory locks that Flyway takes while it works on PostgreSQL: "Flyway" in ASCII plus the hash of its table. Source:
 * flyway/flyway, `PostgreSQLAdvisoryLockTemplate.java`.
 */
const LOCK_MAGIC = '77431708279161';

/** What Flyway has applied, from its own table. Columns: flyway/flyway, `JdbcTableSchemaHistory.java`. */
export async function readFlyway(session: Session, { schema, table }: ToolTable): Promise<MigrationHistory> {
  const isPostgres = session.engine === 'postgresql';
  const from = isPostgres ? `${session.name(schema)}.${session.name(table)}` : session.name(table);
  const [at, by, ok] = isPostgres
    ? [`to_char(installed_on, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`, '"by"', 'success::int']
    : [`DATE_FORMAT(installed_on, '%Y-%m-%dT%H:%i:%sZ')`, '`by`', 'success + 0'];
  const asked = await session.ask(
    `SELECT installed_rank AS rank_, version, type, script, checksum, installed_by AS ${by}, ${at} AS at_, execution_time AS ms, ${ok} AS ok
     FROM ${from} ORDER BY installed_rank DESC LIMIT ${MOST_ROWS}`,
  );
  if (asked.kind === 'missing')
    return { kind: 'empty', says: `there is no ${table}: Flyway never ran there` };
  if (asked.kind === 'refused') return { kind: 'refused', says: `${table}: ${asked.says}` };
  const read = z
    .array(Row)
    .safeParse(asked.rows.map(({ rank_, at_, ...row }) => ({ ...row, rank: rank_, at: at_ })));
  if (!read.success) return { kind: 'refused', says: `${table} is not as Flyway makes it` };
  const lock = isPostgres ? await flywayLock(session) : undefined;
  return { kind: 'rows', rows: read.data.flatMap(rowOf), ...(lock && { lock }) };
}

/** Repeatable migrations have no version and nobody waits for one; rows of rank -100 are locks on some databases. */
function rowOf({
  rank,
  version,
  type,
  script,
  checksum,
  by,
  at,
  ms,
  ok,
}: z.infer<typeof Row>): AppliedMigration[] {
  if (version === null || rank < 0) return [];
  return [
    {
      id: version,
      order: rank,
      at,
      outcome: outcomeOf(type, ok),
      ...(checksum !== null && { checksum }),
      script,
      by,
      durationMs: ms,
    },
  ];
}

/** `DELETE` is what `flyway repair` writes for a file that is gone: it takes the row's word back, as an undo does. */
function outcomeOf(type: string, ok: boolean): AppliedMigration['outcome'] {
  if (!ok) return 'failed';
  if (type === 'BASELINE' || type === 'SQL_BASELINE' || type === 'JDBC_BASELINE') return 'baseline';
  return type.startsWith('UNDO') || type === 'DELETE' ? 'undone' : 'applied';
}

async function flywayLock(session: Session): Promise<{ by?: string; since?: string } | undefined> {
  const asked = await session.ask(
    `SELECT activity.usename AS who, to_char(activity.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
     FROM pg_locks AS held
     LEFT JOIN pg_stat_activity AS activity ON activity.pid = held.pid
     WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
       AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND ((held.classid::bigint << 32) | held.objid::bigint) BETWEEN $1::bigint - 2147483648 AND $1::bigint + 2147483647
     LIMIT 1`,
    [LOCK_MAGIC],
  );
  const [row] = asked.kind === 'rows' ? asked.rows : [];
  if (row === undefined) return undefined;
  return {
    ...(typeof row['who'] === 'string' && { by: row['who'] }),
    ...(typeof row['since'] === 'string' && { since: row['since'] }),
  };
}
