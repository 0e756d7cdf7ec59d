import { describe, expect, it } from 'vitest';
import { budgetWindows, judgeBudget, type WindowRatio } from '../../../src/domain/gate/error-budget.ts';
import type { Objective } from '../../../src/domain/gate/objective.ts';
import { readObjective } from '../../../src/domain/gate/read-objective.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const objective: Objective = { ratio: 0.999, periodMs: 30 * DAY, errorQuery: 'e', totalQuery: 't' };

/** Burn rates by window, everything else burning `rest`; `undefined` is no data. */
function burning(burns: Readonly<Record<number, number | undefined>>, rest: number | null = 0.5) {
  const ratios = budgetWindows(objective).map((windowMs): [number, WindowRatio] => {
    const burn = windowMs in burns ? burns[windowMs] : (rest ?? undefined);
    return [
      windowMs,
      burn === undefined ? { kind: 'unknown', says: 'no data' } : { kind: 'ratio', ratio: burn * 0.001 },
    ];
  });
  return judgeBudget(objective, new Map(ratios));
}

describe('an error budget', () => {
  it('is asked for every window of the workbook and for the whole period', () => {
    expect(budgetWindows(objective).map((ms) => ms / MINUTE)).toEqual([
      5, 30, 60, 120, 360, 1440, 4320, 43_200,
    ]);
  });

  it('passes with what both windows burn and what is left', () => {
    expect(burning({})).toEqual({
      outcome: 'pass',
      says: 'burns 0.5× over 1h and 0.5× over 5m (limit 14.4×); burns 0.5× over 6h and 0.5× over 30m (limit 6×); 50 % of the budget of 30d at 99.9 % is left',
    });
  });

  it.each([
    ['both windows of an hour', { [HOUR]: 15, [5 * MINUTE]: 20 }, 'fail'],
    ['both windows of six hours', { [6 * HOUR]: 6.5, [30 * MINUTE]: 7 }, 'fail'],
    ['only the long one: it is over', { [HOUR]: 15, [5 * MINUTE]: 1 }, 'pass'],
    ['only the short one: a moment', { [HOUR]: 1, [5 * MINUTE]: 40 }, 'pass'],
    ['the very limit', { [HOUR]: 14.4, [5 * MINUTE]: 14.4 }, 'pass'],
    ['nothing left', { [30 * DAY]: 1 }, 'fail'],
    ['a long window without data', { [HOUR]: undefined, [5 * MINUTE]: 20 }, 'inconclusive'],
    ['a short window without traffic, the long one calm', { [5 * MINUTE]: undefined }, 'pass'],
    ['nobody knows what is left', { [30 * DAY]: undefined }, 'inconclusive'],
  ] as const)('%s', (_, burns, outcome) => {
    expect(burning(burns).outcome).toBe(outcome);
  });

  it('is not known without any data, which is no pass', () => {
    expect(burning({}, null)).toMatchObject({
      outcome: 'inconclusive',
      says: expect.stringContaining('no data'),
    });
  });

  it('advises of a slow burn and of little left', () => {
    expect(burning({ [DAY]: 4, [2 * HOUR]: 4 })).toMatchObject({
      outcome: 'pass',
      advice: 'burns 4× over 1d and 4× over 2h (limit 3×)',
    });
    expect(burning({ [30 * DAY]: 0.95 })).toMatchObject({
      outcome: 'pass',
      advice: '5 % of the budget of 30d at 99.9 % is left',
    });
  });
});

describe('an objective', () => {
  const written = { objective: 99.9, errorQuery: 'e[{{window}}]', totalQuery: 't[{{window}}]' };

  it('is a share over thirty days, or over what it says', () => {
    const read = readObjective({ ...written, window: '28d' });
    expect(read).toMatchObject({ kind: 'objective', objective: { ratio: 0.999, periodMs: 28 * DAY } });
    expect(readObjective(written)).toMatchObject({ objective: { periodMs: 30 * DAY } });
  });

  it('cannot be measured without both queries, their window, or in a day', () => {
    const read = readObjective({ objective: 99, totalQuery: 't[5m]', window: '1d' });
    expect(read.kind === 'faulty' && read.faults.map(({ key }) => key)).toEqual([
      'errorQuery',
      'totalQuery',
      'window',
    ]);
  });
});
