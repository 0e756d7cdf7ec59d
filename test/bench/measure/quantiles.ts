export const QUANTILES = ['p50', 'p95', 'p99', 'max'] as const;
export type Quantile = (typeof QUANTILES)[number];

const SHARE: Record<Quantile, number> = { p50: 0.5, p95: 0.95, p99: 0.99, max: 1 };

/** The smallest value that so large a share of all values does not exceed (nearest rank). Throws without values. */
export function quantile(values: readonly number[], which: Quantile): number {
  const sorted = [...values].sort((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(SHARE[which] * sorted.length) - 1)];
  if (found === undefined) throw new Error('Nothing was measured.');
  return found;
}

/** A quantile of every round, smallest first. */
export function byRound(rounds: readonly (readonly number[])[], which: Quantile): number[] {
  return rounds.map((values) => quantile(values, which)).sort((a, b) => a - b);
}
