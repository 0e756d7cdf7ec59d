import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { connectSlack, type SlackConnection } from '../adapters/slack/connect.ts';
import type { Receiving } from '../adapters/slack/receive/receiving.ts';
import { realTimers } from '../adapters/slack/timers.ts';
import { guardedYaml } from '../adapters/yaml/guarded-yaml.ts';
import { rulesOf } from '../config/rules-of.ts';
import type { Config } from '../config/schema.ts';
import type { Secrets } from '../config/secrets.ts';
import type { Catalog } from '../domain/catalog/catalog.ts';
import { type CatalogSource, createCatalogSource } from '../jobs/cut/catalog-source.ts';
import { type KnownComponents, rememberComponents } from '../jobs/cut/known-components.ts';
import type { Ports } from '../ports/ports.ts';
import { guardCluster, guardFlags, guardGit } from './guard-writes.ts';
import { handlersFor } from './handlers.ts';
import { type Check, healthPages } from './health.ts';
import { startHousekeeping } from './housekeeping.ts';
import { listenForIncidents } from './listen-for-incidents.ts';
import { namePeople } from './name-people.ts';
import { openApi } from './open-api.ts';
import { openDoors } from './open-doors.ts';
import { openMigrations } from './open-migrations.ts';
import {
  openRedis,
  openStores,
  type Stores,
  systemChance,
  systemClock,
  systemPatience,
} from './open-stores.ts';
import {
  openAlerts,
  openAllClusters,
  openBackstage,
  openContracts,
  openFlags,
  openForge,
  openMetrics,
  openPolicy,
  openRegistry,
  openRepositories,
} from './open-world.ts';
import { receive } from './receive.ts';
import { replyWhereAsked } from './reply-where-asked.ts';
import type { Role } from './roles.ts';
import { servePages } from './serve-pages.ts';
import { slackSettings } from './slack-settings.ts';

export interface StartOptions {
  config: Config;
  secrets: Secrets;
  roles: readonly Role[];
  log: Logger;
}

/** A running Signalbox. */
export interface Signalbox {
  /** Where Slack's requests arrive; absent with Socket Mode and in processes that take none in. */
  slackPort: number | undefined;
  /** Where `/healthz`, `/readyz` and `/metrics` are. */
  pagesPort: number;
  /** Resolves when this life is over although nobody stopped it: the store was emptied or outranked. Start anew. */
  lost: Promise<string>;
  /** Takes in nothing more and finishes or hands over within `withinMs`, also with Redis away. */
  stop(withinMs: number): Promise<void>;
}

/** A canary job that has not come through for this long means that nothing is carried out. */
const CANARY_LATE_MS = 45_000;

