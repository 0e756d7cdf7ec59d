import { homedir } from 'node:os';
import { join } from 'node:path';
import { ledgerKeys } from '../../src/adapters/redis/keys.ts';
import type { Store } from '../../src/adapters/redis/store.ts';
import type { ReleaseId } from '../../src/domain/ids.ts';
import type { SandboxAddresses } from '../../src/sandbox/shop/configuration.ts';
import type { Shop } from '../../src/sandbox/shop/shop.ts';
import { startWorld, type World } from '../../src/sandbox/world.ts';
import { startTestRedis, type TestRedis } from '../servers/redis.ts';
import { type Line, layLine } from './line.ts';
import { type DecidedPrometheus, startDecidedPrometheus } from './prometheus.ts';
import { SMALL_SHOP } from './shop.ts';

/** A small world with everything in a test's hands that the program relies on. */
export interface Journey extends AsyncDisposable {
  world: World;
  metrics: DecidedPrometheus;
  redis: TestRedis;
  /** Between the program and its Redis. */
  redisLine: Line;
  /** The test's own look into Redis, past the line. */
  store: Store;
}

/** Gates that look a second after a pause began: their answers are decided, so they need no more. */
export const PACE = { windowSeconds: 0.5, intervalSeconds: 0.3, count: 1, scrapeSeconds: 0.5 };

/** A program that is started again and again need not be compiled each time. */
export const COMPILED = { NODE_COMPILE_CACHE: join(homedir(), '.cache', 'signalbox', 'compiled') };

/** A canary of two pauses on a machine with other work. */
export const PATIENCE_MS = 25_000;

/** Several waits in a row; each of them tells what it waited for. */
export const TEST_MS = 90_000;

/** Name of the sandbox's installation, as its configuration says. */
export const INSTALLATION = 'sandbox';

/** Starts a world for a file of journeys, and waits until everything that runs is known. `more`: what else the program is told of. */
export async function startJourney(
  shop: Shop = SMALL_SHOP,
  more: Partial<SandboxAddresses> = {},
): Promise<Journey> {
  const open = new AsyncDisposableStack();
  try {
    const redis = open.adopt(await startTestRedis(), (started) => started.stop());
    const redisLine = open.use(await layLine(redis.url));
    const metrics = open.use(await startDecidedPrometheus());
    const world = open.use(
      await startWorld({
        shop,
        environment: process.env,
        pace: PACE,
        rewire: (at) => ({ ...at, prometheus: metrics.url, ...more }),
        secrets: { ...COMPILED, REDIS_URL: `redis://127.0.0.1:${redisLine.port}` },
      }),
    );
    const store = redis.connect();
    await everythingAdopted({ world, store });
    const kept = open.move();
    return {
      world,
      metrics,
      redis,
      redisLine,
      store,
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
}

/** Waits until the ledger knows what runs everywhere: before that, nothing can be rolled back. */
export async function everythingAdopted({ world, store }: Pick<Journey, 'world' | 'store'>): Promise<void> {
  const services = world.shop.services.map(({ name }) => name);
  for (const { name } of world.shop.environments) await adopted(store, name, services);
}

/** Waits until the ledger knows what these services run in an environment. */
export async function adopted(store: Store, environment: string, services: readonly string[]): Promise<void> {
  const stream = ledgerKeys(INSTALLATION).stream(`environment:${environment}`);
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const lines = await store.run('read an environment', (redis) => redis.lrange(stream, 0, -1));
    const missing = services.filter((service) => !lines.join('\n').includes(`"${service}"`));
    if (missing.length === 0) return;
    if (performance.now() > until) throw new Error(`in ${environment} not adopted: ${missing.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until the ledger knows that a release has posted something, so that nothing more is written by itself. `id`: `dev/shop-…`. */
export async function posted({ store }: Pick<Journey, 'store'>, id: ReleaseId, key: string): Promise<void> {
  const stream = ledgerKeys(INSTALLATION).stream(`release:${id}`);
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const lines = await store.run('read a release', (redis) => redis.lrange(stream, 0, -1));
    const isDone = lines.some((line) => line.includes('"effect.done"') && line.includes(`"say/${key}"`));
    if (isDone) return;
    if (performance.now() > until) throw new Error(`${id} has not posted ${key}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The number of facts in the ledger. */
export async function factCount({ store }: Pick<Journey, 'store'>): Promise<number> {
  const count = await store.run('count facts', (redis) => redis.get(ledgerKeys(INSTALLATION).sequence));
  return Number(count ?? 0);
}

/** Everything that only a decision may change: branches, writes to the cluster, facts. */
export async function standing({ world, store }: Pick<Journey, 'world' | 'store'>): Promise<unknown> {
  const branches = await world.gitops.branches();
  const heads = await Promise.all(branches.map(async (name) => [name, await world.gitops.head(name)]));
  const writes = world.cluster.requests.filter(
    ({ method, namespace }) => method === 'PATCH' && namespace?.startsWith('shop-'),
  ).length;
  return { heads, writes, facts: await factCount({ store }) };
}

/** Messages of the commits on the deployed branch that belong to a release, newest first. `id`: `dev/shop-…`. */
export async function commitsOf({ world }: Journey, id: string): Promise<string[]> {
  const log = await world.gitops.log('main');
  return log.map(({ message }) => message).filter((message) => message.includes(`Release-Id: ${id}`));
}
