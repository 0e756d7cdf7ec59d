import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseThreshold } from '../../../src/domain/gate/threshold.ts';

describe('thresholds', () => {
  it.each([
    ['< 0.02', '<', 0.02],
    ['<2%', '<', 0.02],
    [' <= 300ms ', '<=', 0.3],
    ['> 1.5s', '>', 1.5],
    ['>= -1', '>=', -1],
    ['== 0', '==', 0],
    ['!= 1e-3', '!=', 0.001],
    ['< 29%', '<', 0.29],
  ])('%s', (text, operator, value) => {
    expect(parseThreshold(text)).toEqual({ operator, value, text: text.trim() });
  });

  it.each(['', '0.02', '< ', '< 2 %%', '=< 2', '< two', '< 1e999', '< .5', '< 2m'])('%s is none', (text) => {
    expect(parseThreshold(text)).toBeUndefined();
  });

  it('in percent is the number that dividing by a hundred gives', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        (percent) => parseThreshold(`< ${percent}%`)?.value === percent / 100,
      ),
    );
  });
});
