import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { TerminalError } from '../../../../src/errors.ts';
import { readQuery } from '../../../../src/sandbox/metrics/stand-in/read-query.ts';
import { configurationText } from '../../../../src/sandbox/shop/configuration.ts';
import { shopOf } from '../../../../src/sandbox/shop/shop.ts';

const nowhere = {
  slackApi: 'http://a',
  gitops: 'http://a',
  ledger: 'http://a',
  cluster: 'http://a',
  prometheus: 'http://a',
  registry: { host: 'a', url: 'http://a' },
  dataDir: '/nonexistent',
};

describe('the language of the stand-in', () => {
  it('holds every query that the sandbox ships', () => {
    const { gatePresets } = parse(configurationText(shopOf(), nowhere));
    const queries = Object.values<Record<string, string>>(gatePresets).flatMap(({ query, trafficQuery }) =>
      [query, trafficQuery].filter((one) => one !== undefined),
    );
    expect(queries).toHaveLength(3);
    for (const query of queries) {
      const filled = query.replaceAll('{{window}}', '5s').replace(/\{\{\w+\}\}/g, 'x');
      expect(() => readQuery(filled)).not.toThrow();
    }
  });

  it('reads / from the left, and brackets first', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ kind: 'selector', selector: { name, matchers: [] } }));
    expect(readQuery('a / b / c')).toEqual({
      kind: 'divide',
      dividend: { kind: 'divide', dividend: a, divisor: b },
      divisor: c,
    });
    expect(readQuery('a/(b/c)')).toEqual({
      kind: 'divide',
      dividend: a,
      divisor: { kind: 'divide', dividend: b, divisor: c },
    });
  });

  it.each(['sum by (le, job) (a)', 'sum(a) by (le,job,)'])('reads the labels of %s', (query) => {
    expect(readQuery(query)).toMatchObject({ kind: 'sum', by: ['le', 'job'] });
  });

  it.each<[string, string, boolean]>([
    ['a{x="1"}', '1', true],
    ['a{x="1"}', '12', false],
    ['a{x!="1"}', '', true],
    ['a{x=~"5.."}', '503', true],
    ['a{x=~"5.."}', '5xx and more', false],
    ['a{x=~"4..|5.."}', '404', true],
    ['a{x!~"4..|5..",}', '404', false],
    [`a{x='"'}`, '"', true],
    ['a{x="\\"\\\\"}', '"\\', true],
    ['a{x=`\\`}', '\\', true],
    ['a{x=~"a.b"}', 'a\nb', true],
  ])('matches by %s the value %j: %s', (query, value, holds) => {
    const read = readQuery(query);
    const matchers = read.kind === 'selector' ? read.selector.matchers : [];
    expect(matchers.every((matcher) => matcher.holds(value))).toBe(holds);
  });

  it.each([
    ['another function', 'increase(a[5s])', 'increase()'],
    ['another aggregation', 'max(a)', 'max()'],
    ['another grouping', 'sum without (x) (a)', 'without at character 5'],
    ['another operator', 'a * b', '* at character 3'],
    ['a comparison', 'a > 1', '> at character 3'],
    ['a number', '1', '1 at character 1'],
    ['a number that is a word', 'Inf', 'Inf'],
    ['a modifier', 'a offset 5m', 'offset at character 3'],
    ['a subquery', 'rate(a[5m:1m])', ':1m at character 10'],
    ['a range that is not rated', 'a[5m]', '[ at character 2'],
    ['a range without length', 'rate(a[0s])', 'the range 0s'],
    ['a selector without a name', '{x="1"}', '{ at character 1'],
    ['what is open', 'sum(a', 'the end of the query'],
    ['what is left over', 'sum(a))', ') at character 7'],
    ['a pattern that is none', 'a{x=~"("}', 'the pattern ('],
    ['an escape', 'a{x="\\x41"}', 'the escape \\x'],
    ['a comment', 'a # b', '# at character 3'],
  ])('does not hold %s, and says so', (_, query, says) => {
    expect(() => readQuery(query)).toThrow(TerminalError);
    expect(() => readQuery(query)).toThrow(`${says}: the stand-in for Prometheus knows only`);
  });
});
