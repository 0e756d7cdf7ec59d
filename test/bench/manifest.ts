import type { Bench, BenchOptions, Comparison } from './bench.ts';
import { Measured, type Order } from './manifest/order.ts';
import { startChild } from './measure/child.ts';

const SIZES = [10, 100, 1_000] as const;
const LARGEST = 1_000;
/** Stands for the document with a fault in nearly every value. */
const HOSTILE = 0;
const ROUNDS = { quick: 2, full: 5 } as const;
const REPEATS = { quick: 2, full: 5 } as const;

interface Sides {
  ours: Measured[];
  anchor: Measured[];
}

const NAMES = { ours: 'guarded, located, hashed, judged', anchor: 'yaml and zod alone, in this process' };

/** How long a release document takes from its text to every finding, and what else waits for it. */
export const manifest: Bench = {
  name: 'manifest',
  says: `read and judge a release document of up to ${LARGEST} services`,
  async run(options) {
    const found = new Map<number, Sides>();
    for (const services of [...SIZES, HOSTILE]) found.set(services, await roundsOf(services, options));
    const at = (services: number): Sides => found.get(services) ?? { ours: [], anchor: [] };
    return [
      ...SIZES.map((services) => again(services, at(services))),
      perService(at(LARGEST), at(100)),
      compared(at(LARGEST), {
        figure: `first of a new process, ${LARGEST} services`,
        durability: 'with the start of the reading process',
        pick: ({ firstMs }) => [firstMs],
      }),
      compared(at(LARGEST), {
        figure: `read and judge again, ${LARGEST} services`,
        durability: 'the same text, known by its digest',
        pick: ({ knownMs }) => knownMs,
        goal: { kind: 'value', atMost: 10 },
      }),
      compared(at(LARGEST), {
        figure: `the digest approvals bind to, ${LARGEST} services`,
        durability: 'nothing is written',
        pick: ({ digestMs }) => digestMs,
        names: { ours: 'canonical JSON and SHA-256', anchor: 'JSON.stringify' },
      }),
      compared(at(LARGEST), {
        figure: `event loop late by, p99, ${LARGEST} services`,
        durability: 'one value a round, of all times the loop came round',
        pick: ({ loopP99Ms }) => [loopP99Ms],
        goal: { kind: 'value', atMost: 20 },
      }),
      compared(at(LARGEST), {
        figure: `event loop late by, longest, ${LARGEST} services`,
        durability: 'one value a round, sampled each ms',
        pick: ({ loopMaxMs }) => [loopMaxMs],
      }),
      compared(at(HOSTILE), {
        figure: 'event loop late by, longest, a fault in each value',
        durability: 'the largest document that is not refused by its size',
        pick: ({ loopMaxMs }) => [loopMaxMs],
      }),
    ];
  },
};

async function roundsOf(services: number, { quick, progress }: BenchOptions): Promise<Sides> {
  const size = quick ? 'quick' : 'full';
  const sides: Sides = { ours: [], anchor: [] };
  for (let round = 1; round <= ROUNDS[size]; round += 1) {
    const what = services === HOSTILE ? 'faults' : `${services} services`;
    progress(`${what}, round ${round} of ${ROUNDS[size]}`);
    for (const side of ['anchor', 'ours'] as const) {
      sides[side].push(await measured({ side, services, repeats: REPEATS[size] }));
    }
  }
  return sides;
}

/** A process for each: the first reading of one that has read nothing is a figure of its own. */
async function measured(order: Order): Promise<Measured> {
  await using child = startChild(new URL('./manifest/order.ts', import.meta.url));
  return await child.ask(order, Measured);
}

function again(services: number, sides: Sides): Comparison {
  return compared(sides, {
    figure: `read and judge ${services} services`,
    durability: 'nothing is written',
    pick: ({ againMs }) => againMs,
    ...(services === LARGEST && { goal: { kind: 'ratio', atMost: 1.5 } }),
  });
}

/** What a hundred services cost among a thousand, beside a hundred alone: 1 is linear. */
function perService(thousand: Sides, hundred: Sides): Comparison {
  return {
    figure: 'linear: 100 services of 1,000, beside 100 alone',
    unit: 'ms',
    durability: '1 is linear',
    ours: {
      name: 'a tenth of 1,000',
      rounds: thousand.ours.map(({ againMs }) => againMs.map((ms) => ms / 10)),
    },
    anchor: { name: '100 alone', rounds: hundred.ours.map(({ againMs }) => againMs) },
    by: 'p50',
    goal: { kind: 'ratio', atMost: 1.2 },
  };
}

function compared(
  { ours, anchor }: Sides,
  of: Pick<Comparison, 'figure' | 'durability' | 'goal'> & {
    pick: (one: Measured) => number[];
    names?: typeof NAMES;
  },
): Comparison {
  const { figure, durability, pick, goal, names = NAMES } = of;
  return {
    figure,
    unit: 'ms',
    durability,
    ours: { name: names.ours, rounds: ours.map(pick) },
    anchor: { name: names.anchor, rounds: anchor.map(pick) },
    by: 'p50',
    ...(goal && { goal }),
  };
}
