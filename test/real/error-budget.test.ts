import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/adapters/prometheus/metrics.ts';
import { errorBudgetGate } from '../../src/gates/error-budget.ts';
import { plannedGate } from '../domain/gate/planned.ts';
import type { HistorySample } from '../sandbox/metrics/history.ts';
import { startOnHistory } from './servers/prometheus.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A week of a service with a hundred requests a minute, of which `failing` of a hundred fail in the last hour, and none before. */
function week(service: string, end: number, failing: number): HistorySample[] {
  const samples: HistorySample[] = [];
  let [all, failed] = [0, 0];
  for (let at = end - 7 * DAY; at <= end; at += 5 * MINUTE) {
    all += 500;
    if (at > end - HOUR) failed += failing * 5;
    samples.push(
      { series: `requests_total{service="${service}",code="200"}`, value: all - failed, at },
      { series: `requests_total{service="${service}",code="500"}`, value: failed, at },
    );
  }
  return samples;
}

/** Ranges of five minutes need more than one sample in five minutes. */
function finer(samples: HistorySample[], service: string, end: number, failing: number): HistorySample[] {
  const last = (code: string) =>
    samples.findLast(({ series }) => series.includes(`code="${code}"`))?.value ?? 0;
  const extra: HistorySample[] = [];
  for (let minute = 1; minute <= 10; minute++) {
    const at = end + minute * MINUTE;
    extra.push(
      {
        series: `requests_total{service="${service}",code="200"}`,
        value: last('200') + minute * (100 - failing),
        at,
      },
      {
        series: `requests_total{service="${service}",code="500"}`,
        value: last('500') + minute * failing,
        at,
      },
    );
  }
  return [...samples, ...extra];
}

const ratio = (more: string) => `sum(rate(requests_total{service="{{service}}"${more}}[{{window}}]))`;
const gate = plannedGate({
  type: 'errorBudget',
  phase: 'preflight',
  objective: {
    ratio: 0.99,
    periodMs: 7 * DAY,
    errorQuery: ratio(',code=~"5.."'),
    totalQuery: ratio(''),
  },
});

describe('an error budget in Prometheus itself', () => {
  it('is burned by the service that fails, calm for the other, and not known for one that nobody measures', async () => {
    const end = Date.now() - 11 * MINUTE;
    const histories = (['web', 'stock'] as const).map((service) => {
      const failing = service === 'web' ? 20 : 0;
      return finer(week(service, end, failing), service, end, failing);
    });
    await using prometheus = await startOnHistory(histories.flat());
    const metrics = createMetrics({ main: prometheus });
    const measure = async (service: string) => {
      const question = { gate, service, namespace: 'prod', stablePodHash: '', moment: { podHash: '' } };
      const asking = { at: end + 10 * MINUTE, environment: 'prod' };
      return (await errorBudgetGate.measure(question, asking, { metrics })).measurement;
    };
    expect(await measure('web')).toMatchObject({
      outcome: 'fail',
      note: expect.stringMatching(/^burns \d+(\.\d+)?× over 1h and (19|20)(\.\d+)?× over 5m .*it pages/),
    });
    expect(await measure('stock')).toMatchObject({
      outcome: 'pass',
      note: expect.stringContaining('100 % of the budget of 7d at 99 % is left'),
    });
    expect(await measure('nobody')).toMatchObject({ outcome: 'inconclusive' });
  });
});
