import type { SampleValue } from '../../../src/domain/gate/read-answer.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { Metrics } from '../../../src/ports/metrics.ts';

/** Who is asked about, by the labels of the query. */
export interface Asked {
  service: string;
  namespace: string;
  podHash: string;
}

/** What a query comes to: samples, a refusal of the server, or no answer at all. */
export type Sampled = { kind: 'values'; values: SampleValue[] } | { kind: 'error' } | { kind: 'away' };

/** The one form of query that simulations ask. */
const QUERY = /^errors\{service="([^"]+)",namespace="([^"]+)",hash="([^"]+)"\}$/;

/**
 * The in-memory twin of Prometheus: answers from what the simulated world knows of a version. A query of any other form is a
 * refusal, as a typing error is.
 */
export function createMemoryMetrics(sample: (asked: Asked) => Sampled): Metrics {
  return {
    async queryInstant({ promql, at }) {
      const [, service, namespace, podHash] = QUERY.exec(promql) ?? [];
      const link = 'https://prometheus.test/graph';
      if (service === undefined || namespace === undefined || podHash === undefined)
        return { kind: 'error', message: 'parse error', link };
      const sampled = sample({ service, namespace, podHash });
      switch (sampled.kind) {
        case 'away':
          throw new UnavailableError('Prometheus is away');
        case 'error':
          return { kind: 'error', message: 'query timed out in expression evaluation', link };
        case 'values':
          return {
            kind: 'series',
            series: sampled.values.map((value, index) => ({
              labels: { instance: String(index) },
              value,
              at: new Date(at).toISOString(),
            })),
            link,
          };
      }
    },
  };
}
