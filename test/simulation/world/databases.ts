import { stringify } from 'yaml';
import type {
  AppliedMigration,
  HistoryQuestion,
  MigrationHistory,
} from '../../../src/domain/migration/migration-history.ts';
import type { Draw } from './draw.ts';

/** The one database, which every service of the shop uses. */
export const DATABASE = 'orders';
/** Versions that somebody may bring along with code. */
const VERSIONS = ['1', '2', '3', '4'];
/** Until whoever owns the database has run a migration that a release asks for, in milliseconds. */
const LONGEST_RUN_MS = 150_000;
/** Until somebody has mended one that failed, in milliseconds. */
const LONGEST_FAULT_MS = 60_000;

/** Databases as they are, past the program: what was applied in each environment, and when. */
export interface Databases {
  history(question: HistoryQuestion): MigrationHistory;
  /** Whether a version had been applied by then, in milliseconds since 1970. */
  had(environment: string, version: string, at: number): boolean;
}

/** When a migration failed and was there. */
interface Run {
  failedFrom: number;
  appliedAt: number;
}

/**
 * Databases whose owners run each migration some time after somebody first waited for it, and not always well. `now`: milliseconds
 * since 1970.
 */
export function drawDatabases(draw: Draw, now: () => number): Databases {
  const runs = new Map<string, Run>();
  const runOf = (environment: string, version: string): Run => {
    const key = `${environment} ${version}`;
    const known = runs.get(key);
    if (known) return known;
    const failedFrom = now() + draw.integer(0, LONGEST_RUN_MS);
    const appliedAt = failedFrom + (draw.happens(0.3) ? draw.integer(1_000, LONGEST_FAULT_MS) : 0);
    const run = { failedFrom, appliedAt };
    runs.set(key, run);
    return run;
  };
  return {
    history({ environment }) {
      const rows = VERSIONS.map((version): [string, Run] => [version, runOf(environment, version)])
        .filter(([, { failedFrom }]) => failedFrom <= now())
        .map(([version, { failedFrom, appliedAt }]): AppliedMigration => {
          const isApplied = appliedAt <= now();
          return {
            id: version,
            order: Number(version),
            at: new Date(isApplied ? appliedAt : failedFrom).toISOString(),
            outcome: isApplied ? 'applied' : 'failed',
            script: `V${version}__x.sql`,
          };
        });
      return { kind: 'rows', rows };
    },
    had: (environment, version, at) => {
      const run = runs.get(`${environment} ${version}`);
      return run !== undefined && run.appliedAt <= at;
    },
  };
}

/** Paths of the files that people name in a cut, with what stands in each. */
export const MIGRATION_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  VERSIONS.map((version) => [
    `db/expand-${version}.yaml`,
    stringify({
      migrations: [
        {
          name: `v${version}-expand`,
          type: 'flyway',
          target: version,
          database: DATABASE,
          constraint: 'backwardCompatible',
        },
      ],
      rollback: { dbPlan: 'forwardFix' },
    }),
  ]),
);
