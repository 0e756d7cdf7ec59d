import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../adapters/kubernetes/until.ts';
import { Client, MERGE } from '../../conformance/cluster/client.ts';
import { ONE_WATCH_EACH, PATHS, type TroubledServer } from '../../contracts/watched-world.ts';
import { type ControlPlane, startControlPlane } from '../control-plane.ts';

/** How long an API server may take from being ready to serving, in milliseconds. */
const SERVES_MS = 30_000;

/** A real control plane, to make trouble for its API server. */
export interface TroubledPlane extends TroubledServer {
  plane: ControlPlane;
}

export async function startTroubledPlane(): Promise<TroubledPlane> {
  const plane = await startControlPlane({ podReadyMs: 50 });
  const { url, admin, bot } = plane;
  // The certificate that it made for itself, with its key.
  const key = join(plane.directory, 'certificates', 'apiserver.key');
  const [ca, keyText] = await Promise.all([readFile(plane.caFile, 'utf8'), readFile(key, 'utf8')]);
  const client = new Client({
    ...{ url, ca, adminToken: admin.token, botToken: bot.token, botName: bot.user },
    ...{ prometheusUrl: '', deadlineMs: 90_000, settleMs: 0 },
  });
  const restart = async (how: 'killed' | 'stopped'): Promise<void> => {
    const apiServer = plane.process('kube-apiserver');
    await (how === 'killed' ? apiServer.kill() : apiServer.stop());
    await apiServer.start();
    // Ready is not all: it opens the store of each definition when somebody first asks for it, and puts them off meanwhile.
    const serves = async (path: string): Promise<boolean> => (await client.ask('GET', path)).code === 200;
    const servesAll = async (): Promise<boolean> =>
      (await Promise.all(Object.values(PATHS).map(serves))).every(Boolean);
    // What fails are connections of our own that it broke.
    await until('it serves every kind', () => servesAll().catch(() => false), SERVES_MS);
  };
  return {
    plane,
    url,
    tls: { ca, cert: ca, key: keyText },
    bot: { name: bot.user, token: bot.token },
    // It sends one shortly before the time is over that a watch was asked for.
    bookmarkedWatchSeconds: 6,
    ask: (method, path, { body, as } = {}) =>
      client.ask(method, path, body, {
        ...(as === 'bot' && { token: 'bot' }),
        ...(method === 'PATCH' && { type: MERGE }),
      }),
    apply: plane.apply,
    restart,
    // Its watches are served from its own memory, which reaches back only to its start.
    forgetHistory: async () => {
      await plane.compactHistory();
      await restart('killed');
    },
    openWatches: async () => countWatches((await client.ask('GET', '/metrics')).body['text']),
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await plane.stop();
    },
  };
}

const WATCHES = /^apiserver_longrunning_requests\{(?<labels>[^}]*verb="WATCH"[^}]*)\} (?<count>\d+)$/gm;

/** Watches within a namespace, of the kinds that we watch: the control plane's own programs watch other ones, or all namespaces. */
function countWatches(metrics: unknown): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { groups } of String(metrics).matchAll(WATCHES)) {
    const label = (name: string): string =>
      new RegExp(`${name}="([^"]*)"`).exec(groups?.['labels'] ?? '')?.[1] ?? '';
    if (label('scope') !== 'namespace' || !(label('resource') in ONE_WATCH_EACH)) continue;
    if (groups?.['count'] === '0') continue;
    counts[label('resource')] = (counts[label('resource')] ?? 0) + Number(groups?.['count']);
  }
  return counts;
}
