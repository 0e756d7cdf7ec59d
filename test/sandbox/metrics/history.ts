import type { MetricsWorld } from '../../contracts/metrics.ts';

/** A sample of a history: its name with its labels as PromQL writes them, its value, and when (milliseconds since 1970). */
export interface HistorySample {
  series: string;
  value: number;
  at: number;
}

/** Half a minute of samples, a second apart, of two pods and of nothing; then what the contract of metrics asks about. */
export function contractHistory(end: number): {
  samples: HistorySample[];
  facts: Pick<MetricsWorld, 'at' | 'value' | 'queries'>;
} {
  const seconds = Array.from({ length: 30 }, (_, i) => i);
  const start = end - 30_000;
  const pod = (name: string, perSecond: number) =>
    seconds.map((second) => ({
      series: `requests_total{pod="${name}"}`,
      value: 1000 + second * perSecond,
      at: start + second * 1000,
    }));
  // In its second half the third pod answers twice as often.
  const third = seconds.map((second) => ({
    series: 'orders_total',
    value: 1000 + (second < 15 ? second * 10 : 150 + (second - 15) * 20),
    at: start + second * 1000,
  }));
  const zero = seconds.map((second) => ({ series: 'zero', value: 0, at: start + second * 1000 }));
  const one = seconds.map((second) => ({ series: 'one', value: 1, at: start + second * 1000 }));
  const minus = seconds.map((second) => ({ series: 'minus', value: -1, at: start + second * 1000 }));
  return {
    samples: [pod('a', 5), pod('b', 7), third, zero, one, minus].flat(),
    facts: {
      // Half a second from the samples next to it, so that none lies on the edge of a window.
      at: { now: end - 1_500, before: end - 17_500 },
      value: { now: 20, before: 10 },
      queries: {
        one: 'sum(rate(orders_total[5s]))',
        several: 'sum by (pod) (rate(requests_total[5s]))',
        nothing: 'sum(rate(absent_total[5s]))',
        notANumber: 'zero / zero',
        infinite: 'one / zero',
        belowInfinite: 'minus / zero',
        refused: 'sum(',
      },
    },
  };
}
