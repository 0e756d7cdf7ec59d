/** Queries that every Prometheus answers alike without a single sample. */
export const QUERIES = {
  /** One series, 0.01. */
  low: 'vector(0.01)',
  /** One series, 0.9. */
  high: 'vector(0.9)',
  /** No series at all. */
  none: 'vector(1) > 2',
  /** One series, not a number. */
  nan: 'vector(0) / 0',
  /** Two series, 0.5 and 0.0000001. */
  two: 'sort_desc(label_replace(vector(0.5), "a", "1", "", "") or label_replace(vector(0.0000001), "a", "2", "", ""))',
  /** No series but a number, 0.5. */
  scalar: 'scalar(vector(0.5))',
  /** Not a query. */
  broken: '1 +',
} as const;
export type QueryName = keyof typeof QUERIES;
