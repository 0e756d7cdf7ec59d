import { describe, expect, it } from 'vitest';
import { type FlagProvider, placeFlag } from '../../../src/domain/flag/flag-book.ts';
import { isReached, settingWords, wantedOf } from '../../../src/domain/flag/flag-setting.ts';
import { nextStep } from '../../../src/domain/flag/next-step.ts';

const OFF = { on: false, share: 0, value: false, audience: [] };
const at = (share: number) => ({ on: true, share, audience: [] });

describe('the next step of a flag', () => {
  const steps = [1, 10, 50, 100];
  it.each([
    ['up to the first', OFF, undefined, { kind: 'step', share: 1, isUp: true }],
    ['up to the next', at(10), undefined, { kind: 'step', share: 50, isUp: true }],
    ['up to the next, by name', at(10), 50, { kind: 'step', share: 50, isUp: true }],
    ['up from between two', at(30), undefined, { kind: 'step', share: 50, isUp: true }],
    ['down, anywhere', at(50), 5, { kind: 'step', share: 5, isUp: false }],
    ['off', at(50), 0, { kind: 'step', share: 0, isUp: false }],
    ['to where it is', at(50), 50, { kind: 'step', share: 50, isUp: false }],
  ])('goes %s', (_, setting, asked, expected) => {
    expect(nextStep(setting, { asked, steps })).toEqual(expected);
  });

  it.each([
    ['skips none', OFF, 10, steps, 'The next step is 1 %.'],
    ['ends', at(100), undefined, steps, 'Name a percentage'],
    ['is not known without a plan', OFF, undefined, [], 'Name a percentage'],
  ])('%s', (_, setting, asked, planned, remedy) => {
    const step = nextStep(setting, { asked, steps: planned });
    expect(step.kind === 'refused' && step.remedy).toContain(remedy);
  });

  it('is any percentage without a plan', () => {
    expect(nextStep(OFF, { asked: 37, steps: [] })).toEqual({ kind: 'step', share: 37, isUp: true });
  });
});

describe('where a flag is kept', () => {
  const main: FlagProvider = {
    name: 'main',
    kind: 'unleash',
    project: 'default',
    environments: { prod: 'production' },
  };
  const other: FlagProvider = { name: 'other', kind: 'launchdarkly', project: 'web', environments: {} };
  const place = (flag: object, book: FlagProvider[] = [main, other]) =>
    placeFlag({ key: 'tax', ...flag }, { book, environment: 'prod' });

  it.each([
    [
      'by its kind',
      { provider: 'unleash' },
      { provider: 'main', project: 'default', environment: 'production' },
    ],
    ['by its project', { project: 'web' }, { provider: 'other', project: 'web', environment: 'prod' }],
    [
      'in another project of the one',
      { provider: 'unleash', project: 'shop' },
      { provider: 'main', project: 'shop' },
    ],
  ])('is told %s', (_, flag, ref) => {
    expect(place(flag)).toMatchObject({ kind: 'placed', ref });
  });

  it.each([
    ['two of them may', {}, 'key', /main or other/],
    ['none of its kind is known', { provider: 'openfeature' }, 'provider', /no such provider/],
    ['a kind is not known here at all', { provider: 'other' }, 'provider', /no such provider/],
    [
      'its environment is another one there',
      { provider: 'unleash', environment: 'prod' },
      'environment',
      /production there/,
    ],
  ])('is not known where %s', (_, flag, key, says) => {
    const placed = place(flag);
    expect(placed).toMatchObject({ kind: 'faulty', key });
    expect(placed.kind === 'faulty' && placed.says).toMatch(says);
  });
});

describe('what a flag gives', () => {
  it.each([
    [OFF, 'off'],
    [at(0), 'on for nobody'],
    [{ ...at(0), audience: ['beta'] }, 'on for beta'],
    [{ ...at(10), audience: ['beta'] }, 'on for 10 % and beta'],
    [at(100), 'on for everybody'],
    [{ on: true, value: 'red', audience: [] }, 'on, "red"'],
  ])('%j is said as: %s', (setting, words) => {
    expect(settingWords(setting)).toBe(words);
  });

  it.each([OFF, at(0), at(10), at(100), { on: true, value: 'red', audience: [] }])(
    '%j leads back to itself',
    (setting) => {
      expect(isReached(setting, wantedOf(setting))).toBe(true);
    },
  );
});
