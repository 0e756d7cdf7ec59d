import type { SampleValue } from '../domain/gate/read-answer.ts';

export type QueryAnswer =
  | {
      kind: 'series';
      series: { labels: Record<string, string>; value: SampleValue; at: string }[];
      link: string;
    }
  /** The server answered, and could not say: a parse error, a partial result, a refusal. Retrying at once is useless. */
  | { kind: 'error'; message: string; link?: string };

/** One or more Prometheus servers, by name. */
export interface Metrics {
  /** Evaluates at `at` (milliseconds since 1970). Throws `UnavailableError` when there is no answer in `timeoutMs`. */
  queryInstant(query: {
    prometheus: string;
    promql: string;
    at: number;
    timeoutMs: number;
  }): Promise<QueryAnswer>;
}
