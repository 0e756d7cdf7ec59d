import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeGate, nextMeasurementAt } from '../../../src/domain/gate/judge-gate.ts';
import type { PlannedGate, Verdict } from '../../../src/domain/gate/planned-gate.ts';
import { measured, plannedGate } from './planned.ts';

describe('a verdict', () => {
  it.each<[string, Partial<PlannedGate>, Verdict | undefined]>([
    // Too early to tell.
    ['', {}, undefined],
    ['pp', { count: 3 }, undefined],
    ['ppe', { count: 3 }, undefined],
    ['e', {}, undefined],
    ['eeee', {}, undefined],
    // The count is of measurements that came about.
    ['p', {}, 'pass'],
    ['eeeep', {}, 'pass'],
    ['pepep', { count: 3 }, 'pass'],
    // Limits are what is still tolerated.
    ['f', {}, 'fail'],
    ['ppf', { count: 5 }, 'fail'],
    ['pfp', { count: 3, failureLimit: 1 }, 'pass'],
    ['pff', { count: 5, failureLimit: 1 }, 'fail'],
    ['i', {}, 'inconclusive'],
    ['pip', { count: 3, inconclusiveLimit: 1 }, 'pass'],
    ['ii', { count: 5, inconclusiveLimit: 1 }, 'inconclusive'],
    ['eeeee', {}, 'error'],
    ['e', { consecutiveErrorLimit: 0 }, 'error'],
    ['eeeefeeee', { count: 5, failureLimit: 1 }, undefined],
    ['eeeepeeeee', { count: 5 }, 'error'],
    // Disabled: nothing fails it.
    ['fffp', { count: 4, failureLimit: -1 }, 'pass'],
    // What never passed is no pass, whatever is tolerated.
    ['i', { inconclusiveLimit: 5 }, 'inconclusive'],
    ['iii', { count: 3, inconclusiveLimit: 5 }, 'inconclusive'],
    ['fff', { count: 3, failureLimit: 5 }, 'inconclusive'],
    ['fff', { count: 3, failureLimit: -1 }, 'inconclusive'],
  ])('of %j with %j is %s', (letters, more, verdict) => {
    expect(judgeGate(plannedGate(more), measured(letters))).toBe(verdict);
  });

  const letters = fc.array(fc.constantFrom('p', 'f', 'i', 'e'), { maxLength: 12 });
  const counters = fc.record({
    count: fc.integer({ min: 1, max: 5 }),
    failureLimit: fc.integer({ min: -1, max: 3 }),
    inconclusiveLimit: fc.integer({ min: 0, max: 3 }),
    consecutiveErrorLimit: fc.integer({ min: 0, max: 5 }),
  });

  it('is never a pass without a measurement that passed', () => {
    fc.assert(
      fc.property(letters, counters, (drawn, more) => {
        const soFar = measured(drawn.filter((letter) => letter !== 'p').join(''));
        return judgeGate(plannedGate(more), soFar) !== 'pass';
      }),
    );
  });

  it('comes after a bounded number of measurements, as long as some come about', () => {
    fc.assert(
      fc.property(letters, counters, (drawn, more) => {
        const soFar = measured(drawn.join(''));
        const cameAbout = soFar.filter(({ outcome }) => outcome !== 'error').length;
        return cameAbout < more.count || judgeGate(plannedGate(more), soFar) !== undefined;
      }),
    );
  });
});

describe('the next measurement', () => {
  const since = 1_700_000_000_000;
  const gate = plannedGate({ windowMs: 300_000, scrapeIntervalMs: 15_000, intervalMs: 60_000 });

  it('is first when the whole window and one scrape lie after the start of the pause', () => {
    expect(nextMeasurementAt(gate, since, [])).toBe(since + 315_000);
  });

  it('follows the one before after the interval', () => {
    expect(nextMeasurementAt(gate, since, measured('pp'))).toBe(since + 1000 + 60_000);
  });

  it.each([1_000, 60_000])('follows an error after ten seconds, with an interval of %i ms', (intervalMs) => {
    expect(nextMeasurementAt({ ...gate, intervalMs }, since, measured('pe'))).toBe(since + 1000 + 10_000);
  });
});
