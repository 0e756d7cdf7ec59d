import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DurationMs, durationInWords, parseDuration } from '../../../src/domain/gate/duration.ts';

describe('durations', () => {
  it.each([
    [300, 300_000],
    ['300', 300_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['10s', 10_000],
    ['250ms', 250],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['1w', 604_800_000],
    [0, 0],
  ])('%s is %s ms', (written, ms) => {
    expect(parseDuration(written)).toBe(ms);
  });

  it.each(['', '5', 'm', '5 m', '-5m', '5min', '1h 30m', '1e3s', '999999w', 'Infinity', 1.5, -1])(
    '%s is none, unless it is whole seconds',
    (written) => {
      expect(parseDuration(written)).toBe(written === '5' ? 5_000 : undefined);
    },
  );

  it('are said in the shortest way, and read back as the same', () => {
    expect(durationInWords(5_400_000)).toBe('1h30m');
    expect(durationInWords(0)).toBe('0s');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 10 }), (ms) => parseDuration(durationInWords(ms)) === ms),
    );
  });

  it('of a document tell what would be right', () => {
    for (const wrong of ['soon', true, null, [5], 1.5]) {
      expect(DurationMs.safeParse(wrong).error?.issues[0]?.message).toMatch(/such as 30s|form|Invalid/);
    }
    expect(DurationMs.parse('8h')).toBe(28_800_000);
  });
});
