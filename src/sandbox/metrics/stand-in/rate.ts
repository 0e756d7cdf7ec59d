import type { Sample } from './sample-store.ts';

/** A stretch of time in milliseconds since 1970: later than `after`, up to and with `until`. */
export interface Window {
  after: number;
  until: number;
}

/**
 * How far beyond the first or last sample the window's edge may lie for the series to be taken to reach it: 110 % of the usual
 * distance between samples. Source: prometheus/prometheus promql/functions.go, extrapolatedRate.
 */
const REACH = 1.1;

/**
 * Increase of a counter per second over a window, as `rate` of Prometheus: resets are made up for, and what was seen between the
 * first and the last sample is extended to the edges. Absent for fewer than two samples. Source: as above (version 3).
 */
export function rateOf(samples: readonly Sample[], { after, until }: Window): number | undefined {
  const inside = numbersIn(samples, { after, until });
  const first = inside.at(0);
  const last = inside.at(-1);
  if (first === undefined || last === undefined || inside.length < 2) return undefined;
  const increase = inside.reduce((sum, { value }, i) => {
    const before = inside[i - 1]?.value ?? value;
    // A counter that fell began again at zero.
    return sum + (value < before ? value : value - before);
  }, 0);
  const sampled = last.at - first.at;
  const usual = sampled / (inside.length - 1);
  const toStart = Math.min(reach(first.at - after, usual), toZero(first.value, { increase, sampled }));
  const toEnd = reach(until - last.at, usual);
  const extended = (sampled + toStart + toEnd) / sampled;
  return (increase * extended) / ((until - after) / 1000);
}

/** Samples of a window that are numbers. */
function numbersIn(samples: readonly Sample[], { after, until }: Window): { at: number; value: number }[] {
  return samples.flatMap(({ at, value }) =>
    at > after && at <= until && value !== 'stale' ? [{ at, value }] : [],
  );
}

/** Milliseconds to extend by: to the edge, or, when that is too far, by half of the usual distance. */
function reach(toEdge: number, usual: number): number {
  return toEdge >= usual * REACH ? usual / 2 : toEdge;
}

/** Milliseconds before its first sample at which a counter that rises so was zero: it cannot have begun earlier. */
function toZero(first: number, { increase, sampled }: { increase: number; sampled: number }): number {
  return increase > 0 && first >= 0 ? sampled * (first / increase) : Number.POSITIVE_INFINITY;
}
