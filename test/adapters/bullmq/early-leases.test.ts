import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEarlyLeases } from '../../../src/adapters/bullmq/early-leases.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { Leases, Taken } from '../../../src/ports/lease.ts';
import { createMemoryLeases, emptyMemoryLeases } from '../../simulation/ports/memory-lease.ts';

const NAME = 'look:release:prod/shop-2026-11-20.1';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Leases of two processes on one store, and how often each asked for one. */
function world() {
  const state = emptyMemoryLeases();
  const clock = { now: () => Date.now() };
  const counted = () => {
    const leases = createMemoryLeases({ state, clock });
    const process = { asked: 0, take: leases.take };
    const counting: Leases = {
      take: (name, options) => {
        process.asked += 1;
        return process.take(name, options);
      },
    };
    return Object.assign(process, { early: createEarlyLeases(counting) });
  };
  return { mine: counted(), other: counted() };
}

function held(taken: Taken) {
  if (taken.kind !== 'mine') throw new Error('somebody else has it');
  return taken.held;
}

describe('a lease that is expected to be needed', () => {
  it('is taken once, and others wait from then on', async () => {
    const { mine, other } = world();
    mine.early.expect(NAME);
    mine.early.expect(NAME);
    expect((await other.early.take(NAME)).kind).toBe('taken');
    const taken = held(await mine.early.take(NAME));
    expect(mine.asked).toBe(1);
    await taken.release();
    expect((await other.early.take(NAME)).kind).toBe('mine');
  });

  it('is given back when nobody rings, and taken anew when somebody does later', async () => {
    const { mine, other } = world();
    mine.early.expect(NAME);
    await vi.advanceTimersByTimeAsync(600);
    const theirs = held(await other.early.take(NAME));
    expect((await mine.early.take(NAME)).kind).toBe('taken');
    await theirs.release();
    expect((await mine.early.take(NAME)).kind).toBe('mine');
  });

  it('is asked for again when somebody had it, and has not any more', async () => {
    const { mine, other } = world();
    const theirs = held(await other.early.take(NAME));
    mine.early.expect(NAME);
    await theirs.release();
    expect((await mine.early.take(NAME)).kind).toBe('mine');
  });

  it('that could not be taken early fails only whoever needs it', async () => {
    const { mine } = world();
    mine.take = () => Promise.reject(new UnavailableError('away'));
    mine.early.expect(NAME);
    await vi.advanceTimersByTimeAsync(600);
    mine.early.expect(NAME);
    await expect(mine.early.take(NAME)).rejects.toThrow('away');
  });
});
