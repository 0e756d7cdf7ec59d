import { z } from 'zod';
import type { AppliedMigration, MigrationHistory } from '../../domain/migration/migration-history.ts';
import type { ToolTable } from './flyway.ts';
import { MOST_ROWS, type Session } from './session.ts';

const Row = z.object({
  id: z.string(),
  author: z.string(),
  file: z.string(),
  place: z.coerce.number(),
  kind: z.string(),
  checksum: z.string().nullable(),
  tag: z.string().nullable(),
  at: z.string(),
});

const Lock = z.object({ who: z.string().nullable(), since: z.string().nullable() });

/**
 * What Liquibase has applied, and whether it is at work. Columns: liquibase/liquibase,
 * `StandardChangeLogHistoryService.java` and `StandardLockService.java`.
 */
export async function readLiquibase(
  session: Session,
  { schema, table, lockTable }: ToolTable & { lockTable: string },
): Promise<MigrationHistory> {
  const isPostgres = session.engine === 'postgresql';
  const named = (name: string) =>
    isPostgres ? `${session.name(schema)}.${session.name(name)}` : session.name(name);
  const time = (column: string) =>
    isPostgres
      ? `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
      : `DATE_FORMAT(${column}, '%Y-%m-%dT%H:%i:%sZ')`;
  const asked = await session.ask(
    `SELECT id, author, filename AS file, orderexecuted AS place, exectype AS kind, md5sum AS checksum, tag, ${time('dateexecuted')} AS at
     FROM ${named(table)} ORDER BY orderexecuted DESC LIMIT ${MOST_ROWS}`,
  );
  if (asked.kind === 'missing')
    return { kind: 'empty', says: `there is no ${table}: Liquibase never ran there` };
  if (asked.kind === 'refused') return { kind: 'refused', says: `${table}: ${asked.says}` };
  const read = z.array(Row).safeParse(asked.rows);
  if (!read.success) return { kind: 'refused', says: `${table} is not as Liquibase makes it` };
  const held = await session.ask(
    `SELECT lockedby AS who, ${time('lockgranted')} AS since FROM ${named(lockTable)} WHERE ${isPostgres ? 'locked' : 'locked = 1'} LIMIT 1`,
  );
  if (held.kind === 'refused') return { kind: 'refused', says: `${lockTable}: ${held.says}` };
  const [locked] = held.kind === 'rows' ? z.array(Lock).parse(held.rows) : [];
  return {
    kind: 'rows',
    rows: read.data.map(rowOf),
    ...(locked && {
      lock: {
        ...(locked.who !== null && { by: locked.who }),
        ...(locked.since !== null && { since: locked.since }),
      },
    }),
  };
}

function rowOf({ id, author, file, place, kind, checksum, tag, at }: z.infer<typeof Row>): AppliedMigration {
  return {
    id: `${file}::${id}::${author}`,
    order: place,
    at,
    outcome: kind === 'FAILED' ? 'failed' : kind === 'SKIPPED' ? 'skipped' : 'applied',
    ...(checksum !== null && { checksum }),
    ...(tag !== null && { tag }),
    script: file,
    by: author,
  };
}
