import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Bench, BenchOptions, Comparison } from './bench.ts';
import { type Desk, startDesk } from './desk.ts';
import { vendorPackages } from './start/vendor-packages.ts';

/** From the goal of the project, for time and for memory. */
const GOAL_RATIO = 1.5;
const ROUNDS = { quick: 3, full: 10 } as const;
const IDLE_MS = { quick: 1_000, full: 5_000 } as const;
const MEGABYTE = 1_000_000;

interface Started {
  readyMs: number;
  idleMegabytes: number;
}

/** From the start of the process to `ready`, on a Redis that it has used before, and its memory when nothing happens. */
export const start: Bench = {
  name: 'start',
  says: 'from the start of the process to ready, and its idle memory',
  async run(options) {
    await using desk = await startDesk();
    const packages = vendorPackages(new URL('../../src/main.ts', import.meta.url));
    // The first start opens the ledger and clones the repositories.
    await ours(desk, 0);
    await anchor(packages, 0);
    const { started, imported } = await rounds(desk, packages, options);
    const common = { by: 'p50' as const, goal: { kind: 'ratio' as const, atMost: GOAL_RATIO } };
    const names = {
      ours: 'node src/main.ts, every role',
      anchor: `importing its ${packages.length} packages alone`,
    };
    const series = (pick: (one: Started) => number): Pick<Comparison, 'ours' | 'anchor'> => ({
      ours: { name: names.ours, rounds: started.map((one) => [pick(one)]) },
      anchor: { name: names.anchor, rounds: imported.map((one) => [pick(one)]) },
    });
    return [
      {
        figure: 'start to ready',
        unit: 'ms',
        durability: 'Redis given, ledger open',
        ...common,
        ...series(({ readyMs }) => readyMs),
      },
      {
        figure: 'idle memory (RSS)',
        unit: 'MB',
        durability: '18 Rollouts watched, nothing under way',
        ...common,
        ...series(({ idleMegabytes }) => idleMegabytes),
      },
    ];
  },
};

async function rounds(desk: Desk, packages: readonly string[], { quick, progress }: BenchOptions) {
  const size = quick ? 'quick' : 'full';
  const started: Started[] = [];
  const imported: Started[] = [];
  for (let round = 1; round <= ROUNDS[size]; round++) {
    progress(`round ${round} of ${ROUNDS[size]}`);
    imported.push(await anchor(packages, IDLE_MS[size]));
    started.push(await ours(desk, IDLE_MS[size]));
  }
  return { started, imported };
}

async function ours(desk: Desk, idleMs: number): Promise<Started> {
  const began = performance.now();
  const bot = await desk.start();
  const readyMs = performance.now() - began;
  try {
    await setTimeout(idleMs);
    const metrics = await (await fetch(`${bot.pagesUrl}/metrics`)).text();
    const bytes = Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
    return { readyMs, idleMegabytes: bytes / MEGABYTE };
  } finally {
    await bot.stop();
  }
}

async function anchor(packages: readonly string[], idleMs: number): Promise<Started> {
  const file = fileURLToPath(new URL('./start/import-only.ts', import.meta.url));
  const began = performance.now();
  const child = spawn(process.execPath, [file, JSON.stringify({ packages, idleMs })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await said.next();
  const readyMs = performance.now() - began;
  const second = await said.next();
  if (first.value !== 'ready' || second.done) throw new Error('The packages could not be imported.');
  if (child.exitCode === null) await once(child, 'exit');
  return { readyMs, idleMegabytes: Number(second.value) / MEGABYTE };
}
