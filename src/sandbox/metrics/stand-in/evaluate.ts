import { type Bucket, histogramQuantile } from './histogram-quantile.ts';
import type { Query, Selector } from './query.ts';
import { rateOf } from './rate.ts';
import { type Labels, labelsKey, type SampleStore, type Series } from './sample-store.ts';

/** A number of a result, with the labels it is about. */
export interface Element {
  labels: Labels;
  value: number;
}

/** How far back an instant selector looks. Source: Prometheus's flag `--query.lookback-delta`. */
const LOOKBACK_MS = 5 * 60_000;

/** What a query says at a moment, in milliseconds since 1970. */
export function evaluate(query: Query, store: Pick<SampleStore, 'named'>, at: number): Element[] {
  switch (query.kind) {
    case 'selector':
      return selected(query.selector, store).flatMap((series) => newest(series, at));
    case 'rate':
      return selected(query.selector, store).flatMap(({ labels, samples }) => {
        const value = rateOf(samples, { after: at - query.rangeMs, until: at });
        return value === undefined ? [] : [{ labels: nameless(labels), value }];
      });
    case 'sum':
      return sum(evaluate(query.of, store, at), query.by);
    case 'divide':
      return divide(evaluate(query.dividend, store, at), evaluate(query.divisor, store, at));
    case 'quantile':
      return quantiles(query.q, evaluate(query.of, store, at));
  }
}

function selected({ name, matchers }: Selector, store: Pick<SampleStore, 'named'>): Series[] {
  return store
    .named(name)
    .filter(({ labels }) => matchers.every(({ label, holds }) => holds(labels[label] ?? '')));
}

function newest({ labels, samples }: Series, at: number): Element[] {
  const last = samples.findLast((sample) => sample.at <= at);
  if (last === undefined || last.value === 'stale' || last.at <= at - LOOKBACK_MS) return [];
  return [{ labels, value: last.value }];
}

function sum(elements: readonly Element[], by: readonly string[]): Element[] {
  return grouped(elements, (labels) => pick(labels, by)).map(({ labels, members }) => ({
    labels,
    value: members.reduce((total, { value }) => total + value, 0),
  }));
}

/**
 * Elements that have no partner are left out. None has several: a selector has one name, so that labels tell all its series apart
 * also without it.
 */
function divide(dividends: readonly Element[], divisors: readonly Element[]): Element[] {
  const partners = new Map(divisors.map(({ labels, value }) => [labelsKey(nameless(labels)), value]));
  return dividends.flatMap((dividend) => {
    const labels = nameless(dividend.labels);
    const divisor = partners.get(labelsKey(labels));
    return divisor === undefined ? [] : [{ labels, value: dividend.value / divisor }];
  });
}

function nameless(labels: Labels): Labels {
  return without(labels, ['__name__']);
}

/** One for each set of labels but `le`. What has no bound is no bucket. */
function quantiles(q: number, elements: readonly Element[]): Element[] {
  return grouped(elements, (labels) => without(labels, ['__name__', 'le'])).flatMap(({ labels, members }) => {
    const buckets = members.flatMap(bucketOf);
    return buckets.length === 0 ? [] : [{ labels, value: histogramQuantile(q, buckets) }];
  });
}

function bucketOf({ labels, value }: Element): Bucket[] {
  const written = labels['le'] ?? '';
  const bound = written === '+Inf' ? Number.POSITIVE_INFINITY : Number(written);
  return written === '' || Number.isNaN(bound) ? [] : [{ bound, count: value }];
}

interface Group {
  labels: Labels;
  members: Element[];
}

function grouped(elements: readonly Element[], labelsOf: (labels: Labels) => Labels): Group[] {
  const groups = new Map<string, Group>();
  for (const element of elements) {
    const labels = labelsOf(element.labels);
    const key = labelsKey(labels);
    const group = groups.get(key) ?? { labels, members: [] };
    groups.set(key, group);
    group.members.push(element);
  }
  return [...groups.values()];
}

function pick(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

function without(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}