/** Starts everything that the roles need. Throws `TerminalError` with the one thing to do when it cannot. */
export async function startSignalbox({ config, secrets, roles, log }: StartOptions): Promise<Signalbox> {
  const rules = rulesOf(config);
  const open = new AsyncDisposableStack();
  const lost = Promise.withResolvers<string>();
  const parts = { config, secrets, log };
  try {
    const yaml = open.use(guardedYaml());
    const redis = open.adopt(await openRedis(parts), (opened) => opened.close());
    const git = open.use(
      await openRepositories(parts, { leases: redis.leases, yaml: open.use(guardedYaml()) }),
    );
    const onLost = ({ kind }: { kind: string }) => lost.resolve(`the store was ${kind}`);
    const stores = await openStores(redis, {
      ...parts,
      git,
      clock: systemClock,
      chance: systemChance,
      onLost,
    });
    open.adopt(stores.belfry, (belfry) => belfry.close());
    const slack = open.adopt(connect(parts, stores), (connected) => connected.close());
    const clusters = open.use(openAllClusters(parts));
    const guarding = { rules, catalog: () => catalog.latest() };
    const cluster = guardCluster(clusters, guarding);
    const directory = namePeople(slack.directory, config.people);
    const forge = openForge(parts);
    const ports: Ports = {
      ...stores,
      bells: stores.belfry.bells,
      git: guardGit(git, guarding),
      yaml,
      cluster,
      metrics: openMetrics(parts),
      alerts: openAlerts(parts),
      registry: openRegistry(parts),
      contracts: openContracts(parts),
      forge,
      migrations: openMigrations(parts),
      policy: openPolicy(parts),
      flags: guardFlags(openFlags(parts), guarding),
      chat: replyWhereAsked(slack.chat, { ...stores, directory, config, forge, log }),
      directory,
      clock: systemClock,
      chance: systemChance,
      patience: systemPatience,
    };
    const catalog: CatalogSource = watched(
      createCatalogSource(ports, rules, componentsOf(parts, ports)),
      (read) => cluster.watch(placementsOf(read)),
    );
    catalog.load().catch((error: Error) => log.warn({ err: error }, 'the catalog could not be read yet'));
    const answering = stores.belfry.answer(handlersFor(roles, { ports, rules, catalog, log }));
    let archiveTrouble: string | undefined;
    const keeping = roles.includes('watch')
      ? startHousekeeping({
          ports,
          rules,
          config,
          secrets,
          leases: stores.leases,
          catalog,
          log,
          onArchive: (trouble) => {
            archiveTrouble = trouble;
          },
        })
      : undefined;
    let receiving: Receiving | undefined;
    const checks: Check[] = [
      {
        name: 'redis',
        fatal: true,
        trouble: () => (stores.store.isConnected() ? undefined : 'it cannot be reached: nothing is accepted'),
      },
      {
        name: 'redis settings',
        fatal: false,
        trouble: () => standingTrouble(stores),
      },
      { name: 'archive', fatal: false, trouble: () => archiveTrouble },
      { name: 'catalog', fatal: false, trouble: () => catalog.trouble() ?? catalog.notice() },
      { name: 'queue', fatal: false, trouble: () => lateQueue(answering.canaryAges()) },
      { name: 'slack', fatal: false, trouble: () => downReceiver(receiving) },
      { name: 'clusters', fatal: false, trouble: () => staleClusters(cluster.health()) },
    ];
    const pages = healthPages(checks);
    const remembered = {
      environments: rules.environments,
      catalog: catalog.latest,
      observe: cluster.observe,
    };
    const team = async () => config.slack.team ?? (await slack.identity()).teamId;
    const isOpen = roles.includes('web') && config.api.enabled;
    const doors = [
      ...(roles.includes('web') ? openDoors({ config, secrets, rules, log, stores, ports, catalog }) : []),
      ...(isOpen ? [openApi({ config, rules, log, stores, remembered, team })] : []),
    ];
    const server = open.adopt(await servePages(config.listen, { routes: pages.routes, doors }), (opened) =>
      closed(opened.server),
    );
    const incidents = open.adopt(listenForIncidents(ports), (listening) => listening.stop());
    if (roles.includes('web')) {
      receiving = await receive({
        ...parts,
        rules,
        slack,
        stores,
        routes: pages.routes,
        hears: incidents.hears,
        remembered,
      });
    }
    return {
      slackPort: receiving?.port,
      pagesPort: server.port,
      lost: lost.promise,
      async stop(withinMs) {
        const share = Math.floor(withinMs / 3);
        await receiving?.close({ withinMs: share });
        await Promise.all([keeping?.stop(share), answering.stop(share)]);
        await within(share, open.disposeAsync());
      },
    };
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
}

function connect(
  { config, secrets, log }: Pick<StartOptions, 'config' | 'secrets' | 'log'>,
  stores: Stores,
): SlackConnection {
  const parts = { buttons: stores.buttons, clock: systemClock, timers: realTimers, logger: log };
  return connectSlack(slackSettings(config, secrets), parts);
}

/** What fills up the catalog's file; absent where nothing is configured. */
function componentsOf(
  parts: Pick<StartOptions, 'config' | 'secrets' | 'log'>,
  ports: Ports,
): KnownComponents | undefined {
  const backstage = openBackstage(parts);
  const refreshMs = parts.config.catalog.backstage?.refreshMs;
  return backstage && refreshMs !== undefined
    ? rememberComponents(backstage, ports, { refreshMs })
    : undefined;
}

/** The clusters are watched where the catalog, as last read, places services. */
function watched(source: CatalogSource, onRead: (catalog: Catalog) => void): CatalogSource {
  return {
    latest: source.latest,
    trouble: source.trouble,
    notice: source.notice,
    async load() {
      const catalog = await source.load();
      onRead(catalog);
      return catalog;
    },
  };
}

function placementsOf(catalog: Catalog) {
  return Object.values(catalog.services).flatMap((service) => Object.values(service.placements).flat());
}

/** A Redis that somebody else runs is used as it is; what it may lose is said. */
function standingTrouble({ standing }: Stores): string | undefined {
  if (standing === undefined) return undefined;
  if (standing.faults.length > 0) return standing.faults.join('; ');
  return standing.appendfsync === 'always' ? undefined : standing.mayLose;
}

function lateQueue(ages: Record<string, number>): string | undefined {
  const late = Object.entries(ages).filter(([, age]) => age > CANARY_LATE_MS);
  return late.length === 0
    ? undefined
    : `nothing came through ${late.map(([name]) => name).join(', ')} for ${CANARY_LATE_MS / 1000} s`;
}

function downReceiver(receiving: Receiving | undefined): string | undefined {
  const health = receiving?.health();
  return health?.kind === 'down' ? health.why : undefined;
}

function staleClusters(health: ReturnType<ReturnType<typeof openAllClusters>['health']>): string | undefined {
  const troubles = Object.entries(health).flatMap(([name, watches]) =>
    watches.flatMap((watch) => (watch.trouble ? [`${name}: ${watch.trouble}`] : [])),
  );
  return troubles.length === 0 ? undefined : [...new Set(troubles)].join('; ');
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function within(ms: number, work: Promise<void>): Promise<void> {
  return Promise.race([work, new Promise<void>((resolve) => setTimeout(resolve, ms).unref())]);
}
