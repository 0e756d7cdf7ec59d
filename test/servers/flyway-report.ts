import { type Listening, listen, type Received, type Reply } from './listen.ts';

/** What the job that runs Flyway has left behind. */
export interface FlywayReport {
  /** Oldest first; what is pending is there too, as Flyway lists it. */
  migrations: { version: string; state: string }[];
  /** Absent: anybody may ask. */
  authorization?: string;
  /** Nobody answers, or everything fails, or the job has left something else there. */
  trouble?: 'hang' | 'broken' | 'garbled';
}

export interface FlywayReportServer extends Listening {
  holds: FlywayReport;
}

/**
 * A strict store of the one file that `flyway info -outputType=json` writes. Fields: flyway/flyway, `output/InfoOutput.java` and
 * `output/InfoResult.java`; states: `api/MigrationState.java`.
 */
export async function startFlywayReport(holds: FlywayReport): Promise<FlywayReportServer> {
  const server = await listen((received) => answer(holds, received));
  return Object.assign(server, { holds });
}

function answer(holds: FlywayReport, { method, path, headers }: Received): Reply {
  if (holds.trouble === 'hang') return 'hang';
  if (holds.trouble === 'broken') return { status: 503, body: { message: 'try again' } };
  if (holds.authorization !== undefined && headers.authorization !== holds.authorization)
    return { status: 401, body: { message: 'Unauthorized' } };
  if (method !== 'GET' || path !== '/info.json') return { status: 404, body: { message: 'Not Found' } };
  if (holds.trouble === 'garbled') return { status: 200, body: { operation: 'migrate', success: true } };
  return {
    status: 200,
    body: {
      schemaVersion: holds.migrations.at(-1)?.version ?? null,
      schemaName: 'public',
      migrations: holds.migrations.map(({ version, state }) => ({
        category: 'Versioned',
        version,
        rawVersion: version,
        description: 'x',
        type: 'SQL',
        installedOnUTC: state === 'Pending' ? '' : '2026-11-20T14:00:00Z',
        state,
        undoable: 'No',
        filepath: `/flyway/sql/V${version}__x.sql`,
        undoFilepath: '',
        installedBy: state === 'Pending' ? '' : 'ci',
        executionTime: state === 'Pending' ? 0 : 12,
      })),
      allSchemasEmpty: false,
      flywayVersion: '11.8.0',
      database: 'orders',
      warnings: [],
      operation: 'info',
    },
  };
}
