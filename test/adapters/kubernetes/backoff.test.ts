import { describe, expect, it } from 'vitest';
import { createBackoff } from '../../../src/adapters/kubernetes/backoff.ts';

const timing = { baseMs: 100, maxMs: 1_000, healthyMs: 60_000 };

describe('backoff', () => {
  it('doubles up to its limit and is drawn from zero up', () => {
    const longest = createBackoff(timing, { now: () => 0, random: () => 1 });
    expect(Array.from({ length: 6 }, () => longest.failed())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(createBackoff(timing, { now: () => 0, random: () => 0 }).failed()).toBe(0);
  });

  it('starts anew only after a healthy while', () => {
    let now = 0;
    const backoff = createBackoff(timing, { now: () => now, random: () => 1 });
    backoff.failed();
    backoff.failed();
    backoff.healthy();
    now = 59_999;
    backoff.healthy();
    expect(backoff.failed()).toBe(400);
    backoff.healthy();
    now += 60_000;
    expect(backoff.failed()).toBe(100);
  });

  it('does not count the time it waited as healthy', () => {
    let now = 0;
    const backoff = createBackoff(timing, { now: () => now, random: () => 1 });
    backoff.failed();
    now = 120_000;
    expect(backoff.failed()).toBe(200);
  });
});
