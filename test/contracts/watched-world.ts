import { isDeepStrictEqual } from 'node:util';
import { pino } from 'pino';
import { z } from 'zod';
import { type Clusters, openClusters } from '../../src/adapters/kubernetes/open-clusters.ts';
import { REFLECTOR_TIMING, type ReflectorTiming } from '../../src/adapters/kubernetes/reflector-timing.ts';
import type { Placement } from '../../src/domain/catalog/placement.ts';
import { rbacObjects } from '../../src/domain/rbac/rbac-objects.ts';
import { AnalysisRunObject } from '../../src/domain/rollout/objects/analysis-run-object.ts';
import { PodObject } from '../../src/domain/rollout/objects/pod-object.ts';
import { ReplicaSetObject } from '../../src/domain/rollout/objects/replica-set-object.ts';
import { RolloutObject } from '../../src/domain/rollout/objects/rollout-object.ts';
import { rolloutView } from '../../src/domain/rollout/read-rollout.ts';
import type { RolloutObserved } from '../../src/domain/rollout/rollout-view.ts';
import { until } from '../adapters/kubernetes/until.ts';
import { type ProxyTls, startTroubleProxy, type TroubleProxy } from '../servers/trouble-proxy.ts';

/** Somebody's request to an API server, past everything that is in trouble. */
export interface Asked {
  body?: unknown;
  /** Absent: as the administrator. */
  as?: 'bot';
}

/** An API server to make trouble for, with the controllers of Rollouts and ReplicaSets at work. */
export interface TroubledServer extends AsyncDisposable {
  url: string;
  /** Absent: plain HTTP. */
  tls?: ProxyTls;
  bot: { name: string; token: string };
  /** A `PATCH` is a merge patch. */
  ask(method: string, path: string, asked?: Asked): Promise<{ code: number; body: unknown }>;
  apply(...objects: readonly object[]): Promise<void>;
  /** Ends its process, without a word or with all that it does before it ends, and starts it again. */
  restart(how: 'killed' | 'stopped'): Promise<void>;
  /** Whoever asks for changes since an older version is told 410 from now on. */
  forgetHistory(): Promise<void>;
  /** Watches of the namespace that the server itself counts, by kind. Absent: it counts none; the proxy does. */
  openWatches?(): Promise<Record<string, number>>;
  /** Absent: production's. */
  timing?: Partial<ReflectorTiming>;
  /** For how many seconds a watch must be asked for at least so that it brings a bookmark. */
  bookmarkedWatchSeconds: number;
}

export const NAMESPACE = 'watched';

/** Where the kinds that are watched are listed. */
export const PATHS = {
  rollouts: `/apis/argoproj.io/v1alpha1/namespaces/${NAMESPACE}/rollouts`,
  replicasets: `/apis/apps/v1/namespaces/${NAMESPACE}/replicasets`,
  pods: `/api/v1/namespaces/${NAMESPACE}/pods`,
  analysisruns: `/apis/argoproj.io/v1alpha1/namespaces/${NAMESPACE}/analysisruns`,
};
export const ONE_WATCH_EACH = Object.fromEntries(Object.keys(PATHS).map((kind) => [kind, 1]));

/** How long the product may take to know everything again, in milliseconds. */
export const RECOVERY_MS = 5_000;
/** How long nothing must change in the cluster before it is taken to be at rest, in milliseconds. */
const QUIET_MS = 400;

/** Longest wait for the cluster's own controllers, in milliseconds. */
const CONTROLLERS_MS = 60_000;

const List = z.object({ items: z.array(z.unknown()).nullish() });
const Named = z.object({ metadata: z.object({ name: z.string(), resourceVersion: z.string() }) });

