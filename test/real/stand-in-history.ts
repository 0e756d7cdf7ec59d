import type { HistorySample } from '../sandbox/metrics/history.ts';

/** Upper bounds as pods show them. */
const BOUNDS = ['0.05', '0.1', '0.25', '0.5', '1', '+Inf'];

/** A life of a counter: when it begins, how fast it rises, when its pod starts anew, and when nobody could scrape it. */
interface Life {
  from: number;
  until: number;
  perSecond: number;
  startsWith: number;
  restartsAt?: number;
  missed?: readonly number[];
}

/** Seconds of the whole history. */
export const HISTORY_SECONDS = 120;

/** Pods of one service: steady ones, one that comes and goes, one that starts anew, one with gaps, one that does nothing. */
const PODS: Readonly<Record<string, Life>> = {
  steady: { from: 0, until: HISTORY_SECONDS, perSecond: 37, startsWith: 5_000 },
  comes: { from: 31, until: 83, perSecond: 11, startsWith: 0 },
  restarts: { from: 0, until: HISTORY_SECONDS, perSecond: 23, startsWith: 9_000, restartsAt: 57 },
  // Gaps lie where the counter is far from zero: versions of Prometheus differ in how far back they extend a young one.
  gaps: { from: 3, until: 110, perSecond: 53, startsWith: 7_000, missed: [20, 21, 40, 60, 61, 62, 63, 90] },
  idle: { from: 0, until: HISTORY_SECONDS, perSecond: 0, startsWith: 0 },
};

/**
 * What a scrape each second would have kept of the shop's metrics for two versions of a service, `old` and `new`; pods of the new
 * one fail more and are slower. Scrapes come some milliseconds late, by `random` (0 to 1), as they do.
 */
export function shopHistory(start: number, random: () => number): HistorySample[] {
  return ['old', 'new'].flatMap((version) =>
    Object.entries(PODS).flatMap(([pod, life]) => podHistory({ version, pod, life, start, random })),
  );
}

function podHistory(of: {
  version: string;
  pod: string;
  life: Life;
  start: number;
  random: () => number;
}): HistorySample[] {
  const { version, pod, life, start, random } = of;
  const labels = `service="cart",namespace="shop-prod",pod_hash="${version}",pod="${pod}"`;
  const bad = version === 'new' ? 0.11 : 0.001;
  const slow = version === 'new' ? 0.4 : 0.9;
  const seconds = Array.from({ length: life.until - life.from }, (_, i) => life.from + i);
  return seconds.flatMap((second) => {
    if (life.missed?.includes(second)) return [];
    const at = start + second * 1000 + Math.floor(random() * 20);
    const total = countAt(life, second);
    const sample = (series: string, value: number) => ({ series, value: Math.floor(value), at });
    return [
      sample(`http_requests_total{${labels},status="2xx"}`, total * (1 - bad)),
      sample(`http_requests_total{${labels},status="5xx"}`, total * bad),
      ...BOUNDS.map((le, i) => {
        const share = le === '+Inf' ? 1 : slow * ((i + 1) / BOUNDS.length);
        return sample(`http_request_duration_seconds_bucket{${labels},le="${le}"}`, total * share);
      }),
    ];
  });
}

function countAt({ from, perSecond, startsWith, restartsAt }: Life, second: number): number {
  if (restartsAt !== undefined && second >= restartsAt) return (second - restartsAt) * perSecond;
  return startsWith + (second - from) * perSecond;
}
