import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReleaseName } from '../../../src/domain/ids.ts';
import { type Candidate, findRelease } from '../../../src/domain/naming/find-release.ts';
import { didYouMean, nearest } from '../../../src/domain/naming/nearest.ts';
import { nextReleaseName, trainOf } from '../../../src/domain/naming/release-name.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');

describe('the next release name', () => {
  it.each([
    ['the first of a day', [], 'shop-2026-11-20.1'],
    [
      'one above the highest, whatever is missing',
      ['shop-2026-11-20.1', 'shop-2026-11-20.9'],
      'shop-2026-11-20.10',
    ],
    [
      'its own, beside other trains and days',
      ['shop-x-2026-11-20.4', 'shop-2026-11-19.7'],
      'shop-2026-11-20.1',
    ],
  ])('is %s', (_, taken, name) => {
    expect(nextReleaseName({ train: 'shop', now: NOON, taken })).toBe(name);
  });

  it('is always a name, never taken, and of its train', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 40 })), (numbers) => {
        const taken = numbers.map((number) => `my-shop-2026-11-20.${number}`);
        const name = nextReleaseName({ train: 'my-shop', now: NOON, taken });
        return ReleaseName.safeParse(name).success && !taken.includes(name) && trainOf(name) === 'my-shop';
      }),
    );
  });
});

describe('the release a person means', () => {
  const candidates: Candidate[] = [
    { id: 'prod/shop-2026-11-20.3', open: true },
    { id: 'staging/shop-2026-11-20.3', open: false },
    { id: 'prod/shop-2026-11-19.3', open: false },
    { id: 'prod/search-2026-11-20.13', open: false },
  ];

  it.each([
    ['prod/shop-2026-11-20.3', undefined, 'prod/shop-2026-11-20.3'],
    ['shop-2026-11-19.3', undefined, 'prod/shop-2026-11-19.3'],
    ['shop-2026-11-20.3', 'staging', 'staging/shop-2026-11-20.3'],
    ['SHOP-2026-11-20.3 ', undefined, 'prod/shop-2026-11-20.3'],
    ['.3', undefined, 'prod/shop-2026-11-20.3'],
    ['3', undefined, 'prod/shop-2026-11-20.3'],
    ['20.3', 'staging', 'staging/shop-2026-11-20.3'],
    ['19.3', undefined, 'prod/shop-2026-11-19.3'],
    [undefined, 'staging', 'staging/shop-2026-11-20.3'],
    [undefined, undefined, 'prod/shop-2026-11-20.3'],
    ['.13', undefined, 'prod/search-2026-11-20.13'],
  ])('by %s in %s is %s', (word, environment, release) => {
    expect(findRelease(word, { candidates, environment })).toEqual({ kind: 'one', release });
  });

  it('is asked when it could be several, none of them under way', () => {
    const over = candidates.map(({ id }) => ({ id, open: false }));
    expect(findRelease('.3', { candidates: over, environment: 'prod' })).toEqual({
      kind: 'several',
      releases: ['prod/shop-2026-11-20.3', 'prod/shop-2026-11-19.3'],
    });
  });

  it('is asked when two are under way', () => {
    const open = candidates.map(({ id }) => ({ id, open: true }));
    expect(findRelease(undefined, { candidates: open, environment: 'prod' })).toMatchObject({
      kind: 'several',
    });
  });

  it('is not found by a part that begins in the middle of a word, and the nearest is named', () => {
    expect(findRelease('hop-2026-11-20.3', { candidates })).toMatchObject({ kind: 'none' });
    expect(findRelease('shop-2026-11-20.4', { candidates })).toEqual({
      kind: 'none',
      says: 'did you mean shop-2026-11-20.3?',
    });
    expect(findRelease('.3', { candidates: [] })).toMatchObject({ kind: 'none' });
  });
});

describe('the nearest name', () => {
  it.each([
    ['ordres-api', 'orders-api'],
    ['stagin', 'staging'],
    ['PROD', 'prod'],
    ['web', undefined],
    ['', undefined],
  ])('to %s is %s', (word, near) => {
    expect(nearest(word, ['orders-api', 'staging', 'prod'])).toBe(near);
  });

  it('is offered, and else those that are known, up to a dozen', () => {
    expect(didYouMean('prd', ['prod'])).toBe('did you mean prod?');
    expect(didYouMean('x', ['prod', 'dev'])).toBe('known: prod, dev');
    expect(didYouMean('x', [])).toBe('none is known');
    const many = Array.from({ length: 14 }, (_, index) => `service-${index}`);
    expect(didYouMean('x', many)).toMatch(/service-11 and 2 more$/);
  });
});