/** The product's eyes on a cluster, through a proxy that spoils what passes. */
export interface WatchedWorld extends AsyncDisposable {
  server: TroubledServer;
  proxy: TroubleProxy;
  clusters: Clusters;
  /** How turns of watches ended, as the log has it. */
  ends: string[];
  /** What any of the watches complains of now. */
  troubles(): string[];
  observe(rollout: string): RolloutObserved;
  /** Changes one Rollout, deletes one and makes one, past the proxy, and waits until the cluster has come to rest. */
  stir(): Promise<void>;
  /** Waits until what the product sees equals what a fresh list says, and there is one watch of each kind and no other. */
  recover(): Promise<void>;
}

/** Rights as the product prints them for its installation. */
export function rightsFor(bot: string): object[] {
  return rbacObjects({
    cluster: 'east',
    bot: { kind: 'user', name: bot },
    people: [],
    environments: [{ name: 'prod', placements: [place('any')] }],
    scope: 'namespaces',
    deployments: false,
  });
}

export async function openWatchedWorld(
  server: TroubledServer,
  timing: Partial<ReflectorTiming> = {},
): Promise<WatchedWorld> {
  const proxy = await startTroubleProxy(server.url, server.tls);
  const ends: string[] = [];
  const { token } = server.bot;
  const trust = server.tls === undefined ? { insecure: true } : { ca: server.tls.ca };
  const clusters = openClusters({
    clusters: { east: { access: { kind: 'inline', server: proxy.url, token, ...trust } } },
    placements: [place('any')],
    clock: { now: () => Date.now() },
    random: Math.random,
    log: pino({ level: 'debug' }, { write: (line) => ends.push(line) }),
    timing: { ...REFLECTOR_TIMING, ...server.timing, ...timing },
  });
  let stirred = 0;
  const world: WatchedWorld = {
    ...{ server, proxy, clusters, ends },
    troubles: () => (clusters.health()['east'] ?? []).flatMap(({ trouble }) => trouble ?? []),
    observe: (rollout) => clusters.observe(place(rollout)),
    async stir() {
      stirred += 1;
      const made = `${Date.now()}-${stirred}`;
      await must(server.ask('POST', PATHS.rollouts, { body: rolloutNamed(`made-${made}`) }));
      const present = await namesOf(server, 'rollouts');
      const [changed = '', deleted = ''] = present.filter((name) => name !== `made-${made}`);
      const spec = { template: templateOf(changed, made) };
      await must(server.ask('PATCH', `${PATHS.rollouts}/${changed}`, { body: { spec } }));
      await must(server.ask('DELETE', `${PATHS.rollouts}/${deleted}`));
      await deployed(server, `made-${made}`);
      await quiet(server);
    },
    async recover() {
      let unlike: string[] = [];
      await until(
        () =>
          `the state equals a fresh list: ${unlike.slice(0, 3).join('; ')}; the log ends: ${ends.slice(-12).join('')}`,
        async () => {
          unlike = await unlikeFreshList(world);
          return unlike.length === 0;
        },
        RECOVERY_MS,
      );
      let counts: Record<string, number>[] = [];
      await until(
        () => `there is one watch of each kind: ${JSON.stringify(counts)}`,
        async () => {
          counts = [proxy.openWatches(), ...(server.openWatches ? [await server.openWatches()] : [])];
          return counts.every((each) => isDeepStrictEqual(each, ONE_WATCH_EACH));
        },
      );
    },
    [Symbol.asyncDispose]: async () => {
      await clusters[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
  return world;
}

/** Three Rollouts at rest in a namespace where the bot has its rights and no other. */
export async function furnish(server: TroubledServer): Promise<void> {
  await server.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  await server.apply(...rightsFor(server.bot.name));
  const names = ['first-a', 'first-b', 'first-c'];
  await server.apply(...names.map((name) => rolloutNamed(name)));
  for (const name of names) await deployed(server, name);
  await quiet(server);
}

/** Something of each kind that is watched, but where nobody watches. */
export async function stirElsewhere(server: TroubledServer): Promise<void> {
  const namespace = `elsewhere-${Date.now()}`;
  const metric = { name: 'any', provider: { prometheus: { address: 'http://127.0.0.1:1', query: '1' } } };
  await server.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await server.apply(rolloutNamed('other', { namespace }), {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisRun',
    metadata: { name: 'other', namespace },
    spec: { metrics: [metric] },
  });
}

export function rolloutNamed(name: string, { replicas = 1, namespace = NAMESPACE } = {}): object {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } },
      template: templateOf(name, '1'),
    },
  };
}

