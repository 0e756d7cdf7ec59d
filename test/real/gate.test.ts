import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/adapters/prometheus/metrics.ts';
import { judgeGate, nextMeasurementAt } from '../../src/domain/gate/judge-gate.ts';
import type { Measurement, PlannedGate, Verdict } from '../../src/domain/gate/planned-gate.ts';
import type { GateAtMoment } from '../../src/domain/release/look.ts';
import { prometheusGate } from '../../src/gates/prometheus.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import { limit, plannedGate } from '../domain/gate/planned.ts';
import type { HistorySample } from '../sandbox/metrics/history.ts';
import { type HistoricPrometheus, startOnHistory } from './servers/prometheus.ts';

const SECONDS = 120;

/** Requests a second by pod hash and status. What is absent has no series. */
const TRAFFIC: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  good: { '200': 99.5, '500': 0.5 },
  bad: { '200': 90, '500': 10 },
  flawless: { '200': 100 },
  quiet: { '200': 0.2, '500': 0 },
  silent: { '200': 0, '500': 0 },
};

const CANARY = 'service="{{service}}",namespace="{{namespace}}",pod_hash="{{pod_hash}}"';
const TOTAL = `sum(rate(http_requests_total{${CANARY}}[{{window}}]))`;
const RATIO = `sum(rate(http_requests_total{${CANARY},status=~"5.."}[{{window}}])) / ${TOTAL}`;

const gate = plannedGate({
  query: RATIO,
  threshold: limit('< 2%'),
  windowMs: 20_000,
  intervalMs: 5_000,
  scrapeIntervalMs: 1_000,
  count: 3,
});

function history(start: number): HistorySample[] {
  const seconds = Array.from({ length: SECONDS }, (_, second) => second);
  return Object.entries(TRAFFIC).flatMap(([hash, statuses]) =>
    Object.entries(statuses).flatMap(([status, perSecond]) =>
      seconds.map((second) => ({
        series: `http_requests_total{service="cart",namespace="shop-prod",pod_hash="${hash}",status="${status}"}`,
        value: 10_000 + second * perSecond,
        at: start + second * 1000,
      })),
    ),
  );
}

