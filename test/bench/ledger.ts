import { randomUUID } from 'node:crypto';
import { ledgerKeys } from '../../src/adapters/redis/keys.ts';
import { createLeases } from '../../src/adapters/redis/leases.ts';
import { openLedger } from '../../src/adapters/redis/open-ledger.ts';
import type { Store } from '../../src/adapters/redis/store.ts';
import { type ReleaseId, releaseStream } from '../../src/domain/ids.ts';
import { readRelease } from '../../src/jobs/read-state.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { Bench, BenchOptions, Comparison } from './bench.ts';
import { factsOf, releaseOf } from './ledger/facts.ts';
import { startGivenRedis } from './redis.ts';

const INSTALLATION = 'bench';
const FACTS = 10_000;
/** From the goal of the project: reading against parsing alone. */
const GOAL_RATIO = 2;
/** Facts appended at once while the store is filled. */
const BATCH = 100;
const ROUNDS = { quick: 3, full: 10 } as const;
const APPENDS_PER_ROUND = { quick: 50, full: 300 } as const;

/** How long an append takes, and how long a program that knows nothing takes to know everything. */
export const ledger: Bench = {
  name: 'ledger',
  says: `an append; load, check and fold ${FACTS} facts`,
  async run(options) {
    await using redis = await startGivenRedis();
    const { store } = redis;
    return [
      await appending(store, options),
      await reading(store, { ...options, releases: 100, firstRelease: 1_001 }),
      await reading(store, { ...options, releases: 1, firstRelease: 2_001 }),
    ];
  },
};

/** A program's own ledger, which has read nothing yet. */
function open(store: Store): Promise<Ledger> {
  const chance = { id: () => randomUUID() };
  return openLedger({
    store,
    installation: INSTALLATION,
    clock: { now: () => Date.now() },
    chance,
    leases: createLeases({ store, installation: INSTALLATION, chance }),
    onLost: () => undefined,
    restore: async () => undefined,
  });
}

/** Receipts of one release, one after the other, against a bare push of the same line. */
async function appending(store: Store, { quick, progress }: BenchOptions): Promise<Comparison> {
  const size = quick ? 'quick' : 'full';
  const program = await open(store);
  const rounds = { ours: [] as number[][], anchor: [] as number[][] };
  for (let round = 1; round <= ROUNDS[size]; round++) {
    progress(`append, round ${round} of ${ROUNDS[size]}`);
    const id = releaseOf(round);
    const facts = factsOf(round, APPENDS_PER_ROUND[size]);
    const ours: number[] = [];
    for (const fact of facts) {
      const began = performance.now();
      await append(program, id, [fact]);
      ours.push(performance.now() - began);
    }
    const anchor: number[] = [];
    for (const line of await linesOf(store, [id])) {
      const began = performance.now();
      await store.run('push a line', (redis) => redis.rpush('bench:lines', line));
      anchor.push(performance.now() - began);
    }
    rounds.ours.push(ours);
    rounds.anchor.push(anchor);
  }
  return {
    figure: 'append one fact',
    unit: 'ms',
    durability: 'appendfsync always on both sides',
    ours: { name: 'checked, sealed, fenced, in one script', rounds: rounds.ours },
    anchor: { name: 'RPUSH of the same line', rounds: rounds.anchor },
    by: 'p50',
  };
}

async function reading(
  store: Store,
  { quick, progress, releases, firstRelease }: BenchOptions & { releases: number; firstRelease: number },
): Promise<Comparison> {
  const total = ROUNDS[quick ? 'quick' : 'full'];
  const ids = Array.from({ length: releases }, (_, i) => releaseOf(firstRelease + i));
  progress(`writing ${FACTS} facts in ${releases} streams`);
  await fill(await open(store), { ids, firstRelease });
  const rounds = { ours: [] as number[][], anchor: [] as number[][] };
  for (let round = 0; round <= total; round++) {
    const lines = await linesOf(store, ids);
    const program = await open(store);
    const anchor = await timed(async () => lines.map((line) => JSON.parse(line)));
    const ours = await timed(() => Promise.all(ids.map((id) => readRelease(program, id))));
    const facts = ours.result.reduce((sum, read) => sum + (read?.at.facts.length ?? 0), 0);
    if (facts !== anchor.result.length)
      throw new Error(`${facts} of ${anchor.result.length} facts were read`);
    // The first round warms up both.
    if (round === 0) continue;
    rounds.anchor.push([anchor.ms]);
    rounds.ours.push([ours.ms]);
  }
  return {
    figure: `load, check and fold ${FACTS} facts of ${releases} release${releases === 1 ? '' : 's'}`,
    unit: 'ms',
    durability: 'nothing is written',
    ours: { name: 'from Redis to state, chain checked', rounds: rounds.ours },
    anchor: { name: 'JSON.parse of the same lines, kept', rounds: rounds.anchor },
    by: 'p50',
    goal: { kind: 'ratio', atMost: GOAL_RATIO },
  };
}

async function fill(
  program: Ledger,
  { ids, firstRelease }: { ids: readonly ReleaseId[]; firstRelease: number },
): Promise<void> {
  for (const [i, id] of ids.entries()) {
    const facts = factsOf(firstRelease + i, FACTS / ids.length);
    for (let from = 0; from < facts.length; from += BATCH) {
      await append(program, id, facts.slice(from, from + BATCH));
    }
  }
}

async function append(program: Ledger, id: ReleaseId, facts: ReturnType<typeof factsOf>): Promise<void> {
  const appended = await program.append({
    writes: [{ stream: releaseStream(id), facts, correlation: id }],
    fences: {},
    raises: {},
  });
  if (appended.kind !== 'appended') throw new Error(`Nothing was appended to ${id}: ${appended.kind}`);
}

async function linesOf(store: Store, ids: readonly ReleaseId[]): Promise<string[]> {
  const keys = ledgerKeys(INSTALLATION);
  const lists = await Promise.all(
    ids.map((id) => store.run('read lines', (redis) => redis.lrange(keys.stream(releaseStream(id)), 0, -1))),
  );
  return lists.flat();
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const began = performance.now();
  const result = await work();
  return { result, ms: performance.now() - began };
}