function templateOf(name: string, version: string): object {
  return {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'app', image: `registry.test/app:${version}` }] },
  };
}

function place(rollout: string): Placement {
  return { cluster: 'east', namespace: NAMESPACE, rollout };
}

/** What the API server holds of a kind. */
export async function listed(server: TroubledServer, kind: keyof typeof PATHS): Promise<unknown[]> {
  return List.parse(await must(server.ask('GET', PATHS[kind]))).items ?? [];
}

async function namesOf(server: TroubledServer, kind: keyof typeof PATHS): Promise<string[]> {
  return (await listed(server, kind)).map((item) => Named.parse(item).metadata.name).sort();
}

async function must(asked: Promise<{ code: number; body: unknown }>): Promise<unknown> {
  const { code, body } = await asked;
  if (code >= 300) throw new Error(`answered with ${code}: ${JSON.stringify(body)}`);
  return body;
}

const Phase = z.object({ status: z.object({ phase: z.string().nullish() }).nullish() });

/** Waits until a Rollout serves. Its controllers find back to an API server that was away in their own time. */
async function deployed(server: TroubledServer, name: string): Promise<void> {
  await until(
    `${name} serves`,
    async () => {
      const rollout = await must(server.ask('GET', `${PATHS.rollouts}/${name}`));
      return Phase.parse(rollout).status?.phase === 'Healthy';
    },
    CONTROLLERS_MS,
  );
}

/** Waits until nothing has changed for a while. */
export async function quiet(server: TroubledServer): Promise<void> {
  let before: string | undefined;
  let since = performance.now();
  await until(
    'the cluster is at rest',
    async () => {
      const now = JSON.stringify(await versions(server));
      if (now !== before) since = performance.now();
      before = now;
      return performance.now() - since > QUIET_MS;
    },
    30_000,
  );
}

async function versions(server: TroubledServer): Promise<string[]> {
  const kinds = Object.keys(PATHS) as (keyof typeof PATHS)[];
  const items = (await Promise.all(kinds.map((kind) => listed(server, kind)))).flat();
  return items.map((item) => {
    const { name, resourceVersion } = Named.parse(item).metadata;
    return `${name}@${resourceVersion}`;
  });
}

/** What the product does not see as a fresh list has it: every Rollout with all its parts at the very same versions, and no other one. */
async function unlikeFreshList({ server, clusters, observe }: WatchedWorld): Promise<string[]> {
  const rollouts = (await listed(server, 'rollouts')).map((each) => RolloutObject.parse(each));
  const [replicaSets, pods, analysisRuns] = await Promise.all([
    listed(server, 'replicasets'),
    listed(server, 'pods'),
    listed(server, 'analysisruns'),
  ]);
  const parts = {
    replicaSets: replicaSets.map((each) => ReplicaSetObject.parse(each)),
    pods: pods.map((each) => PodObject.parse(each)),
    analysisRuns: analysisRuns.map((each) => AnalysisRunObject.parse(each)),
  };
  const watch = clusters.health()['east']?.find(({ name }) => name.startsWith('rollouts'));
  const different = rollouts.flatMap((rollout) => {
    const [seen, is] = [observe(rollout.metadata.name), rolloutView({ rollout, ...parts })];
    if (seen.kind === 'seen' && isDeepStrictEqual(seen.rollout, is)) return [];
    return [`${rollout.metadata.name} is ${JSON.stringify(is)} and seen as ${JSON.stringify(seen)}`];
  });
  if (watch?.objects === rollouts.length) return different;
  return [`there are ${rollouts.length} Rollouts, and ${watch?.objects} are seen`, ...different];
}
