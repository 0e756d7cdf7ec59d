import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { newSegmentKey } from '../../src/domain/ledger/segment-key.ts';
import { type BotProcess, startBot } from '../../src/sandbox/bot-process.ts';
import { startCluster } from '../../src/sandbox/cluster/start.ts';
import { startGitServer } from '../../src/sandbox/git-server.ts';
import { BOT_USER, rights } from '../../src/sandbox/shop/accounts.ts';
import { clusterObjects } from '../../src/sandbox/shop/cluster-objects.ts';
import { configurationText } from '../../src/sandbox/shop/configuration.ts';
import { gitopsFiles } from '../../src/sandbox/shop/gitops-files.ts';
import { workspaceSeed } from '../../src/sandbox/shop/people.ts';
import { shopOf } from '../../src/sandbox/shop/shop.ts';
import { startWorkspace } from '../../src/sandbox/workspace/start.ts';
import type { Workspace } from '../../src/sandbox/workspace/workspace.ts';
import { startGivenRedis } from './redis.ts';

/** All that the program needs around it before anything is released: no traffic, no metrics, a Redis that is given. */
export interface Desk extends AsyncDisposable {
  workspace: Workspace;
  redisUrl: string;
  /** Starts the program as `node src/main.ts`, with `args` after its own. */
  start(args?: readonly string[]): Promise<BotProcess>;
}

/** Starts it. The Redis is a real one, with `appendfsync always`. */
export async function startDesk(): Promise<Desk> {
  await using open = new AsyncDisposableStack();
  const shop = shopOf();
  const directory = open.adopt(await mkdtemp(join(tmpdir(), 'signalbox-bench-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const redis = open.use(await startGivenRedis());
  const token = randomBytes(16).toString('hex');
  const git = open.use(
    await startGitServer({
      users: [
        { name: 'signalbox', token, may: 'write' },
        { name: 'argocd', token: 'argocd', may: 'read' },
      ],
      environment: { PATH: process.env['PATH'] ?? '' },
    }),
  );
  const digests = Object.fromEntries(
    shop.services.map(({ name }) => [name, `sha256:${randomBytes(32).toString('hex')}`]),
  );
  await git.createRepository('gitops', gitopsFiles(shop, { registry: 'registry.invalid', digests }));
  await git.createRepository('record', { 'README.md': '# The record of every release\n' });
  const cluster = open.use(
    await startCluster({
      users: [{ token, name: BOT_USER, groups: [] }],
      gitops: { addressOf: (url) => url.replace('://', '://argocd:argocd@') },
    }),
  );
  cluster.apply([
    ...rights(shop),
    ...clusterObjects(shop, { gitops: git.addressOf('gitops'), server: cluster.url }),
  ]);
  const workspace = open.use(
    await startWorkspace({
      seed: workspaceSeed(shop.environments.map(({ name }) => name)),
      manifest: parse(await readFile(new URL('../../manifests/slack-app.yaml', import.meta.url), 'utf8')),
    }),
  );
  const config = join(directory, 'signalbox.yaml');
  const addresses = {
    slackApi: workspace.apiUrl,
    gitops: git.addressOf('gitops'),
    ledger: git.addressOf('record'),
    cluster: cluster.url,
    prometheus: 'http://127.0.0.1:9',
    registry: { host: 'registry.invalid', url: 'http://127.0.0.1:9' },
    dataDir: join(directory, 'data'),
  };
  await writeFile(config, configurationText(shop, addresses));
  const secrets = {
    REDIS_URL: redis.url,
    SLACK_BOT_TOKEN: workspace.tokens.bot,
    SLACK_SIGNING_SECRET: workspace.signingSecret,
    SIGNALBOX_LEDGER_KEY: newSegmentKey(),
    GITOPS_TOKEN: token,
    GITOPS_USER: 'signalbox',
    CLUSTER_TOKEN: token,
    CI_SECRET: token,
  };
  const kept = open.move();
  return {
    workspace,
    redisUrl: redis.url,
    start: (args = []) =>
      startBot({
        config,
        // The level that it has by itself.
        secrets: { ...secrets, SIGNALBOX_LOG_LEVEL: 'info' },
        logFile: join(directory, 'signalbox.log'),
        environment: process.env,
        args,
      }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
