import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../src/sandbox/metrics/stand-in/evaluate.ts';
import { readQuery } from '../../../../src/sandbox/metrics/stand-in/read-query.ts';
import { createSampleStore } from '../../../../src/sandbox/metrics/stand-in/sample-store.ts';

/** Milliseconds since 1970 at which histories begin. */
const START = 1_700_000_000_000;

type Told = number | 'stale' | undefined;

/** A store with a sample each second; undefined leaves one out. Names carry labels: `a{x="1"}`. */
function holding(histories: Readonly<Record<string, readonly Told[]>>) {
  const store = createSampleStore();
  for (const [written, values] of Object.entries(histories)) {
    const [name = '', inner = ''] = written.split(/[{}]/);
    const labels = Object.fromEntries(
      [...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key ?? '', value ?? '']),
    );
    for (const [second, value] of values.entries()) {
      if (value !== undefined)
        store.append({ __name__: name, ...labels }, { at: START + second * 1000, value });
    }
  }
  return {
    /** `seconds` after the beginning. */
    ask: (query: string, seconds: number) => evaluate(readQuery(query), store, START + seconds * 1000),
    value(query: string, seconds: number) {
      const [only, ...others] = this.ask(query, seconds);
      if (others.length > 0) throw new Error('more than one');
      return only?.value;
    },
  };
}

const steady = (perSecond: number, from = 1000) =>
  Array.from({ length: 60 }, (_, second) => from + second * perSecond);

describe('an instant selector', () => {
  it('gives the newest sample of five minutes, with its name and labels', () => {
    const store = holding({ 'a{x="1"}': [5, 7] });
    expect(store.ask('a', 0.5)).toEqual([{ labels: { __name__: 'a', x: '1' }, value: 5 }]);
    expect(store.value('a', 1)).toBe(7);
    expect(store.value('a', 300.9)).toBe(7);
    expect(store.value('a', 301)).toBeUndefined();
    expect(store.value('a', -1)).toBeUndefined();
  });

  it('gives nothing of a series that has ended, until it begins again', () => {
    const store = holding({ a: [5, 'stale', undefined, 6] });
    expect([0, 1, 2, 3].map((seconds) => store.value('a', seconds))).toEqual([5, undefined, undefined, 6]);
  });
});

describe('a rate', () => {
  it('is what a steady counter rises by in a second', () => {
    expect(holding({ a: steady(100) }).value('rate(a[5s])', 30.4)).toBeCloseTo(100, 9);
  });

  it('makes up for a counter that began again', () => {
    const counter = [100, 200, 300, 50, 150, 250];
    // 100 + 100 + 50 + 100 + 100 over five seconds, seen whole but for its edges, which are near enough to be reached.
    expect(holding({ a: counter }).value('rate(a[6s])', 5.5)).toBeCloseTo(90, 9);
  });

  it('extends by half a distance only where the series covers less than the window', () => {
    const store = holding({ a: [1000, 1100, 1200] });
    // Sampled 2 s, to the start of the window 8 s (too far: 0.5 s), to its end 0.5 s.
    expect(store.value('rate(a[10s])', 2.5)).toBeCloseTo((200 * (3 / 2)) / 10, 9);
  });

  it('does not extend a counter to before it was zero', () => {
    const store = holding({ a: [10, 110, 210] });
    // 10 at the first sample: zero was 0.1 s earlier.
    expect(store.value('rate(a[10s])', 2.5)).toBeCloseTo((200 * (2.6 / 2)) / 10, 9);
  });

  it('leaves out what lies on the left edge and takes what lies on the right', () => {
    const store = holding({ a: [0, 1000, 1000, 1000, 1000, 1000] });
    expect(store.value('rate(a[5s])', 5)).toBe(0);
    expect(store.value('rate(a[5s])', 4.999)).toBeGreaterThan(0);
  });

  it('needs two samples, and takes the end of a series for none', () => {
    const store = holding({ a: [1, undefined, undefined, 5, 'stale'] });
    expect(store.value('rate(a[2s])', 3)).toBeUndefined();
    expect(store.value('rate(a[10s])', 2)).toBeUndefined();
    expect(store.value('rate(a[10s])', 5)).toBeGreaterThan(0);
  });

  it('has no name', () => {
    expect(holding({ 'a{x="1"}': steady(1) }).ask('rate(a[5s])', 20)).toMatchObject([{ labels: { x: '1' } }]);
  });
});

