import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { newSegmentKey } from '../domain/ledger/segment-key.ts';
import { type BotProcess, type Environment, startBot } from './bot-process.ts';
import type { SimulatedCluster } from './cluster/cluster.ts';
import { type SandboxUnleash, startUnleash } from './flags/unleash.ts';
import type { HostedRepository } from './git-server/hosted-repository.ts';
import { type GitServer, startGitServer } from './git-server.ts';
import { type RunningPrometheus, startPrometheus } from './metrics/start-prometheus.ts';
import { type SandboxRegistry, startRegistry } from './registry.ts';
import type { ClusterStarter, SandboxCluster } from './sandbox-cluster.ts';
import { BOT_USER, rights } from './shop/accounts.ts';
import { clusterObjects } from './shop/cluster-objects.ts';
import {
  configurationText,
  flagEnvironments,
  type GatePace,
  type SandboxAddresses,
  USUAL_PACE,
} from './shop/configuration.ts';
import { gitopsFiles } from './shop/gitops-files.ts';
import { workspaceSeed } from './shop/people.ts';
import { pushImages } from './shop/push-images.ts';
import type { Shop } from './shop/shop.ts';
import { writeSource } from './shop/source-history.ts';
import { startSimulated } from './start-simulated.ts';
import { thingsToTry } from './things-to-try.ts';
import { createTrouble, type Trouble } from './trouble.ts';
import { startWorkspace } from './workspace/start.ts';
import type { Workspace } from './workspace/workspace.ts';

/** A flag that is there from the beginning, off, for whoever wants to try. */
export const FLAG = 'checkout-tax-v2';

export interface WorldOptions {
  shop: Shop;
  /** Our environment: PATH, to find programs, and HOME. */
  environment: Environment;
  /** Where everything is kept; absent: a folder that is removed at the end. */
  directory?: string;
  /** Port of the page; absent: any free one. */
  port?: number;
  pace?: GatePace;
  /** Where the program finds each part instead; absent: at its own address. For what stands between them. */
  rewire?(at: SandboxAddresses): SandboxAddresses;
  /** The program's configuration, with more in it; absent: as it is. */
  configure?(text: string): string;
  /** More for the program's environment, such as `REDIS_URL`. */
  secrets?: Readonly<Record<string, string>>;
  /** Told what is being started. */
  progress?(what: string): void;
}

/** Everything around the program, and the program itself as a process of its own. */
export interface World<C extends SandboxCluster = SimulatedCluster> extends AsyncDisposable {
  shop: Shop;
  directory: string;
  workspace: Workspace;
  git: GitServer;
  gitops: HostedRepository;
  registry: SandboxRegistry;
  cluster: C;
  prometheus: RunningPrometheus;
  flags: SandboxUnleash;
  /** Digests of what each service's versions resolve to: service, then version. */
  digests: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Index to the digest that pods report for it. */
  platforms: Readonly<Record<string, string>>;
  trouble: Trouble;
  /** What the program was given in its environment; a second one needs the same. */
  secrets: Readonly<Record<string, string>>;
  bot(): BotProcess;
  /** Starts the program again with the same data, as after a crash or an update. */
  restartBot(): Promise<BotProcess>;
}

/** A world on whatever cluster. */
export type AnyWorld = World<SandboxCluster>;

/** Starts the world on a desk, with a simulated cluster. What was started is ended again when something cannot be. */
export function startWorld(options: WorldOptions): Promise<World> {
  return startWorldOn(startSimulated, options);
}

