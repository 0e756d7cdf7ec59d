import type { Store } from '../../src/adapters/redis/store.ts';
import type { EffectKind } from '../../src/domain/effect.ts';
import { startWorld, type World } from '../../src/sandbox/world.ts';
import { type DecidedPrometheus, startDecidedPrometheus } from '../journeys/prometheus.ts';
import { SMALL_SHOP } from '../journeys/shop.ts';
import { COMPILED, everythingAdopted, PACE } from '../journeys/world.ts';
import { startTestRedis } from '../servers/redis.ts';
import { judge } from './judge.ts';
import { type Point, pointsIn, pointsOf } from './points.ts';
import { layWatchedLine } from './watched-line.ts';

/** A world whose program dies at points, and is started again each time. */
export interface KillWorld extends AsyncDisposable {
  world: World;
  metrics: DecidedPrometheus;
  /** The test's own look into Redis, past the line. */
  store: Store;
  /** From now on the program dies once at each moment of effects of these kinds. */
  arm(...kinds: readonly EffectKind[]): void;
  /** Does what a person does, again and again until the program lives long enough to hear it. */
  persist(act: () => Promise<unknown>): Promise<void>;
  /** Resolves when the program has died at every point that was armed. Throws with those it never reached. */
  reached(): Promise<void>;
  /** Waits for the same, and until the program lives; then throws unless each effect was done exactly once. */
  judge(): Promise<void>;
  /** Points of a file's kinds at which the program has not died. */
  missed(file: 'dev' | 'production'): Point[];
}

/** For a scene and what must be there before it. */
export const LIFE_MS = 120_000;

/** Three deaths, two seconds each on a quiet machine, come before some of what is waited for. */
export const PATIENCE_MS = 60_000;

export async function startKillWorld(): Promise<KillWorld> {
  const open = new AsyncDisposableStack();
  try {
    const redis = open.adopt(await startTestRedis(), (started) => started.stop());
    const armed = new Set<Point>();
    const died = new Set<Point>();
    let restarting: Promise<unknown> = Promise.resolve();
    let started: World | undefined;
    const line = open.use(
      await layWatchedLine({
        target: redis.url,
        wanted: (point) => armed.has(point),
        stopped(point) {
          armed.delete(point);
          restarting = restarting.then(async () => {
            await started?.bot().kill();
            died.add(point);
            line.release();
            await started?.restartBot();
          });
        },
      }),
    );
    const metrics = open.use(await startDecidedPrometheus());
    const world = open.use(
      await startWorld({
        shop: SMALL_SHOP,
        environment: process.env,
        pace: PACE,
        rewire: (at) => ({ ...at, prometheus: metrics.url }),
        secrets: { ...COMPILED, REDIS_URL: `redis://127.0.0.1:${line.port}` },
      }),
    );
    started = world;
    const store = redis.connect();
    await everythingAdopted({ world, store });
    const reached = async () => {
      let left = armed.size;
      let until = performance.now() + PATIENCE_MS;
      while (armed.size > 0) {
        // A death is progress: what is waited for is the next one.
        if (armed.size < left) until = performance.now() + PATIENCE_MS;
        left = armed.size;
        if (performance.now() > until) throw new Error(`never reached: ${[...armed].join(', ')}`);
        await new Promise((look) => setTimeout(look, 50));
      }
    };
    const kept = open.move();
    return {
      world,
      metrics,
      store,
      arm(...kinds) {
        for (const point of kinds.flatMap(pointsOf)) armed.add(point);
      },
      async persist(act) {
        for (let tries = 1; ; tries++) {
          await restarting;
          const lived = restarting;
          try {
            await act();
            return;
          } catch (error) {
            // Without a death there is nothing to try again for.
            if (lived === restarting || tries === 10) throw error;
          }
        }
      },
      reached,
      async judge() {
        await reached();
        await restarting;
        await judge(world);
      },
      missed: (file) => pointsIn(file).filter((point) => !died.has(point)),
      async [Symbol.asyncDispose]() {
        await restarting;
        await kept.disposeAsync();
      },
    };
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
}
