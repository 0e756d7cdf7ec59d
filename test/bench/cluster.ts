import { BOT_USER } from '../../src/sandbox/shop/accounts.ts';
import { type Shop, shopOf } from '../../src/sandbox/shop/shop.ts';
import { buildPrograms } from '../cluster/build.ts';
import { allModules } from '../cluster/programs.ts';
import { startRealWorld } from '../cluster/story/real-world.ts';
import type { Bench, BenchOptions, Comparison } from './bench.ts';
import { type ByHand, startByHand } from './cluster/by-hand.ts';
import { type RecoveryScene, type RecoveryTimes, recoveryScene } from './cluster/recovery.ts';
import { watching } from './cluster/watching.ts';

/** From the goal of the project, for the middle and for the slowest of the requests against the plugin's processes. */
const GOAL = { p50: 0.5, p99: 1 } as const;
const ROUNDS = { quick: 1, full: 5 } as const;
/** Ways back of each kind in a round. */
const RECOVERIES = { quick: 2, full: 6 } as const;
/** Runs of each command of the plugin before each way back, so that both meet the same machine. */
const COMMANDS_EACH = 2;
/** A gate that needs this long never decides on the canary in the meantime. */
const LONG_GATES = { windowSeconds: 3_600, intervalSeconds: 60, count: 10, scrapeSeconds: 5 } as const;
const PRESSED_BY = 'ana';

/** Recovery and watching on a real control plane, beside the plugin, a person with Git, and the official client. */
export const cluster: Bench = {
  name: 'cluster',
  says: 'recovery and watching on a real control plane with Argo CD',
  needs: 'Go, 12 minutes for the first build and half an hour for a full run',
  async run(options) {
    await buildPrograms({ modules: allModules, progress: options.progress });
    options.progress('starting the world');
    await using world = await startRealWorld({
      shop: smallShop(),
      environment: process.env,
      pace: LONG_GATES,
      // The level that it has by itself.
      secrets: { SIGNALBOX_LOG_LEVEL: 'info' },
    });
    const scene = recoveryScene(world, { person: PRESSED_BY, bot: BOT_USER });
    await scene.prepare();
    await using hand = await startByHand(world);
    const recovery = await measureRecovery({ scene, hand }, options);
    return [...recovery, ...(await watching(world, { scene, options }))];
  },
};

/** Three services that need nobody else: Argo CD's first sync is not what is measured. */
function smallShop(): Shop {
  const shop = shopOf();
  const names = new Set(['orders-api', 'inventory', 'search']);
  return { ...shop, services: shop.services.filter(({ name }) => names.has(name)) };
}

/** Milliseconds of one round. */
interface Round {
  clicks: RecoveryTimes[];
  rollbacks: RecoveryTimes[];
  aborts: number[];
  undos: number[];
  byHand: { stableMs: number; agreedMs: number }[];
}

async function measureRecovery(
  { scene, hand }: { scene: RecoveryScene; hand: ByHand },
  { quick, progress }: BenchOptions,
): Promise<Comparison[]> {
  const size = quick ? 'quick' : 'full';
  // The first of everything finds everything cold.
  await scene.pausedCanary();
  await scene.byClick();
  await hand.abort();
  await hand.undo();
  const rounds: Round[] = [];
  for (let number = 1; number <= ROUNDS[size]; number++) {
    progress(`round ${number} of ${ROUNDS[size]}, by hand`);
    const round: Round = { clicks: [], rollbacks: [], aborts: [], undos: [], byHand: [] };
    const recoveries = async () => {
      for (let turn = 1; turn <= RECOVERIES[size]; turn++) {
        progress(`round ${number} of ${ROUNDS[size]}, recovery ${turn} of ${RECOVERIES[size]}`);
        await recover(round, { scene, hand });
      }
      progress(`round ${number} of ${ROUNDS[size]}, waiting for Argo CD's look at Git`);
    };
    round.byHand.push(await hand.wayBack(recoveries));
    rounds.push(round);
  }
  return [...requestComparisons(rounds), ...wholeComparisons(rounds)];
}

/** Takes back one release by the button and one by the command, each after some runs of the plugin. */
async function recover(round: Round, { scene, hand }: { scene: RecoveryScene; hand: ByHand }): Promise<void> {
  const ways = [
    ['byClick', round.clicks],
    ['byCommand', round.rollbacks],
  ] as const;
  for (const [way, times] of ways) {
    await scene.pausedCanary();
    for (let i = 0; i < COMMANDS_EACH; i++) {
      round.aborts.push(await hand.abort());
      round.undos.push(await hand.undo());
    }
    times.push(await scene[way]());
  }
}

/** Until the API server has answered the PATCH, against whole processes: a person knows no sooner that a command has done it. */
function requestComparisons(rounds: readonly Round[]): Comparison[] {
  const pairs = [
    {
      figure: 'button to abort PATCH',
      ours: (round: Round) => round.clicks.map(({ patchMs }) => patchMs),
      anchor: (round: Round) => round.aborts,
      command: 'kubectl argo rollouts abort',
    },
    {
      figure: 'confirmed /rollback to first PATCH',
      ours: (round: Round) => round.rollbacks.map(({ patchMs }) => patchMs),
      anchor: (round: Round) => round.undos,
      command: 'kubectl argo rollouts undo',
    },
  ];
  return pairs.flatMap(({ figure, ours, anchor, command }) =>
    (['p50', 'p99'] as const).map((by) => ({
      figure,
      by,
      unit: 'ms' as const,
      durability: 'appendfsync always: request, recovery and intent are on disk before the PATCH',
      ours: { name: 'request to PATCH answered, everything written', rounds: rounds.map(ours) },
      anchor: { name: `${command}, the whole process`, rounds: rounds.map(anchor) },
      goal: { kind: 'ratio' as const, atMost: GOAL[by] },
    })),
  );
}

function wholeComparisons(rounds: readonly Round[]): Comparison[] {
  const common = { unit: 'ms', by: 'p50' } as const;
  const parts = [
    {
      figure: '/rollback typed to stable serves',
      pick: 'stableMs',
      hand: 'abort by the plugin, as a process',
    },
    {
      figure: '/rollback typed to Git and cluster agree',
      pick: 'agreedMs',
      hand: 'abort, git revert, push, Argo CD polls',
    },
  ] as const;
  return parts.map(({ figure, pick, hand }) => ({
    ...common,
    figure,
    durability:
      'the form is confirmed as soon as it shows its plan; a person’s reading is left out on both sides',
    ours: {
      name: '/rollback',
      rounds: rounds.map(({ rollbacks }) => rollbacks.map((times) => times[pick])),
    },
    anchor: { name: hand, rounds: rounds.map(({ byHand }) => byHand.map((times) => times[pick])) },
  }));
}
