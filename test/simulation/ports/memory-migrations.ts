import type { HistoryQuestion, MigrationHistory } from '../../../src/domain/migration/migration-history.ts';
import type { DatabaseRights, Migrations } from '../../../src/ports/migrations.ts';

/** What databases say; whoever drives it changes it. A function may throw, as a database that is away does. */
export interface MemoryDatabases {
  history: (question: HistoryQuestion) => MigrationHistory;
  rights?: (database: string, environment: string) => DatabaseRights;
}

/** The in-memory twin of the databases. Absent: none is configured. */
export function createMemoryMigrations(databases?: MemoryDatabases): Migrations {
  return {
    async history(question) {
      return (
        databases?.history(question) ?? {
          kind: 'refused',
          says: `${question.database} cannot be read in ${question.environment}`,
        }
      );
    },
    async rights(database, environment) {
      return databases?.rights?.(database, environment) ?? { says: 'memory', reads: [], writes: [] };
    },
  };
}
