import {
  type AppliedMigration,
  compareFlywayVersions,
  isFlywayVersion,
  type MigrationHistory,
  tableColumn,
} from './migration-history.ts';
import type { PlannedMigration } from './planned-migration.ts';

/** How a migration stands now. */
export type MigrationState =
  | { kind: 'pending' }
  /** `percent`: from 0 to 100; absent where nobody measures it. */
  | { kind: 'running'; says: string; percent?: number | undefined }
  | {
      kind: 'succeeded';
      /** When it was applied, ISO 8601; absent where its tool does not keep it. */
      at?: string | undefined;
      durationMs?: number | undefined;
      by?: string | undefined;
      checksum?: string | undefined;
    }
  | { kind: 'failed'; says: string }
  | { kind: 'unknown'; says: string };

/** gh-ost writes a heartbeat several times a second; one this old, in milliseconds, means that nobody writes it any more. */
const SILENT_AFTER_MS = 60_000;

type Asked = Pick<PlannedMigration, 'tool' | 'target' | 'phase'>;

/** What the tables of its tool say of a migration. `now`: milliseconds since 1970. */
export function migrationState(migration: Asked, history: MigrationHistory, now: number): MigrationState {
  switch (history.kind) {
    case 'refused':
      return { kind: 'unknown', says: history.says };
    case 'empty':
      return { kind: 'pending' };
    case 'table':
      return stateOfTable(migration, history, now);
    case 'rows':
      return stateOfRows(migration, history);
  }
}

function stateOfRows(
  { tool, target = '' }: Asked,
  { rows, lock }: Extract<MigrationHistory, { kind: 'rows' }>,
): MigrationState {
  const inOrder = rows.toSorted((a, b) => a.order - b.order);
  const found = tool === 'flyway' ? flywayRow(inOrder, target) : liquibaseRow(inOrder, target);
  if (found.kind === 'several')
    return { kind: 'unknown', says: `${target} is ${found.count} changesets: write file::id::author` };
  if (found.kind === 'row' && (found.row.outcome === 'applied' || found.row.outcome === 'baseline'))
    return succeeded(found.row);
  // A failed row stops the tool until a person has mended it, whichever migration it is of.
  const failed = failedRows(inOrder).at(-1);
  if (failed) return { kind: 'failed', says: failedSays(tool, failed) };
  if (lock) return { kind: 'running', says: `${tool} holds its lock${lock.by ? ` (${lock.by})` : ''}` };
  return { kind: 'pending' };
}

/** Rows that stand for a failure and have not been made good by a later one of the same migration. */
export function failedRows(rows: readonly AppliedMigration[]): AppliedMigration[] {
  return rows.filter(
    (row) =>
      row.outcome === 'failed' && !rows.some((later) => later.id === row.id && later.order > row.order),
  );
}

function failedSays(tool: string, { id, script, at }: AppliedMigration): string {
  const mend = tool === 'flyway' ? '; mend it and run flyway repair' : '';
  return `${id} (${script}) failed at ${at}${mend}`;
}

type Found = { kind: 'row'; row: AppliedMigration } | { kind: 'none' } | { kind: 'several'; count: number };

/** The newest word on a version; what a baseline covers counts as applied, as it does to Flyway. */
function flywayRow(rows: readonly AppliedMigration[], target: string): Found {
  if (!isFlywayVersion(target)) return { kind: 'none' };
  const own = rows.findLast(
    ({ id, outcome }) => outcome !== 'baseline' && compareFlywayVersions(id, target) === 0,
  );
  if (own) return { kind: 'row', row: own };
  const baseline = rows.findLast(
    ({ id, outcome }) => outcome === 'baseline' && compareFlywayVersions(id, target) >= 0,
  );
  return baseline ? { kind: 'row', row: baseline } : { kind: 'none' };
}

/** A changeset by `file::id::author` or by its id alone, or whatever a database was tagged with. */
function liquibaseRow(rows: readonly AppliedMigration[], target: string): Found {
  const tagged = rows.findLast(({ tag }) => tag === target);
  if (tagged) return { kind: 'row', row: tagged };
  const own = rows.filter(({ id }) => id === target || id.split('::')[1] === target);
  const ids = new Set(own.map(({ id }) => id));
  if (ids.size > 1) return { kind: 'several', count: ids.size };
  const row = own.at(-1);
  return row ? { kind: 'row', row } : { kind: 'none' };
}

function succeeded({ at, durationMs, by, checksum }: AppliedMigration): MigrationState {
  return {
    kind: 'succeeded',
    at,
    ...(durationMs !== undefined && { durationMs }),
    ...(by !== undefined && { by }),
    ...(checksum !== undefined && { checksum }),
  };
}

function stateOfTable(
  { target = '', phase }: Asked,
  { columns, copy }: Extract<MigrationHistory, { kind: 'table' }>,
  now: number,
): MigrationState {
  const wanted = tableColumn(target);
  if (wanted === undefined) return { kind: 'unknown', says: `${target} is no table.column` };
  if (copy) {
    const silentMs = now - Date.parse(copy.heardAt);
    if (silentMs > SILENT_AFTER_MS) {
      const says = `gh-ost was last heard of at ${copy.heardAt}; see whether it still runs, and drop its tables if it does not`;
      return { kind: 'failed', says };
    }
    return {
      kind: 'running',
      says: copy.says,
      ...(copy.percent !== undefined && { percent: copy.percent }),
    };
  }
  if (columns.length === 0) return { kind: 'unknown', says: `there is no table ${wanted.table}` };
  const isThere = columns.includes(wanted.column);
  return isThere === (phase !== 'contract') ? { kind: 'succeeded' } : { kind: 'pending' };
}
