import { describe, expect, it } from 'vitest';
import { bellsContract } from '../../contracts/bells.ts';
import { createMemoryBells, type Scheduler } from './memory-bells.ts';
import { createMemoryLeases, emptyMemoryLeases } from './memory-lease.ts';

/** Virtual time: the next moment comes when everything that the last one set off has come to rest. */
function virtualTime(): Scheduler & { pass(ms: number): Promise<void>; step(): Promise<boolean> } {
  let now = Date.parse('2026-11-20T10:00:00Z');
  const queue: { at: number; act: () => void }[] = [];
  const rest = () => new Promise<void>((resolve) => setImmediate(resolve));
  const step = async () => {
    await rest();
    queue.sort((a, b) => a.at - b.at);
    const next = queue.shift();
    if (next === undefined) return false;
    now = Math.max(now, next.at);
    next.act();
    await rest();
    return true;
  };
  const at = (ms: number, act: () => void) => {
    queue.push({ at: ms, act });
  };
  return { now: () => now, at, step, pass: (ms) => new Promise((resolve) => at(now + ms, resolve)) };
}

bellsContract('in memory', async (handlers) => {
  const time = virtualTime();
  const { bells, addWorker } = createMemoryBells({ scheduler: time });
  const state = emptyMemoryLeases();
  for (let i = 0; i < 2; i++) addWorker({ handlers, leases: createMemoryLeases({ state, clock: time }) });
  /** Somebody has to let time go on while the case waits. */
  const during = async <T>(waiting: Promise<T>): Promise<T> => {
    let over = false;
    const done = waiting.finally(() => {
      over = true;
    });
    while (!over) await time.step();
    return done;
  };
  let outer = false;
  return {
    bells,
    now: time.now,
    // A look that lets time pass is waited for by a case that already drives it.
    pass: (ms) => (outer ? time.pass(ms) : during(time.pass(ms))),
    async until(condition) {
      outer = true;
      for (let steps = 0; !condition(); steps++) {
        if (steps > 1_000) throw new Error('a look did not come');
        await time.step();
      }
      outer = false;
    },
    close: async () => undefined,
  };
});

describe('bells in memory', () => {
  it('give the look of a crashed worker to another', async () => {
    const time = virtualTime();
    const memory = createMemoryBells({ scheduler: time });
    const state = emptyMemoryLeases();
    let alive = true;
    const looks: string[] = [];
    const leases = (renews: () => boolean) => createMemoryLeases({ state, clock: time, renews });
    memory.addWorker({
      isAlive: () => alive,
      leases: leases(() => alive),
      handlers: {
        incident: () => {
          looks.push('first');
          return new Promise(() => undefined);
        },
      },
    });
    await memory.bells.ring({ kind: 'incident', incident: 'INC-1' });
    while (looks.length === 0) await time.step();
    alive = false;
    memory.noticeCrashes();
    memory.addWorker({
      leases: leases(() => true),
      handlers: {
        incident: async () => {
          looks.push('second');
        },
      },
    });
    while (looks.length === 1) expect(await time.step()).toBe(true);
    expect(looks).toEqual(['first', 'second']);
  });
});
