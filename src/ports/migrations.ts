import type { EnvironmentName } from '../domain/ids.ts';
import type { HistoryQuestion, MigrationHistory } from '../domain/migration/migration-history.ts';

/** What we may do in a database, as it says itself. */
export interface DatabaseRights {
  /** In words, for people: `PostgreSQL 15.4 as signalbox`. */
  says: string;
  /** Tables of migration tools that can be read, by their names. */
  reads: string[];
  /** What this user could change, in words; empty is what is wanted. */
  writes: string[];
}

/**
 * Databases whose migrations somebody else runs: read only, and never more than their tools' tables. Both throw `UnavailableError`
 * when there is no answer in their time.
 */
export interface Migrations {
  /** What a tool has applied, or how far it is. */
  history(question: HistoryQuestion): Promise<MigrationHistory>;
  rights(database: string, environment: EnvironmentName): Promise<DatabaseRights>;
}
