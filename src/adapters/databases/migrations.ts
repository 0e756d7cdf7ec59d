import { UnavailableError } from '../../errors.ts';
import type { DatabaseRights, Migrations } from '../../ports/migrations.ts';
import { readFlyway, type ToolTable } from './flyway.ts';
import { readGhOst } from './gh-ost.ts';
import { readLiquibase } from './liquibase.ts';
import { visitMysql } from './mysql.ts';
import { visitPostgres } from './postgres.ts';
import { type ReportAddress, readReport } from './report.ts';
import { mysqlRights, postgresRights } from './rights.ts';
import type { DatabaseAddress, Session } from './session.ts';

/** A database, or a report of it, in one environment. */
export type DatabasePlace =
  | { kind: 'database'; address: DatabaseAddress }
  | ({ kind: 'report' } & ReportAddress);

/** A database as it is configured. */
export interface DatabaseSettings {
  flyway: ToolTable;
  liquibase: ToolTable & { lockTable: string };
  /** By environment. */
  places: Readonly<Record<string, DatabasePlace>>;
}

/** The databases whose migrations are waited for. Each question is a visit of its own: nothing is held open in between. */
export function createMigrations(
  databases: Readonly<Record<string, DatabaseSettings>>,
  { now }: { now: () => number },
): Migrations {
  const known = new Map(Object.entries(databases));
  const placeOf = (database: string, environment: string) => {
    const settings = known.get(database);
    const place = settings && new Map(Object.entries(settings.places)).get(environment);
    return settings && place && { settings, place };
  };
  return {
    async history(question) {
      const { database, environment, tool } = question;
      const found = placeOf(database, environment);
      if (found === undefined)
        return {
          kind: 'refused',
          says: `signalbox.yaml does not say where ${database} of ${environment} is`,
        };
      const { settings, place } = found;
      if (place.kind === 'report') {
        if (tool !== 'flyway')
          return { kind: 'refused', says: `a report tells of Flyway only, and this is ${tool}` };
        return named(question, () => readReport(place));
      }
      return named(question, () =>
        visit(place.address, (session) => {
          switch (question.tool) {
            case 'flyway':
              return readFlyway(session, settings.flyway);
            case 'liquibase':
              return readLiquibase(session, settings.liquibase);
            case 'gh-ost':
              return readGhOst(session, { table: question.table, now: now() });
          }
        }),
      );
    },
    async rights(database, environment) {
      const found = placeOf(database, environment);
      if (found === undefined) throw new UnavailableError(`there is no ${database} of ${environment}`);
      const { settings, place } = found;
      if (place.kind === 'report') return rightsOfReport(place);
      const { schema, lockTable } = settings.liquibase;
      const tables = [settings.flyway, settings.liquibase, { schema, table: lockTable }];
      const rights = await visit(place.address, (session) =>
        session.engine === 'postgresql' ? postgresRights(session, tables) : mysqlRights(session, tables),
      );
      if ('refused' in rights) throw new UnavailableError(rights.refused);
      return rights;
    },
  };
}

function visit<T>(address: DatabaseAddress, visitor: (session: Session) => Promise<T>): Promise<T> {
  return address.engine === 'postgresql' ? visitPostgres(address, visitor) : visitMysql(address, visitor);
}

async function rightsOfReport(place: ReportAddress): Promise<DatabaseRights> {
  const history = await readReport(place);
  if (history.kind === 'refused') throw new UnavailableError(history.says);
  return { says: 'a report of Flyway', reads: ['flyway info'], writes: [] };
}

/** Says of which database of which environment nobody could be asked. */
async function named<T>(
  { database, environment }: { database: string; environment: string },
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new UnavailableError(`${database} of ${environment}: ${error.message}`, { cause: error });
  }
}
