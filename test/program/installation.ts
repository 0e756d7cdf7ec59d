import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { parse } from 'yaml';
import { guardedYaml } from '../../src/adapters/yaml/guarded-yaml.ts';
import { loadConfig } from '../../src/config.ts';
import { newSegmentKey } from '../../src/domain/ledger/segment-key.ts';
import { checkInstallation } from '../../src/program/check/check-installation.ts';
import type { AreaReport, Finding } from '../../src/program/check/finding.ts';
import type { SimulatedCluster } from '../../src/sandbox/cluster/cluster.ts';
import { startCluster } from '../../src/sandbox/cluster/start.ts';
import type { HostedRepository } from '../../src/sandbox/git-server/hosted-repository.ts';
import { type GitServer, startGitServer } from '../../src/sandbox/git-server.ts';
import { startStandIn } from '../../src/sandbox/metrics/stand-in/start-stand-in.ts';
import { type SandboxRegistry, startRegistry } from '../../src/sandbox/registry.ts';
import { BOT_USER, rights } from '../../src/sandbox/shop/accounts.ts';
import { clusterObjects } from '../../src/sandbox/shop/cluster-objects.ts';
import { configurationText } from '../../src/sandbox/shop/configuration.ts';
import { gitopsFiles } from '../../src/sandbox/shop/gitops-files.ts';
import { workspaceSeed } from '../../src/sandbox/shop/people.ts';
import { pushImages } from '../../src/sandbox/shop/push-images.ts';
import { type Shop, shopOf } from '../../src/sandbox/shop/shop.ts';
import { startWorkspace } from '../../src/sandbox/workspace/start.ts';
import type { Workspace, WorkspaceOptions } from '../../src/sandbox/workspace/workspace.ts';

export interface InstallationOptions {
  workspace?: Partial<WorkspaceOptions>;
}

/** Everything the program is installed into, by strict servers; the program itself is not started. */
export interface Installation extends AsyncDisposable {
  shop: Shop;
  directory: string;
  workspace: Workspace;
  git: GitServer;
  gitops: HostedRepository;
  registry: SandboxRegistry;
  cluster: SimulatedCluster;
  /** Path of its `signalbox.yaml`. */
  config: string;
  /** Its secrets, as environment variables. */
  env: Record<string, string>;
  /** Changes the configuration's text; every `from` must be in it. */
  change(from: string, to: string): Promise<void>;
  /** Every finding of a check, as `area: kind says`. */
  check(): Promise<string[]>;
  /** Troubles that a check finds and has no remedy for. */
  withoutFix(): Promise<string[]>;
}

/** Starts it: a shop of six services in three environments, where everything is as it should be. */
export async function startInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const shop = shopOf();
  await using open = new AsyncDisposableStack();
  const directory = open.adopt(await mkdtemp(join(tmpdir(), 'signalbox-installation-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const registry = open.use(await startRegistry());
  pushImages(shop, registry);
  const { git, gitops, gitToken } = await startGit(shop, { open, registry });
  const { cluster, clusterToken } = await startRollouts(shop, { open, git });
  const prometheus = open.use(await startStandIn({ scrape: [], scrapeIntervalMs: 60_000 }));
  const workspace = open.use(
    await startWorkspace({
      seed: workspaceSeed(shop.environments.map(({ name }) => name)),
      manifest: await slackManifest(),
      rateLimits: 'off',
      ...options.workspace,
    }),
  );
  const config = join(directory, 'signalbox.yaml');
  const addresses = {
    slackApi: workspace.apiUrl,
    gitops: git.addressOf('gitops'),
    ledger: git.addressOf('record'),
    cluster: cluster.url,
    prometheus: prometheus.url,
    registry: { host: registry.host, url: registry.url },
    dataDir: join(directory, 'data'),
  };
  await writeFile(config, configurationText(shop, addresses));
  const env = {
    SLACK_BOT_TOKEN: workspace.tokens.bot,
    SLACK_SIGNING_SECRET: workspace.signingSecret,
    SLACK_APP_TOKEN: workspace.tokens.app,
    SIGNALBOX_LEDGER_KEY: newSegmentKey(),
    GITOPS_TOKEN: gitToken,
    GITOPS_USER: 'signalbox',
    CLUSTER_TOKEN: clusterToken,
    CI_SECRET: 'a-secret-of-builds',
  };
  const kept = open.move();
  return {
    shop,
    directory,
    workspace,
    git,
    gitops,
    registry,
    cluster,
    config,
    env,
    async change(from, to) {
      const text = await readFile(config, 'utf8');
      if (!text.includes(from)) throw new Error(`the configuration has no ${from}:\n${text}`);
      await writeFile(config, text.replace(from, to));
    },
    check: async () => linesOf(await runCheck(config, env)),
    withoutFix: async () => linesOf(await runCheck(config, env), hasNoFix),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function startGit(
  shop: Shop,
  { open, registry }: { open: AsyncDisposableStack; registry: SandboxRegistry },
) {
  const gitToken = randomBytes(16).toString('hex');
  const git = open.use(
    await startGitServer({
      users: [
        { name: 'signalbox', token: gitToken, may: 'write' },
        { name: 'reader', token: 'reader-token', may: 'read' },
        { name: 'argocd', token: 'argocd', may: 'read' },
      ],
      environment: { PATH: process.env['PATH'] ?? '' },
    }),
  );
  const digests = Object.fromEntries(shop.services.map(({ name }) => [name, `sha256:${'a'.repeat(64)}`]));
  const gitops = await git.createRepository(
    'gitops',
    gitopsFiles(shop, { registry: registry.host, digests }),
  );
  await git.createRepository('record', { 'README.md': '# The record\n' });
  return { git, gitops, gitToken };
}

async function startRollouts(shop: Shop, { open, git }: { open: AsyncDisposableStack; git: GitServer }) {
  const clusterToken = randomBytes(16).toString('hex');
  const cluster = open.use(
    await startCluster({
      users: [{ token: clusterToken, name: BOT_USER, groups: [] }],
      gitops: { addressOf: (url) => url.replace('://', '://argocd:argocd@') },
    }),
  );
  const places = { gitops: git.addressOf('gitops'), server: cluster.url };
  cluster.apply([...rights(shop), ...clusterObjects(shop, places)]);
  return { cluster, clusterToken };
}

async function slackManifest(): Promise<unknown> {
  return parse(await readFile(new URL('../../manifests/slack-app.yaml', import.meta.url), 'utf8'));
}

async function runCheck(file: string, env: Record<string, string>): Promise<AreaReport[]> {
  await using yaml = guardedYaml();
  const loaded = await loadConfig({ file, env, yaml });
  if (loaded.kind === 'faulty') throw new Error(loaded.lines.join('\n'));
  return await checkInstallation({
    ...loaded,
    log: pino({ level: 'silent' }),
    path: process.env['PATH'] ?? '',
  });
}

function hasNoFix(finding: Finding): boolean {
  return finding.kind !== 'ok' && finding.fix === undefined;
}

function linesOf(
  reports: readonly AreaReport[],
  wanted: (finding: Finding) => boolean = () => true,
): string[] {
  return reports.flatMap(({ area, findings }) =>
    findings.filter(wanted).map(({ kind, says }) => `${area}: ${kind} ${says}`),
  );
}
