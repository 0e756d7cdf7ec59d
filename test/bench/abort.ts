import { randomBytes } from 'node:crypto';
import { OPERATORS } from '../../src/domain/rbac/identities.ts';
import { BOT_USER } from '../../src/sandbox/shop/accounts.ts';
import { PEOPLE, TEAM } from '../../src/sandbox/shop/people.ts';
import { shopOf } from '../../src/sandbox/shop/shop.ts';
import { startWorld, type World } from '../../src/sandbox/world.ts';
import { Patched } from './abort/order.ts';
import { canaryScene } from './abort/scene.ts';
import type { Bench, Comparison } from './bench.ts';
import { type Child, startChild } from './measure/child.ts';
import { type GivenRedis, startGivenRedis } from './redis.ts';

/** From the goal of the project: the middle of all clicks against the middle of all direct patches. */
const GOAL_RATIO = 3;
const ROUNDS = { quick: 1, full: 5 } as const;
const CLICKS_PER_ROUND = { quick: 10, full: 6 } as const;
/** Direct patches before each click, so that both meet the same machine. */
const PATCHES_PER_CLICK = 5;
/** Durable writes between click and PATCH, one after another: the request, and the recovery with its first intents. */
const APPENDS = 2;
/** About as many bytes as each of them writes. */
const APPENDED = 'x'.repeat(2_000);
/** A gate that needs this long never decides on the canary in the meantime. */
const LONG_GATES = { windowSeconds: 3_600, intervalSeconds: 60, count: 10, scrapeSeconds: 5 } as const;
const PRESSED_BY = 'ana';

/**
 * From the click on "Abort and put back" to its PATCH at the API server, each time with a release of its own whose canary rests at
 * its first pause. The workspace, the API server and Git are in this process, the program in another.
 */
export const abort: Bench = {
  name: 'abort',
  says: 'from the confirming click to the abort at the API server',
  async run({ quick, progress }) {
    progress('starting the world');
    await using world = await startWorld({
      shop: shopOf(),
      environment: process.env,
      pace: LONG_GATES,
      // The level that it has by itself.
      secrets: { SIGNALBOX_LOG_LEVEL: 'info' },
    });
    const scene = canaryScene(world, PRESSED_BY);
    await scene.prepare();
    await using direct = startChild(new URL('./abort/direct-patch.ts', import.meta.url));
    await direct.ask(directOrder(world), Patched);
    await using redis = await startGivenRedis();
    const size = quick ? 'quick' : 'full';
    const rounds = { ours: [] as number[][], anchor: [] as number[][], floor: [] as number[][] };
    // The first click finds everything cold.
    await scene.pausedCanary();
    await scene.abort();
    for (let round = 1; round <= ROUNDS[size]; round++) {
      const ours: number[] = [];
      const anchor: number[] = [];
      const floor: number[] = [];
      for (let click = 1; click <= CLICKS_PER_ROUND[size]; click++) {
        progress(`round ${round} of ${ROUNDS[size]}, click ${click} of ${CLICKS_PER_ROUND[size]}`);
        await scene.pausedCanary();
        anchor.push(...(await patches(direct)));
        floor.push((await appends(redis)) + (await direct.ask({}, Patched)).tookMs);
        ours.push(await scene.abort());
      }
      rounds.ours.push(ours);
      rounds.anchor.push(anchor);
      rounds.floor.push(floor);
    }
    return comparisons(rounds);
  },
};

function comparisons(rounds: Record<'ours' | 'anchor' | 'floor', number[][]>): Comparison[] {
  const common = {
    figure: 'click to abort at the API server',
    unit: 'ms' as const,
    durability: 'appendfsync always: request, recovery and intent are on disk before the PATCH',
    ours: { name: 'click to PATCH, everything written down', rounds: rounds.ours },
    by: 'p50' as const,
  };
  const floor = { name: 'two durable writes and one PATCH, bare', rounds: rounds.floor };
  return [
    {
      ...common,
      anchor: { name: 'one PATCH, sent to answered', rounds: rounds.anchor },
      goal: { kind: 'ratio', atMost: GOAL_RATIO },
    },
    { ...common, anchor: floor },
  ];
}

/** Milliseconds for as many durable writes as lie between click and PATCH, on a Redis that does nothing else. */
async function appends({ store }: GivenRedis): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < APPENDS; i++) {
    await store.run('write', (redis) => redis.set(`append-${i}`, APPENDED), { withinMs: 5_000 });
  }
  return performance.now() - began;
}

async function patches(direct: Child): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < PATCHES_PER_CLICK; i++) took.push((await direct.ask({}, Patched)).tookMs);
  return took;
}

/** A token of its own for the program's account, and a Rollout that the release does not touch. */
function directOrder({ cluster, shop }: World) {
  const token = randomBytes(16).toString('hex');
  cluster.users.add(token, { name: BOT_USER, groups: [] });
  const person = PEOPLE.find(({ name }) => name === PRESSED_BY);
  const untouched = shop.services.at(-1)?.name ?? '';
  return {
    server: cluster.url,
    token,
    user: `slack:${TEAM}:${person?.id ?? ''}`,
    group: OPERATORS,
    path: `/apis/argoproj.io/v1alpha1/namespaces/shop-staging/rollouts/${untouched}`,
  };
}
