import { createMigrations, type DatabasePlace } from '../adapters/databases/migrations.ts';
import type { DatabaseSettings } from '../config/database-schema.ts';
import type { Secrets } from '../config/secrets.ts';
import { TerminalError } from '../errors.ts';
import type { Migrations } from '../ports/migrations.ts';
import { systemClock } from './open-stores.ts';
import { readAuthority, type WorldParts } from './open-world.ts';

/** The databases of the configuration. Nothing is contacted yet. Throws `TerminalError` for an address that is none. */
export function openMigrations({ config, secrets }: Pick<WorldParts, 'config' | 'secrets'>): Migrations {
  return createMigrations(
    Object.fromEntries(
      Object.entries(config.databases).map(([name, settings]) => {
        const { schema, flywayTable, engine } = settings;
        const isLoud = engine === 'mysql';
        const {
          liquibaseTable = isLoud ? 'DATABASECHANGELOG' : 'databasechangelog',
          liquibaseLockTable = isLoud ? 'DATABASECHANGELOGLOCK' : 'databasechangeloglock',
        } = settings;
        const places = Object.entries(settings.environments).map(([environment, place]) => [
          environment,
          placeOf(place, { settings, secrets }),
        ]);
        return [
          name,
          {
            flyway: { schema, table: flywayTable },
            liquibase: { schema, table: liquibaseTable, lockTable: liquibaseLockTable },
            places: Object.fromEntries(places),
          },
        ];
      }),
    ),
    systemClock,
  );
}

function placeOf(
  place: DatabaseSettings['environments'][string],
  { settings, secrets }: { settings: DatabaseSettings; secrets: Secrets },
): DatabasePlace {
  const { engine, answerWithinMs: timeoutMs } = settings;
  if ('reportUrl' in place) {
    const { reportUrl: url, tokenEnv } = place;
    const authorization = tokenEnv === undefined ? undefined : `Bearer ${secrets.named(tokenEnv).reveal()}`;
    return { kind: 'report', url, timeoutMs, ...(authorization !== undefined && { authorization }) };
  }
  const { urlEnv, tls, caFile } = place;
  const at = addressIn(secrets.named(urlEnv).reveal(), { engine, variable: urlEnv });
  const ca = caFile === undefined ? undefined : readAuthority(caFile);
  return {
    kind: 'database',
    address: { ...at, engine, timeoutMs, ...(tls === 'required' && { tls: { ca } }) },
  };
}

const PROTOCOLS = { postgresql: ['postgresql:', 'postgres:'], mysql: ['mysql:', 'mariadb:'] } as const;
const PORTS = { postgresql: 5432, mysql: 3306 } as const;

/** The parts of a database's address. What is wrong with it is said without a word of it: there is a password inside. */
function addressIn(
  text: string,
  { engine, variable }: { engine: DatabaseSettings['engine']; variable: string },
) {
  const url = URL.parse(text);
  const protocols: readonly string[] = PROTOCOLS[engine];
  const database = url && decodeURIComponent(url.pathname.slice(1));
  const isWhole =
    url && protocols.includes(url.protocol) && url.hostname !== '' && url.username !== '' && database;
  if (!isWhole)
    throw new TerminalError(
      `${variable} is no address of a database: write ${protocols[0]}//user:password@host:${PORTS[engine]}/name`,
    );
  if (url.search !== '')
    throw new TerminalError(`${variable} has parameters behind a "?": say tls and caFile in signalbox.yaml`);
  return {
    host: url.hostname,
    port: Number(url.port || PORTS[engine]),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
  };
}
