import type { EnvironmentName } from '../ids.ts';

/** One row of what a tool has applied. */
export interface AppliedMigration {
  /** Flyway: the version. Liquibase: `file::id::author`. Repeatable migrations of Flyway have none and are not among them. */
  id: string;
  /** Liquibase only: the tag that a database was given after it. */
  tag?: string | undefined;
  /** In which order they were applied, smallest first. */
  order: number;
  /** ISO 8601. */
  at: string;
  outcome: 'applied' | 'failed' | 'undone' | 'baseline' | 'skipped';
  /** As the tool writes it; absent where it keeps none. */
  checksum?: string | undefined;
  /** The file, for people. */
  script: string;
  by?: string | undefined;
  /** Absent where the tool does not measure it. */
  durationMs?: number | undefined;
}

/** A question about a database of an environment. */
export type HistoryQuestion = {
  environment: EnvironmentName;
  database: string;
} & ({ tool: 'flyway' | 'liquibase' } | { tool: 'gh-ost'; table: string });

/** What the tables of a tool say now. */
export type MigrationHistory =
  | {
      kind: 'rows';
      rows: AppliedMigration[];
      /** Somebody holds the tool's lock. */
      lock?: { by?: string | undefined; since?: string | undefined } | undefined;
    }
  /** gh-ost keeps no history: there is the table as it is, and a copy while it works. */
  | {
      kind: 'table';
      /** Empty when there is no such table. */
      columns: string[];
      copy?:
        | {
            /** What gh-ost says of itself, such as `migrating` or `throttled, …`. */
            says: string;
            percent?: number | undefined;
            /** When it was last heard of, ISO 8601. */
            heardAt: string;
          }
        | undefined;
    }
  /** The tool has no tables there: it never ran. */
  | { kind: 'empty'; says: string }
  /** The database or its report answers, and not with what was asked for; asking again at once is useless. */
  | { kind: 'refused'; says: string };

/** Compares versions as Flyway does: number by number, points and underscores alike, trailing zeros count for nothing. */
export function compareFlywayVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0n) - (right[i] ?? 0n);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}

/** Whether Flyway could have a migration of this version. */
export function isFlywayVersion(text: string): boolean {
  return /^\d{1,40}([._]\d{1,40}){0,15}$/.test(text);
}

function numbersOf(version: string): bigint[] {
  return isFlywayVersion(version) ? version.split(/[._]/).map(BigInt) : [];
}

/** Table and column of a gh-ost target; absent when it is none. */
export function tableColumn(target: string): { table: string; column: string } | undefined {
  const [, table, column] = /^([A-Za-z0-9_$]{1,64})\.([A-Za-z0-9_$]{1,64})$/.exec(target) ?? [];
  return table !== undefined && column !== undefined ? { table, column } : undefined;
}
