import { z } from 'zod';
import type { MigrationHistory } from '../../domain/migration/migration-history.ts';
import type { Session } from './session.ts';

/** MySQL's longest name; gh-ost cuts a table's name so that its own fit. Source: github/gh-ost, `base/context.go`, `getSafeTableName`. */
const LONGEST_NAME = 64;

const Change = z.object({ hint: z.string(), value: z.string(), age: z.coerce.number() });
const Column = z.object({ name: z.string() });
const Size = z.object({ name: z.string(), size: z.coerce.number() });

/**
 * How far gh-ost is with a table. It keeps no history: while it works there is a changelog beside the table, with a heartbeat and a
 * line for each status; afterwards there is only the table as it has become. Source: github/gh-ost, `logic/applier.go`,
 * `logic/migrator.go`.
 */
export async function readGhOst(
  session: Session,
  { table, now }: { table: string; now: number },
): Promise<MigrationHistory> {
  if (session.engine !== 'mysql')
    return { kind: 'refused', says: 'gh-ost works on MySQL, and this is another database' };
  const columns = await session.ask(
    'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?',
    [table],
  );
  if (columns.kind !== 'rows')
    return { kind: 'refused', says: columns.kind === 'refused' ? columns.says : `${table} cannot be read` };
  const names = z.array(Column).parse(columns.rows);
  const changes = await session.ask(
    `SELECT hint, value, TIMESTAMPDIFF(SECOND, last_update, NOW()) AS age FROM ${session.name(besides(table, 'ghc'))} ORDER BY id DESC LIMIT 200`,
  );
  const known = { kind: 'table' as const, columns: names.map(({ name }) => name) };
  if (changes.kind === 'missing') return known;
  if (changes.kind === 'refused')
    return { kind: 'refused', says: `${besides(table, 'ghc')}: ${changes.says}` };
  const read = z.array(Change).safeParse(changes.rows);
  if (!read.success) return { kind: 'refused', says: `${besides(table, 'ghc')} is not as gh-ost makes it` };
  const youngest = Math.min(...read.data.map(({ age }) => age));
  if (!Number.isFinite(youngest)) return { ...known, copy: { says: 'begins', heardAt: iso(now) } };
  const status = read.data.find(({ hint }) => hint.startsWith('copy iteration'))?.value;
  const percent = percentIn(status) ?? (await percentBySize(session, table));
  return {
    ...known,
    copy: {
      says: status === undefined ? 'begins' : stateIn(status),
      ...(percent !== undefined && { percent }),
      heardAt: iso(now - Math.max(0, youngest) * 1_000),
    },
  };
}

function besides(table: string, suffix: string): string {
  const room = LONGEST_NAME - '__'.length - suffix.length;
  return `_${table.slice(0, room)}_${suffix}`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Versions before 1.1 write their whole status there, `Copy: 100/2915 3.4%; …`; later ones the state alone. */
function percentIn(status: string | undefined): number | undefined {
  const [, percent] = /^Copy: \d+\/\d+ (\d+(?:\.\d+)?)%/.exec(status ?? '') ?? [];
  return percent === undefined ? undefined : Math.min(100, Number(percent));
}

/** `migrating`, `throttled, …`, `postponing cut-over`. */
function stateIn(status: string): string {
  const [, state] = /State: ([^;]+)/.exec(status) ?? [];
  return (state ?? status).slice(0, 200);
}

/** What the server estimates of both tables' rows. */
async function percentBySize(session: Session, table: string): Promise<number | undefined> {
  const asked = await session.ask(
    'SELECT table_name AS name, table_rows AS size FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN (?, ?)',
    [table, besides(table, 'gho')],
  );
  const sizes = asked.kind === 'rows' ? z.array(Size).safeParse(asked.rows) : undefined;
  const sizeOf = (name: string) => sizes?.data?.find((one) => one.name === name)?.size;
  const [whole, copied] = [sizeOf(table), sizeOf(besides(table, 'gho'))];
  if (whole === undefined || copied === undefined || whole === 0) return undefined;
  return Math.min(99, Math.floor((copied / whole) * 100));
}
