import type { Logger } from 'pino';
import { type ApiClient, createApiClient } from '../../adapters/kubernetes/api-client.ts';
import { openCredentials } from '../../adapters/kubernetes/credentials.ts';
import { rulesOf } from '../../config/rules-of.ts';
import type { Config } from '../../config/schema.ts';
import type { Secrets } from '../../config/secrets.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import { loadCatalog } from '../../jobs/cut/load-catalog.ts';
import { type Asking, openForAsking } from '../open-for-asking.ts';
import { openMigrations } from '../open-migrations.ts';
import { systemClock } from '../open-stores.ts';
import { accessOf, githubSettings, openAlerts, openFlags, openMetrics, openRegistry } from '../open-world.ts';
import { peopleWhoAct } from '../people-who-act.ts';
import { alertLooks } from './alert-looks.ts';
import { backstageLooks } from './backstage-looks.ts';
import { checklistLooks } from './checklist-looks.ts';
import { clockLooks } from './clock-looks.ts';
import { clusterLooks } from './cluster-looks.ts';
import { databaseLooks } from './database-looks.ts';
import type { AreaReport, Look } from './finding.ts';
import { flagLooks } from './flag-looks.ts';
import { gitLooks } from './git-looks.ts';
import { githubLooks } from './github-looks.ts';
import { lookAtAll } from './look-at-all.ts';
import { machineLooks } from './machine-looks.ts';
import { prometheusLooks } from './prometheus-looks.ts';
import { registryLooks } from './registry-looks.ts';
import { slackLooks } from './slack-looks.ts';
import { storeLook } from './store-look.ts';

interface CheckParts {
  config: Config;
  secrets: Secrets;
  log: Logger;
  /** The PATH variable. */
  path: string;
}

/**
 * Looks whether everything the program needs is there and lets it do its work, without doing any: the one exception writes the
 * members of usergroups as they are. What fails hides nothing else.
 */
export async function checkInstallation(parts: CheckParts): Promise<AreaReport[]> {
  await using open = new AsyncDisposableStack();
  const asking = open.use(await openForAsking(parts));
  const clients = clientsOf(parts, open);
  // Awaited here: what is open is closed when this function is left.
  return await lookAtAll(looksOf(parts, { asking, clients }));
}

type Clients = ReadonlyMap<string, () => ApiClient>;

function looksOf(parts: CheckParts, { asking, clients }: { asking: Asking; clients: Clients }): Look[] {
  const { config, secrets, log, path } = parts;
  const catalog = once((): Promise<Catalog> => loadCatalog(asking, rulesOf(config), asking.backstage));
  const people = once(() => peopleWhoAct(config, asking));
  const client = (cluster: string): ApiClient => clientOf(clients, cluster);
  const clocks = [...clients.keys()].map(
    (name) =>
      [`cluster ${name}`, async () => (await client(name).send(VERSION)).serverTime] as [
        string,
        () => Promise<number | undefined>,
      ],
  );
  return [
    ...machineLooks({ config, secrets, path }),
    storeLook({ url: secrets.find('REDIS_URL')?.reveal(), path }),
    ...slackLooks({ config, secrets, log, asking }),
    ...gitLooks(config, asking, catalog),
    ...checklistLooks(config, asking),
    ...backstageLooks(config, asking.backstage),
    ...registryLooks(openRegistry(parts), catalog),
    ...githubLooks(config, githubSettings(parts)),
    ...clusterLooks({ config, client, catalog, people }),
    ...prometheusLooks(config, openMetrics(parts)),
    ...alertLooks(config, openAlerts(parts)),
    ...flagLooks(config, openFlags(parts)),
    ...databaseLooks(
      config,
      once(() => openMigrations(parts)),
    ),
    ...clockLooks(config, new Map(clocks)),
  ];
}

const VERSION = { method: 'GET', path: '/version', deadlineMs: 5_000 } as const;

/** Each opened when it is first asked for, so that one that cannot work says so in its own place. */
function clientsOf({ config, secrets }: CheckParts, open: AsyncDisposableStack): Clients {
  const entries = Object.entries(config.clusters).map(([name, settings]) => {
    const client = once(() => {
      const credentials = openCredentials(name, accessOf(settings, secrets).access, systemClock);
      return open.use(createApiClient(name, credentials));
    });
    return [name, client] as const;
  });
  return new Map(entries);
}

function clientOf(clients: Clients, cluster: string): ApiClient {
  const client = clients.get(cluster);
  if (client === undefined) throw new TypeError(`no cluster is named ${cluster}`);
  return client();
}

/** Asks once, however many want to know; a failure is kept like an answer. */
function once<T>(ask: () => T): () => T {
  let answer: { value: T } | undefined;
  return () => {
    answer ??= { value: ask() };
    return answer.value;
  };
}
