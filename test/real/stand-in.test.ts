import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROMETHEUS } from '../../src/adapters/programs/find-program.ts';
import { runPrometheus } from '../../src/sandbox/metrics/run-prometheus.ts';
import { answerQuery } from '../../src/sandbox/metrics/stand-in/answer-query.ts';
import { createSampleStore } from '../../src/sandbox/metrics/stand-in/sample-store.ts';
import { startStandIn } from '../../src/sandbox/metrics/stand-in/start-stand-in.ts';
import { configurationText } from '../../src/sandbox/shop/configuration.ts';
import { shopOf } from '../../src/sandbox/shop/shop.ts';
import type { HistorySample } from '../sandbox/metrics/history.ts';
import { waitUntil } from '../servers/wait.ts';
import { temporaryFolder } from './opened.ts';
import { realProgram } from './programs.ts';
import { startOnHistory } from './servers/prometheus.ts';
import { HISTORY_SECONDS, shopHistory } from './stand-in-history.ts';

interface Element {
  metric: Record<string, string>;
  value: [number, string];
}

/** The queries of the sandbox, and what they are made of. */
function shippedQueries(window: string): string[] {
  const address = 'http://127.0.0.1:1';
  const { gatePresets } = parse(
    configurationText(shopOf(), {
      slackApi: address,
      gitops: address,
      ledger: address,
      cluster: address,
      prometheus: address,
      registry: { host: 'a', url: address },
      dataDir: '/nonexistent',
    }),
  );
  const written = Object.values<Record<string, string>>(gatePresets).flatMap(
    ({ query = '', trafficQuery }) => [query, ...(trafficQuery === undefined ? [] : [trafficQuery])],
  );
  const values: Record<string, string> = { service: 'cart', namespace: 'shop-prod', window };
  return ['old', 'new', 'none'].flatMap((podHash) =>
    written.map((query) => query.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? podHash)),
  );
}

const PARTS = [
  'http_requests_total',
  'http_requests_total{pod=~"s.*|gaps",status!="5xx"}',
  'rate(http_requests_total[10s])',
  'sum by (pod, status) (rate(http_requests_total{pod_hash!~"old"}[7s]))',
  'sum by (pod) (rate(http_requests_total{status="5xx"}[10s])) / sum by (pod) (rate(http_requests_total[10s]))',
  'histogram_quantile(0.5, sum by (le, pod_hash) (rate(http_request_duration_seconds_bucket[10s])))',
  'histogram_quantile(0.99, rate(http_request_duration_seconds_bucket{pod="gaps"}[15s]))',
  'sum(http_requests_total) / sum(http_requests_total{pod="idle"})',
];

/** Multiplication with a fixed step: the same jitter each time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function storeOf(samples: readonly HistorySample[]) {
  const store = createSampleStore();
  for (const { series, value, at } of samples) {
    const [name = '', inner = ''] = series.split(/[{}]/);
    const pairs = [...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text]);
    store.append({ __name__: name, ...Object.fromEntries(pairs) }, { at, value });
  }
  return store;
}

/** By labels, in one order, so that two results can be compared. */
function byLabels(elements: readonly Element[]): Map<string, number> {
  const spelled = elements.map(({ metric, value: [, text] }): [string, number] => [
    JSON.stringify(Object.entries(metric).sort()),
    text.endsWith('Inf') ? Number(text.replace('Inf', 'Infinity')) : Number(text),
  ]);
  return new Map(spelled.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function askReal(url: string, parameters: Record<string, string>): Promise<Element[]> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
  });
  const { data } = (await response.json()) as { data: { result: Element[] } };
  return data.result;
}

describe('the stand-in for Prometheus on the samples of a real one', () => {
  // Jitter is below 20 ms, so that no window of whole seconds has a sample on its edge, where versions of Prometheus differ.
  const instants = Array.from({ length: HISTORY_SECONDS }, (_, second) => second * 1000 + 517);

  it.each(['5s', '12s', '30s'])('gives the same for every query, with a window of %s', async (window) => {
    const start = Math.floor(Date.now() / 1000) * 1000 - 600_000;
    const samples = shopHistory(start, chance(Number.parseInt(window, 10)));
    await using real = await startOnHistory(samples);
    const store = storeOf(samples);
    let compared = 0;
    for (const query of [...shippedQueries(window), ...PARTS]) {
      for (const instant of instants) {
        const parameters = { query, time: String((start + instant) / 1000) };
        const expected = byLabels(await askReal(real.url, parameters));
        const answer = answerQuery(new URLSearchParams(parameters), { store, now: 0 });
        const { data } = answer.body as { data: { result: Element[] } };
        const given = byLabels(data.result);
        expect([...given.keys()], `${query} at ${instant} ms`).toEqual([...expected.keys()]);
        for (const [labels, value] of expected) {
          expectSame(given.get(labels), value, `${query} at ${instant} ms of ${labels}`);
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(5_000);
  });

  function expectSame(given: number | undefined, expected: number, what: string): void {
    const near = Math.abs((given ?? 0) - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
    if (!near && !Object.is(given, expected)) expect(given, what).toBe(expected);
  }
});

describe('the stand-in for Prometheus on a target that a real one scrapes as well', () => {
  it('keeps the same labels and numbers, and lets go of the same', async () => {
    await using open = new AsyncDisposableStack();
    let shows = 'a{job="x",instance="y",z="\\"q\\""} 1.5\nb NaN\nc 3\nd +Inf\n';
    let status = 200;
    const target = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4' }).end(shows);
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    open.defer(async () => {
      target.closeAllConnections();
      await new Promise((resolve) => target.close(resolve));
    });
    const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/metrics`;
    const scraping = { scrape: [{ job: 'shop', url }], scrapeIntervalMs: 250 };
    const dataDir = await temporaryFolder(open, 'scraping');
    const program = await realProgram(PROMETHEUS);
    const real = open.use(await runPrometheus({ ...scraping, program, dataDir }));
    const standIn = open.use(await startStandIn(scraping));
    const both = async (query: string) => {
      const [expected, given] = await Promise.all(
        [real, standIn].map(async (one) => byLabels(await askReal(one.url, { query }))),
      );
      return { expected, given };
    };
    const agreeOn = (query: string, count: number) =>
      waitUntil(
        async () => {
          const { expected, given } = await both(query);
          return (expected?.size ?? 0) === count && (given?.size ?? 0) === count;
        },
        { withinMs: 20_000, what: `${count} series of ${query}` },
      );
    for (const query of ['a', 'b', 'c', 'd', 'up']) {
      await agreeOn(query, 1);
      const { expected, given } = await both(query);
      expect(given).toEqual(expected);
    }
    shows = shows.replace(/^c.*\n/m, '');
    await agreeOn('c', 0);
    await agreeOn('a', 1);
    status = 500;
    await agreeOn('a', 0);
    const { expected, given } = await both('up');
    expect(given).toEqual(expected);
    expect([...(expected?.values() ?? [])]).toEqual([0]);
  });
});
