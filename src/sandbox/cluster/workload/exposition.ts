import { BUCKETS_SECONDS, type PodCounters } from './simulator.ts';

/** Counters as Prometheus' text format (version 0.0.4): requests by status class, and a latency histogram. */
export function expose(pods: readonly PodCounters[]): string {
  const lines = [
    '# HELP http_requests_total Requests answered.',
    '# TYPE http_requests_total counter',
    ...pods.flatMap(({ labels, good, bad }) => [
      line('http_requests_total', { ...labels, status: '2xx' }, good),
      line('http_requests_total', { ...labels, status: '5xx' }, bad),
    ]),
    '# HELP http_request_duration_seconds Time to the answer.',
    '# TYPE http_request_duration_seconds histogram',
    ...pods.flatMap(histogram),
  ];
  return `${lines.join('\n')}\n`;
}

function histogram({ labels, good, bad, buckets, sumSeconds }: PodCounters): string[] {
  const name = 'http_request_duration_seconds';
  const all = Math.floor(good) + Math.floor(bad);
  return [
    ...BUCKETS_SECONDS.map((bound, index) =>
      line(`${name}_bucket`, { ...labels, le: String(bound) }, Math.min(all, buckets[index] ?? 0)),
    ),
    line(`${name}_bucket`, { ...labels, le: '+Inf' }, all),
    `${name}_sum${spell(labels)} ${sumSeconds.toFixed(6)}`,
    line(`${name}_count`, labels, all),
  ];
}

/** Counters count whole requests. */
function line(name: string, labels: Readonly<Record<string, string>>, count: number): string {
  return `${name}${spell(labels)} ${Math.floor(count)}`;
}

function spell(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `{${parts.join(',')}}`;
}
