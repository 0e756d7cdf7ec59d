import { describe, expect, it } from 'vitest';
import { lead } from '../../../src/adapters/bullmq/lead.ts';
import { silent } from '../../servers/redis.ts';
import { waitUntil } from '../../servers/wait.ts';
import { createMemoryLeases, emptyMemoryLeases } from '../../simulation/ports/memory-lease.ts';

describe('recurring work', () => {
  const state = emptyMemoryLeases();
  const clock = { now: () => Date.now() };
  const options = (name: string, everyMs: number) => ({
    leases: createMemoryLeases({ state, clock }),
    name,
    everyMs,
    log: silent,
  });

  it('is done by one process at a time, again and again, also after it failed', async () => {
    let atOnce = 0;
    let most = 0;
    let turns = 0;
    const act = async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atOnce -= 1;
      turns += 1;
      throw new Error('failed');
    };
    const both = [lead(options('a', 1), act), lead(options('a', 1), act)];
    await waitUntil(() => turns >= 5);
    await Promise.all(both.map((each) => each.stop(1_000)));
    const after = turns;
    let later = 0;
    const next = lead(options('a', 1), async () => {
      later += 1;
    });
    await waitUntil(() => later >= 5);
    await next.stop(1_000);
    expect([most, turns]).toEqual([1, after]);
  });

  it('is done at once when it is asked for, and once more when that was while it was done', async () => {
    let turns = 0;
    const work = lead(options('b', 60_000), async () => {
      turns += 1;
      if (turns === 2) work.nudge();
    });
    await waitUntil(() => turns === 1);
    await waitUntil(() => {
      if (turns === 1) work.nudge();
      return turns === 3;
    });
    await work.stop(1_000);
  });

  it('that does not end does not keep a process from ending', async () => {
    let began = false;
    const work = lead(options('c', 1), () => {
      began = true;
      return new Promise(() => undefined);
    });
    await waitUntil(() => began);
    const stopping = performance.now();
    await work.stop(50);
    expect(performance.now() - stopping).toBeLessThan(1_000);
  });
});