describe('a gate that asks Prometheus itself', () => {
  const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
  /** A minute into the history: everything is measured in the past. */
  const since = start + 60_250;
  let prometheus: HistoricPrometheus;
  let metrics: Metrics;
  beforeAll(async () => {
    prometheus = await startOnHistory(history(start));
    metrics = createMetrics({ main: prometheus });
  });
  afterAll(() => prometheus[Symbol.asyncDispose]());

  const atPause = (podHash: string, more: Partial<PlannedGate>): GateAtMoment => ({
    gate: { ...gate, ...more },
    service: 'cart',
    namespace: 'shop-prod',
    moment: { placement: 'prod/cart', podHash, step: 1, since: new Date(since).toISOString() },
    stablePodHash: 'good',
  });
  const measure = (podHash: string, more: Partial<PlannedGate> = {}, at = since + 21_000) =>
    prometheusGate.measure(atPause(podHash, more), { at, environment: 'prod' }, { metrics });

  /** Measures until there is a verdict, at the moments the gate wants. */
  async function judge(podHash: string, more: Partial<PlannedGate> = {}) {
    const soFar: Measurement[] = [];
    let verdict: Verdict | undefined;
    for (let tries = 0; verdict === undefined && tries < 20; tries += 1) {
      const at = nextMeasurementAt({ ...gate, ...more }, since, soFar);
      soFar.push((await measure(podHash, more, at)).measurement);
      verdict = judgeGate({ ...gate, ...more }, soFar);
    }
    return { verdict, measurements: soFar };
  }

  it('passes a good canary after its count of measurements, the first a window and a scrape into the pause', async () => {
    const { verdict, measurements } = await judge('good');
    expect(verdict).toBe('pass');
    expect(measurements.map(({ at }) => Date.parse(at) - since)).toEqual([21_000, 26_000, 31_000]);
    for (const { value } of measurements) expect(value).toBeCloseTo(0.005, 6);
  });

  it('fails a bad one at once', async () => {
    const { verdict, measurements } = await judge('bad');
    expect([verdict, measurements.length]).toEqual(['fail', 1]);
    expect(measurements[0]?.value).toBeCloseTo(0.1, 6);
  });

  it.each<[string, string, Partial<PlannedGate>, Partial<Measurement>]>([
    [
      'NaN of a canary without requests',
      'silent',
      {},
      { outcome: 'inconclusive', note: 'NaN: nothing to divide by' },
    ],
    ['nothing of a canary that is not there', 'absent', {}, { outcome: 'inconclusive', note: 'no data' }],
    ['a canary that never failed', 'flawless', {}, { outcome: 'inconclusive', note: 'no data' }],
    [
      'a canary that never failed, with traffic',
      'flawless',
      { trafficQuery: TOTAL, minTraffic: 50 },
      { outcome: 'pass', value: 0, note: 'no series, although there was traffic: read as 0' },
    ],
    [
      'too little traffic',
      'quiet',
      { trafficQuery: TOTAL, minTraffic: 50 },
      { outcome: 'inconclusive', note: expect.stringMatching(/too little traffic: 0\.2\d* < 50/) },
    ],
    [
      'an infinity',
      'good',
      { query: `${TOTAL} / ${TOTAL.replace('{{pod_hash}}', 'silent')}` },
      { outcome: 'fail', note: '+Inf' },
    ],
    [
      'several series of which none is singled out',
      'bad',
      { query: `sum by (status) (rate(http_requests_total{${CANARY}}[{{window}}]))` },
      { outcome: 'inconclusive', note: expect.stringContaining('2 series') },
    ],
    [
      'several series of which the worst counts',
      'bad',
      {
        query: `sum by (status) (rate(http_requests_total{${CANARY}}[{{window}}]))`,
        reduce: 'worst',
        threshold: limit('< 20'),
      },
      { outcome: 'fail', value: expect.closeTo(90, 3) },
    ],
    ['a number by itself', 'good', { query: 'scalar(vector(0.01))' }, { outcome: 'pass', value: 0.01 }],
    ['an absent metric, asked for', 'good', { query: 'absent(nothing)' }, { outcome: 'fail', value: 1 }],
    [
      'a query that is none',
      'good',
      { query: 'sum(rate(' },
      { outcome: 'error', note: expect.stringMatching(/^bad_data: .*parse error/) },
    ],
    [
      'a query that cannot be evaluated',
      'good',
      { query: 'http_requests_total / on(service) http_requests_total' },
      { outcome: 'error', note: expect.stringMatching(/^execution: /) },
    ],
    [
      'a range instead of a number',
      'good',
      { query: 'http_requests_total[5s]' },
      { outcome: 'error', note: expect.stringContaining('matrix') },
    ],
    [
      'a text instead of a number',
      'good',
      { query: '"0"' },
      { outcome: 'error', note: expect.stringContaining('string') },
    ],
  ])('reads %s', async (_, podHash, more, told) => {
    expect((await measure(podHash, more)).measurement).toMatchObject(told);
  });

  it('compares the canary with the stable version beside it', async () => {
    const query = `${RATIO} / (${RATIO.replaceAll('{{pod_hash}}', '{{stable_hash}}')})`;
    const { measurement } = await measure('bad', { query, threshold: limit('< 2') });
    expect(measurement).toMatchObject({ outcome: 'fail', value: expect.closeTo(20, 3) });
  });

  it('is an error, soon, for a query that takes too long', async () => {
    // Millions of steps; its own deadline does not always stop Prometheus, so that we have one as well.
    const query = 'count_over_time(vector(1)[1h:1ms])';
    const began = performance.now();
    const { measurement } = await measure('good', { query, timeoutMs: 100 });
    expect(measurement).toMatchObject({ outcome: 'error', note: expect.stringMatching(/timeout|reached/) });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('is an error for an answer that nobody wants to read', async () => {
    const tenfold = (inner: string) => `label_replace(${inner}, "x", "${'$1'.repeat(10)}", "x", "(.*)")`;
    const million = [1, 2, 3, 4, 5].reduce(
      tenfold,
      'label_replace(http_requests_total, "x", "0123456789", "", "")',
    );
    expect((await measure('good', { query: million })).measurement).toMatchObject({
      outcome: 'error',
      note: expect.stringContaining('longer than 1 MiB'),
    });
  });

  it('is judged an error while nobody answers, each try ten seconds after the last', async () => {
    const away = createMetrics({ main: { url: 'http://127.0.0.1:1' } });
    const soFar: Measurement[] = [];
    while (judgeGate(gate, soFar) === undefined) {
      const at = nextMeasurementAt(gate, since, soFar);
      const judged = atPause('good', {});
      const options = { at, environment: 'prod' };
      soFar.push((await prometheusGate.measure(judged, options, { metrics: away })).measurement);
    }
    expect(judgeGate(gate, soFar)).toBe('error');
    expect(soFar.map(({ at }) => Date.parse(at) - since)).toEqual([21_000, 31_000, 41_000, 51_000, 61_000]);
  });
});
