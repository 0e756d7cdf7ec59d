import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CandidateRule, tagOfCommit } from '../../../src/domain/candidate/candidate-rule.ts';
import { newestTag, type TagRule } from '../../../src/domain/candidate/newest-tag.ts';
import { TagTemplate, versionOfTag } from '../../../src/domain/candidate/release-tag.ts';

const TAGS = [
  '1.8.0',
  'v1.10.0',
  '1.9.0',
  '2.0.0-rc.1',
  'latest',
  'main-7-abc',
  'main-31-abd',
  'sha256-aa.sig',
];

describe('the newest tag', () => {
  it.each<[string, TagRule, string | undefined]>([
    ['by version, not by letters', { from: 'registry', semver: '1.x' }, 'v1.10.0'],
    ['without a pre-release that the range does not name', { from: 'registry', semver: '*' }, 'v1.10.0'],
    ['with one that it names', { from: 'registry', semver: '>=2.0.0-0' }, '2.0.0-rc.1'],
    ['of none', { from: 'registry', semver: '>=3' }, undefined],
    [
      'by the number in it',
      { from: 'registry', pattern: String.raw`main-(\d+)-\w+`, order: 'numeric' },
      'main-31-abd',
    ],
    [
      'by its letters',
      { from: 'registry', pattern: String.raw`main-(\d+)-\w+`, order: 'alphabetic' },
      'main-7-abc',
    ],
    [
      'only where the pattern fits all of it',
      { from: 'registry', pattern: 'late', order: 'alphabetic' },
      undefined,
    ],
    ['by a number that is none', { from: 'registry', pattern: 'late(s)t', order: 'numeric' }, undefined],
  ])('%s', (_, rule, tag) => {
    expect(newestTag(TAGS, rule)).toBe(tag);
  });

  it('is the same in whatever order a registry lists them', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(TAGS, { minLength: TAGS.length }), (tags) => {
        expect(newestTag(tags, { from: 'registry', semver: '1.x' })).toBe('v1.10.0');
      }),
      { numRuns: 50 },
    );
  });

  it('needs no longer for a pattern that would hang a backtracking engine', () => {
    const rule: TagRule = { from: 'registry', pattern: '(a+)+b', order: 'alphabetic' };
    const started = performance.now();
    expect(newestTag([`${'a'.repeat(120)}c`], rule)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('a rule of the catalog', () => {
  it.each([
    { from: 'registry', semver: 'newest' },
    { from: 'registry', pattern: '(', order: 'numeric' },
    { from: 'registry', pattern: 'a' },
    { from: 'github', deployment: 'staging', tag: 'latest' },
    { from: 'anywhere' },
  ])('is refused when it means nothing: %j', (rule) => {
    expect(CandidateRule.safeParse(rule).success).toBe(false);
  });

  it('makes the tag of a commit', () => {
    expect(CandidateRule.parse({ from: 'github', check: 'build' })).toMatchObject({ tag: '{commit}' });
    expect(tagOfCommit('sha-{commit:7}', 'a1b2c3d4e5f6')).toBe('sha-a1b2c3d');
  });
});

describe('a tag that names a release', () => {
  it.each([
    ['orders-api-{version}', 'orders-api-1.8.0', '1.8.0'],
    ['orders-api-v{version}', 'orders-api-v1.8.0-rc.1', '1.8.0-rc.1'],
    ['orders-api-{version}', 'orders-api-1.8', undefined],
    ['orders-api-{version}', 'x-orders-api-1.8.0', undefined],
    ['v{version}', 'v1.8.0\n', undefined],
    ['a.b-{version}', 'axb-1.8.0', undefined],
    ['{version}/web', '1.8.0/web', '1.8.0'],
  ])('by %s: %s', (template, tag, version) => {
    expect(TagTemplate.safeParse(template).success).toBe(true);
    expect(versionOfTag(template, tag)).toBe(version);
  });
});