/** Starts the world around another cluster. What was started is ended again when something cannot be. */
export async function startWorldOn<C extends SandboxCluster>(
  start: ClusterStarter<C>,
  options: WorldOptions,
): Promise<World<C>> {
  const { shop, environment, pace = USUAL_PACE, progress = () => undefined } = options;
  const open = new AsyncDisposableStack();
  try {
    const directory = options.directory ?? open.adopt(await mkdtemp(join(tmpdir(), 'signalbox-')), remove);
    await mkdir(directory, { recursive: true });
    progress('registry and Git server');
    const registry = open.use(await startRegistry());
    const token = randomBytes(16).toString('hex');
    const path = environment['PATH'] ?? '';
    const git = open.use(
      await startGitServer({
        users: [
          { name: 'signalbox', token, may: 'write' },
          { name: 'argocd', token: 'argocd', may: 'read' },
        ],
        environment: { PATH: path },
      }),
    );
    const source = await git.createRepository('source', { 'README.md': '# What the shop is built from\n' });
    const pushed = pushImages(shop, registry, await writeSource(shop, source));
    const { digests } = pushed;
    const running = Object.fromEntries(
      shop.services.map(({ name, version }) => [name, digests[name]?.[version] ?? '']),
    );
    const gitops = await git.createRepository(
      'gitops',
      gitopsFiles(shop, { registry: registry.host, digests: running, source: 'source' }),
    );
    await git.createRepository('record', { 'README.md': '# The record of every release\n' });
    progress('cluster');
    const started = await start({
      botUser: BOT_USER,
      platforms: pushed.platforms,
      objects: (server) => [
        ...rights(shop),
        ...clusterObjects(shop, { gitops: git.addressOf('gitops'), server }),
      ],
      gitops: { url: git.addressOf('gitops'), username: 'argocd', password: 'argocd' },
      environmentOf: (namespace) => namespace.replace(/^shop-/, ''),
      progress,
    });
    const cluster = open.use(started.cluster);
    progress('Prometheus');
    const prometheus = open.use(
      await startPrometheus({
        scrape: [{ job: 'shop', url: cluster.metricsUrl }],
        scrapeIntervalMs: pace.scrapeSeconds * 1000,
        cacheDirectory: join(homedir(), '.cache', 'signalbox', 'programs'),
        path: path,
        dataDir: join(directory, 'prometheus'),
      }),
    );
    const flags = open.use(
      await startUnleash({
        environments: Object.values(flagEnvironments(shop)),
        token: randomBytes(16).toString('hex'),
      }),
    );
    flags.add(FLAG);
    progress('workspace');
    const trouble = createTrouble({ shop, cluster, digests });
    const workspace = open.use(
      await startWorkspace({
        seed: workspaceSeed(shop.environments.map(({ name }) => name)),
        manifest: parse(await readFile(new URL('../../manifests/slack-app.yaml', import.meta.url), 'utf8')),
        ownCommands: [trouble.command],
        thingsToTry: thingsToTry(shop),
        ...(options.port !== undefined && { port: options.port }),
      }),
    );
    progress('Signalbox');
    const config = join(directory, 'signalbox.yaml');
    const addresses: SandboxAddresses = {
      slackApi: workspace.apiUrl,
      gitops: git.addressOf('gitops'),
      ledger: git.addressOf('record'),
      source: git.addressOf('source'),
      cluster: cluster.url,
      ...(started.caFile && { clusterCaFile: started.caFile }),
      prometheus: prometheus.url,
      registry: { host: registry.host, url: registry.url },
      flags: flags.url,
      dataDir: join(directory, 'data'),
    };
    const text = configurationText(shop, options.rewire?.(addresses) ?? addresses, pace);
    await writeFile(config, options.configure?.(text) ?? text);
    const secrets = {
      SLACK_BOT_TOKEN: workspace.tokens.bot,
      SLACK_SIGNING_SECRET: workspace.signingSecret,
      SIGNALBOX_LEDGER_KEY: newSegmentKey(),
      GITOPS_TOKEN: token,
      GITOPS_USER: 'signalbox',
      CLUSTER_TOKEN: started.botToken,
      CI_SECRET: randomBytes(32).toString('hex'),
      UNLEASH_TOKEN: flags.token,
      ...options.secrets,
    };
    const run = async () => {
      const process = await startBot({
        config,
        secrets,
        logFile: join(directory, 'signalbox.log'),
        environment,
      });
      workspace.connectApp({ requestUrl: process.slackUrl });
      return process;
    };
    let bot = await run();
    open.defer(() => bot.stop());
    const kept = open.move();
    return {
      shop,
      directory,
      workspace,
      git,
      gitops,
      registry,
      cluster,
      prometheus,
      flags,
      digests,
      platforms: pushed.platforms,
      trouble,
      secrets,
      bot: () => bot,
      async restartBot() {
        await bot.kill();
        bot = await run();
        return bot;
      },
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
}

function remove(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true });
}
