import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe } from 'vitest';
import { createMetrics } from '../../../src/adapters/prometheus/metrics.ts';
import { startStandIn } from '../../../src/sandbox/metrics/stand-in/start-stand-in.ts';
import { type MetricsWorld, metricsContract } from '../../contracts/metrics.ts';
import { waitUntil } from '../../servers/wait.ts';
import { contractHistory } from './history.ts';

/** A target that shows a whole history at once, each sample with its time. */
async function makeWorld(): Promise<MetricsWorld> {
  const open = new AsyncDisposableStack();
  const { samples, facts } = contractHistory(Date.now());
  const text = samples.map(({ series, value, at }) => `${series} ${value} ${at}\n`).join('');
  const target = createServer((_, response) => response.end(text));
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  open.defer(async () => {
    target.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
  });
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/metrics`;
  const standIn = open.use(await startStandIn({ scrape: [{ job: 'x', url }], scrapeIntervalMs: 1_000 }));
  const metrics = createMetrics({ main: standIn });
  const isScraped = async () => {
    const query = { prometheus: 'main', promql: 'up', at: Date.now(), timeoutMs: 1_000 };
    const up = await metrics.queryInstant(query);
    return up.kind === 'series' && up.series.length > 0;
  };
  await waitUntil(isScraped, { what: 'the first scrape' });
  return {
    metrics,
    ...facts,
    goAway: () => open.disposeAsync(),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

describe('the adapter and the stand-in for Prometheus', () => {
  metricsContract(makeWorld);
});
