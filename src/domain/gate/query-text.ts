import { parseDuration } from './duration.ts';

/** What a gate's query may name in double braces; filled in when the query is sent. */
export const QUERY_NAMES = [
  'service',
  'namespace',
  'environment',
  'pod_hash',
  'stable_hash',
  'window',
] as const;

/** What `{{window}}` is where neither the gate nor its query says: five minutes, as most published queries have it. */
const WINDOW_MS = 300_000;

/** Names in double braces that nobody would fill in. */
export function unknownQueryNames(query: string): string[] {
  const named = [...query.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = '']) => name.trim());
  return named.filter((name) => !QUERY_NAMES.some((known) => known === name));
}

/**
 * How far back a gate's queries look, in milliseconds: what the gate says, else the longest range written in the queries
 * (a measurement taken earlier would still see what ran before), else five minutes where `{{window}}` is used, else 0.
 */
export function windowOf(gate: {
  window?: string | number | undefined;
  query?: string | undefined;
  trafficQuery?: string | undefined;
}): number {
  const written = gate.window === undefined ? undefined : parseDuration(gate.window);
  if (written !== undefined) return written;
  const queries = `${gate.query ?? ''} ${gate.trafficQuery ?? ''}`;
  const usesWindow = /\{\{\s*window\s*\}\}/.test(queries);
  return Math.max(...rangesOf(queries), usesWindow ? WINDOW_MS : 0);
}

/**
 * Lengths of the range selectors and subqueries of a PromQL text, in milliseconds.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/basics/#range-vector-selectors
 */
function rangesOf(promql: string): number[] {
  return [...promql.matchAll(/\[\s*([0-9a-z]+)\s*(?::[^\]]*)?\]/g)].map(
    ([, range]) => parseDuration(range ?? '') ?? 0,
  );
}

/**
 * Whether a query can be read as an absolute rate of failures rather than as a share: it rates something by status and
 * divides by nothing. Such a gate passes on a quiet day and fails on a busy one.
 */
export function looksAbsolute(query: string): boolean {
  const countsFailures = /(rate|increase)\s*\(/.test(query) && /status|code|error|fail/i.test(query);
  const withoutStrings = query.replace(/"[^"]*"|'[^']*'/g, '');
  return countsFailures && !withoutStrings.includes('/');
}

/** Names and matchers of what went wrong: `status=~"5.."`, `code="500"`, `errors_total`, `requests_failed`. */
const OF_FAILURES = /error|fail|["'`(|]\s*[45](\.\.|xx|\d\d|\[)/i;

/**
 * Whether a query counts failures, so that it gives no series while nothing ever failed. A latency of failed requests does not:
 * without series it is unknown, not zero.
 */
export function countsFailures(query: string): boolean {
  return OF_FAILURES.test(query) && !/histogram_quantile|_sum\b/.test(query);
}
