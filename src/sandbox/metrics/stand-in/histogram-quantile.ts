/** A bucket of a classic histogram: how many (or how much per second) lies at or below a bound. */
export interface Bucket {
  bound: number;
  count: number;
}

/**
 * Differences between buckets that come from floating point alone are none.
 * Source: prometheus/prometheus promql/quantile.go, smallDeltaTolerance.
 */
const TOLERANCE = 1e-12;

/**
 * The value below which the share `q` (0 to 1) of a histogram lies, found by a straight line within its bucket; NaN where the
 * buckets do not say. Source: as above, BucketQuantile.
 */
export function histogramQuantile(q: number, buckets: readonly Bucket[]): number {
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  const rising = neverFalling(merged(buckets));
  const total = rising.at(-1);
  if (Number.isNaN(q) || total?.bound !== Number.POSITIVE_INFINITY) return Number.NaN;
  if (rising.length < 2 || total.count === 0) return Number.NaN;
  const rank = q * total.count;
  // The last bucket has no upper bound, so it takes what no other does.
  const found = rising.slice(0, -1).findIndex(({ count }) => count >= rank);
  if (found === -1) return rising.at(-2)?.bound ?? Number.NaN;
  const { bound = Number.NaN, count = 0 } = rising[found] ?? {};
  const below = rising[found - 1];
  if (below === undefined && bound <= 0) return bound;
  const start = below ?? { bound: 0, count: 0 };
  return start.bound + (bound - start.bound) * ((rank - start.count) / (count - start.count));
}

/** In the order of their bounds, one for each. */
function merged(buckets: readonly Bucket[]): Bucket[] {
  const byBound = new Map<number, number>();
  for (const { bound, count } of buckets) byBound.set(bound, (byBound.get(bound) ?? 0) + count);
  return [...byBound].map(([bound, count]) => ({ bound, count })).sort((a, b) => a.bound - b.bound);
}

/** Each series of a histogram was scraped, and rated, by itself: a higher bucket can come out lower. */
function neverFalling(buckets: readonly Bucket[]): Bucket[] {
  let reached: number | undefined;
  return buckets.map(({ bound, count }) => {
    if (reached === undefined || (count > reached && !almostEqual(count, reached))) reached = count;
    return { bound, count: reached };
  });
}

function almostEqual(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * (Math.abs(a) + Math.abs(b));
}
