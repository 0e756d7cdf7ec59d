import { expect, it, onTestFinished } from 'vitest';
import { type ServerProbe, startServerProbe } from '../../../src/adapters/kubernetes/server-probe.ts';
import type { FaultRule } from '../../../src/sandbox/cluster/api/faults.ts';
import { type ApiBench, startApiBench } from './api-bench.ts';
import { until } from './until.ts';

const TIMING = { everyMs: 40, lostMs: 10, deadlineMs: 1_000 };

interface Probed extends ApiBench {
  probe: ServerProbe;
  /** How often the end of an outage was told. */
  found(): number;
  asked(): number;
  strike(fault: FaultRule['fault']): () => void;
}

async function probed({
  wanted = true,
  deadlineMs = TIMING.deadlineMs,
  everyMs = TIMING.everyMs,
} = {}): Promise<Probed> {
  const bench = await startApiBench();
  let found = 0;
  const probe = startServerProbe(bench.client, {
    timing: { ...TIMING, deadlineMs, everyMs },
    random: () => 0.5,
    wanted: () => wanted,
    found: () => {
      found += 1;
    },
  });
  onTestFinished(() => probe[Symbol.asyncDispose]());
  return {
    ...bench,
    probe,
    found: () => found,
    asked: () => bench.server.requests.length,
    strike: (fault) => bench.server.faults.add({ fault }),
  };
}

it('says nothing of a server that answers', async () => {
  const world = await probed();
  await until('it has asked', () => world.asked() > 3);
  expect(world.probe.trouble()).toBeUndefined();
  expect(world.found()).toBe(0);
});

it.each([
  ['never answers', { kind: 'blackHole' }, /no answer|aborted|timeout/i],
  ['breaks connections', { kind: 'reset' }, /readyz/],
  ['is not ready', { kind: 'answer', code: 503 }, /not ready: it answers 503/],
] as const)(
  'says what is wrong with a server that %s, and tells once that it is over',
  async (_, fault, says) => {
    const world = await probed({ deadlineMs: 100 });
    const callOff = world.strike(fault);
    await until('it says so', () => says.test(world.probe.trouble() ?? ''));
    expect(world.found()).toBe(0);
    callOff();
    await until('the end is told', () => world.found() === 1);
    expect(world.probe.trouble()).toBeUndefined();
    const before = world.asked();
    await until('it goes on asking', () => world.asked() > before + 3);
    expect(world.found()).toBe(1);
  },
);

it('asks at once when somebody doubts, and tells when the server is back', async () => {
  const world = await probed({ everyMs: 3_600_000 });
  const callOff = world.strike({ kind: 'reset' });
  world.probe.doubt();
  await until('it says so', () => world.probe.trouble() !== undefined);
  callOff();
  await until('the end is told', () => world.found() === 1);
  const before = world.asked();
  world.probe.doubt();
  world.probe.doubt();
  await until('it asks', () => world.asked() > before);
  expect(world.found()).toBe(1);
});

it('takes a refusal for an answer', async () => {
  const world = await probed();
  world.strike({ kind: 'forbid' });
  await until('it has asked', () => world.asked() > 3);
  expect(world.probe.trouble()).toBeUndefined();
});

it('asks nothing while nobody wants to know', async () => {
  const world = await probed({ wanted: false });
  const from = Date.now();
  await until('it would have asked', () => Date.now() - from > 10 * TIMING.everyMs);
  expect(world.asked()).toBe(0);
});