describe('a sum and a quotient', () => {
  const store = holding({
    'a{x="1",y="1"}': [1],
    'a{x="1",y="2"}': [2],
    'a{x="2",y="1"}': [4],
    'b{x="1"}': [2],
    'b{x="3"}': [1],
    'zero{x="1"}': [0],
  });

  it('adds up everything, or what agrees in some labels', () => {
    expect(store.ask('sum(a)', 0)).toEqual([{ labels: {}, value: 7 }]);
    expect(store.ask('sum by (x, absent) (a)', 0)).toEqual([
      { labels: { x: '1' }, value: 3 },
      { labels: { x: '2' }, value: 4 },
    ]);
    expect(store.ask('sum(none)', 0)).toEqual([]);
  });

  it('divides where all labels agree, and nothing where nothing does', () => {
    expect(store.ask('sum by (x) (a) / b', 0)).toEqual([{ labels: { x: '1' }, value: 1.5 }]);
    expect(store.ask('sum(none) / sum(b)', 0)).toEqual([]);
    expect(store.ask('b / a', 0)).toEqual([]);
  });

  it('gives NaN for 0/0 and an infinity for more', () => {
    expect(store.value('zero / zero', 0)).toBeNaN();
    expect(store.value('b{x="1"} / zero', 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a quantile of a histogram', () => {
  const buckets = (counts: Readonly<Record<string, number>>) =>
    holding(Object.fromEntries(Object.entries(counts).map(([le, count]) => [`h{le="${le}"}`, [count]])));
  const of = (q: number, counts: Readonly<Record<string, number>>) =>
    buckets(counts).value(`histogram_quantile(${q}, h)`, 0);

  it('lies on a straight line within its bucket', () => {
    expect(of(0.95, { '0.1': 50, '0.5': 90, '1': 100, '+Inf': 100 })).toBeCloseTo(0.75, 12);
    expect(of(0.5, { '0.1': 50, '0.5': 90, '1': 100, '+Inf': 100 })).toBeCloseTo(0.1, 12);
    expect(of(0, { '0.1': 50, '+Inf': 100 })).toBe(0);
  });

  it('is the highest bound for what lies above it', () => {
    expect(of(0.95, { '0.1': 50, '1': 60, '+Inf': 100 })).toBe(1);
  });

  it('reads the bounds as numbers, whatever their order', () => {
    expect(of(0.95, { '+Inf': 100, '10': 100, '2.5': 0 })).toBeCloseTo(2.5 + 7.5 * 0.95, 12);
  });

  it('never falls from a bucket to the next', () => {
    expect(of(0.5, { '1': 60, '2': 50, '3': 100, '+Inf': 100 })).toBeCloseTo(50 / 60, 12);
  });

  it('is no number without observations, without +Inf or with one bucket', () => {
    expect(of(0.95, { '1': 0, '+Inf': 0 })).toBeNaN();
    expect(of(0.95, { '1': 5, '2': 6 })).toBeNaN();
    expect(of(0.95, { '+Inf': 6 })).toBeNaN();
  });

  it('is one for each set of other labels, and none of what has no bounds', () => {
    const store = holding({
      'h{le="1",x="1"}': [1],
      'h{le="+Inf",x="1"}': [1],
      'h{le="+Inf",x="2"}': [1],
      'h{le="2",x="2"}': [1],
      'h{x="3"}': [1],
    });
    expect(store.ask('histogram_quantile(0.5, h)', 0)).toEqual([
      { labels: { x: '1' }, value: 0.5 },
      { labels: { x: '2' }, value: 1 },
    ]);
  });
});
