import { z } from 'zod';
import { type BareOrder, Load, type LoadOrder } from './ack/order.ts';
import type { Bench, BenchOptions, Comparison } from './bench.ts';
import { startDesk } from './desk.ts';
import { type Child, startChild } from './measure/child.ts';

const RATES_PER_SECOND = [200, 500] as const;
/** From the goal of the project: p99 in milliseconds at the highest rate. */
const GOAL_MS = 25;
/** All sides take turns, so that what else the machine does falls on each. */
const ROUNDS = 3;
const ROUND_SECONDS = { quick: 2, full: 10 } as const;
const WARM_UP = { perSecond: 200, seconds: 2 } as const;

const SIDES = ['bare', 'durable', 'ours'] as const;
type Side = (typeof SIDES)[number];

/** How soon a command is acknowledged that is written down before: the web role in a process of its own, loaded from another. */
export const ack: Bench = {
  name: 'ack',
  says: 'a signed slash command, written down and acknowledged',
  async run(options) {
    await using desk = await startDesk();
    await using open = new AsyncDisposableStack();
    const secret = desk.workspace.signingSecret;
    const ours = open.adopt(await desk.start(['--role', 'web']), (bot) => bot.stop());
    const bare = open.use(startChild(new URL('./ack/bare.ts', import.meta.url)));
    const durable = open.use(startChild(new URL('./ack/bare.ts', import.meta.url)));
    const loader = open.use(startChild(new URL('./ack/load.ts', import.meta.url)));
    const targets: Record<Side, string> = {
      bare: await addressOf(bare, { secret }),
      durable: await addressOf(durable, { secret, redisUrl: desk.redisUrl }),
      ours: ours.slackUrl,
    };
    const send = (side: Side, rate: Pick<LoadOrder, 'perSecond' | 'seconds'>) =>
      load(loader, { url: targets[side], secret, ...rate });
    for (const side of SIDES) await send(side, WARM_UP);
    const comparisons: Comparison[] = [];
    for (const perSecond of RATES_PER_SECOND) comparisons.push(...(await atRate(perSecond, send, options)));
    return comparisons;
  },
};

async function atRate(
  perSecond: number,
  send: (side: Side, rate: { perSecond: number; seconds: number }) => Promise<number[]>,
  { quick, progress }: BenchOptions,
): Promise<Comparison[]> {
  const rounds: Record<Side, number[][]> = { bare: [], durable: [], ours: [] };
  for (let round = 1; round <= ROUNDS; round++) {
    progress(`${perSecond}/s, round ${round} of ${ROUNDS}`);
    for (const side of SIDES) {
      rounds[side].push(await send(side, { perSecond, seconds: ROUND_SECONDS[quick ? 'quick' : 'full'] }));
    }
  }
  const common = {
    figure: `ack at ${perSecond} commands/s, open loop`,
    unit: 'ms' as const,
    durability: 'appendfsync always: ours is on disk before the ack',
    ours: { name: 'signalbox --role web', rounds: rounds.ours },
    by: 'p99' as const,
  };
  return [
    {
      ...common,
      anchor: { name: 'Bolt that acknowledges, nothing kept', rounds: rounds.bare },
      ...(perSecond === RATES_PER_SECOND.at(-1) && { goal: { kind: 'value', atMost: GOAL_MS } }),
    },
    { ...common, anchor: { name: 'Bolt with one write to Redis before', rounds: rounds.durable } },
  ];
}

async function addressOf(bare: Child, order: BareOrder): Promise<string> {
  const { port } = await bare.ask(order, z.object({ port: z.int() }));
  return `http://127.0.0.1:${port}/slack/events`;
}

async function load(loader: Child, order: LoadOrder): Promise<number[]> {
  const { latenciesMs, refused } = await loader.ask(order, Load);
  if (refused.length > 0) throw new Error(`Not every command was acknowledged: ${refused.join(' | ')}`);
  return latenciesMs;
}
