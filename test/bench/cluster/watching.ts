import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { BOT_USER } from '../../../src/sandbox/shop/accounts.ts';
import type { ControlPlane } from '../../cluster/control-plane.ts';
import type { RealWorld } from '../../cluster/story/real-world.ts';
import type { BenchOptions, Comparison } from '../bench.ts';
import { startChild } from '../measure/child.ts';
import { type Crowd, startCrowd } from './crowd.ts';
import { InformerMemory } from './informer-order.ts';
import type { RecoveryScene } from './recovery.ts';

const COUNTS = [2_000, 10_000] as const;
const ROUNDS = { quick: 1, full: 3 } as const;
const EVENTS_PER_ROUND = { quick: 5, full: 20 } as const;
const SETTLE_MS = { quick: 2_000, full: 10_000 } as const;
const MEGABYTE = 1_000_000;
const PATIENCE_MS = 60_000;

/** A namespace that the program watches and in which nothing moves. */
const CROWDED = 'shop-dev';
const ENVIRONMENT = 'staging';
const NAMESPACE = 'shop-staging';

/** Numbers of available pods that make the resting canary's share another one each time. */
const AVAILABLE = [2, 4] as const;

/** What one crowd costs. */
interface Cost {
  count: number;
  /** Megabytes over idle. */
  ours: number[][];
  stock: number[][];
  /** Milliseconds from the write of a status. */
  board: number[][];
  informer: number[][];
}

/**
 * Many Rollouts watched while nobody looks after them: what the program's process grows by, beside one with the stock informer; and how
 * long a change takes to the board of a release, beside how long it takes to an informer's callback.
 */
export async function watching(
  world: RealWorld,
  { scene, options }: { scene: Pick<RecoveryScene, 'pausedCanary'>; options: BenchOptions },
): Promise<Comparison[]> {
  const { plane } = world.cluster;
  await scene.pausedCanary();
  // Neither may act on the crowd, nor on what is written in the controller's place.
  for (const name of ['rollouts-controller', 'argocd-application-controller'] as const)
    await plane.process(name).stop();
  await using crowd = await startCrowd(plane, CROWDED);
  const settleMs = SETTLE_MS[options.quick ? 'quick' : 'full'];
  const idle = await botMegabytes(world, settleMs);
  const costs: Cost[] = [];
  for (const count of COUNTS) {
    options.progress(`making ${count} Rollouts`);
    await crowd.growTo(count);
    costs.push(await costOf(world, { count, crowd, idle, options }));
  }
  return costs.flatMap(comparisons);
}

async function costOf(
  world: RealWorld,
  { count, crowd, idle, options }: { count: number; crowd: Crowd; idle: number; options: BenchOptions },
): Promise<Cost> {
  const size = options.quick ? 'quick' : 'full';
  const settleMs = SETTLE_MS[size];
  const cost: Cost = { count, ours: [], stock: [], board: [], informer: [] };
  for (let round = 1; round <= ROUNDS[size]; round++) {
    options.progress(`${count} Rollouts, round ${round} of ${ROUNDS[size]}`);
    cost.stock.push([await stockMegabytes(world.cluster.plane, { count, settleMs })]);
    cost.ours.push([(await botMegabytes(world, settleMs)) - idle]);
    const board: number[] = [];
    const informer: number[] = [];
    for (let event = 0; event < EVENTS_PER_ROUND[size]; event++) {
      const lag = await lagOf(world, crowd, AVAILABLE[event % AVAILABLE.length] ?? 0);
      board.push(lag.boardMs);
      informer.push(lag.informerMs);
    }
    cost.board.push(board);
    cost.informer.push(informer);
  }
  return cost;
}

/** Resident memory of the program after a start, when it knows everything and rests. */
async function botMegabytes(world: RealWorld, settleMs: number): Promise<number> {
  const beganAt = Date.now();
  const bot = await world.restartBot();
  await world.cluster.waitFor(
    'the watch that follows a complete list of Rollouts',
    () =>
      world.cluster.requests.some(
        ({ at, verb, plural, namespace, user }) =>
          at >= beganAt &&
          verb === 'watch' &&
          plural === 'rollouts' &&
          namespace === CROWDED &&
          user === BOT_USER,
      ),
    PATIENCE_MS,
  );
  await setTimeout(settleMs);
  const metrics = await (await fetch(`${bot.pagesUrl}/metrics`)).text();
  return (
    z.coerce
      .number()
      .positive()
      .parse(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]) / MEGABYTE
  );
}

async function stockMegabytes(
  { admin }: ControlPlane,
  { count, settleMs }: { count: number; settleMs: number },
): Promise<number> {
  await using child = startChild(new URL('./stock-informer.ts', import.meta.url));
  const order = { kubeconfigFile: admin.kubeconfigFile, namespace: CROWDED, count, settleMs };
  const { idleBytes, watchingBytes } = await child.ask(order, InformerMemory);
  return (watchingBytes - idleBytes) / MEGABYTE;
}

/** One change of the resting canary's status, to its board and to the stock informer of this process. */
async function lagOf(
  { workspace, cluster, shop }: RealWorld,
  crowd: Crowd,
  availableReplicas: number,
): Promise<{ boardMs: number; informerMs: number }> {
  const name = shop.services[0]?.name ?? '';
  const board = () =>
    workspace
      .state()
      .messages(`releases-${ENVIRONMENT}`)
      .findLast(({ text }) => / at \d/.test(text))?.text;
  const before = board();
  const began = performance.now();
  const informer = cluster.waitFor(
    'the change at the informer',
    () => {
      const status = cluster.get('Rollout', NAMESPACE, name)?.['status'];
      return Status.parse(status).availableReplicas === availableReplicas && performance.now();
    },
    PATIENCE_MS,
  );
  await crowd.writeStatus(name, { namespace: NAMESPACE, status: { availableReplicas } });
  const seen = await workspace.waitFor(() => board() !== before && performance.now(), {
    deadlineMs: PATIENCE_MS,
    what: `the change on the board, which says ${before}`,
  });
  return { boardMs: seen - began, informerMs: (await informer) - began };
}

const Status = z.object({ availableReplicas: z.int().default(0) });

function comparisons({ count, ours, stock, board, informer }: Cost): Comparison[] {
  const crowd = `${count.toLocaleString('en')} Rollouts watched`;
  return [
    {
      figure: `memory over idle, ${crowd}`,
      unit: 'MB',
      by: 'p50',
      durability: 'resident, at rest after a start',
      ours: { name: 'the program, every role', rounds: ours },
      anchor: { name: 'the stock informer of the official client', rounds: stock },
    },
    {
      figure: `event to board, ${crowd}`,
      unit: 'ms',
      by: 'p50',
      durability: 'the status is written, the message edited',
      ours: { name: 'write to edited board', rounds: board },
      anchor: { name: 'write to the stock informer’s callback', rounds: informer },
    },
  ];
}
