import { describe, expect, it } from 'vitest';
import type { SampleValue } from '../../src/domain/gate/read-answer.ts';
import { UnavailableError } from '../../src/errors.ts';
import { errorBudgetGate } from '../../src/gates/error-budget.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import { plannedGate } from '../domain/gate/planned.ts';

const DAY = 86_400_000;
const gate = plannedGate({
  type: 'errorBudget',
  phase: 'preflight',
  objective: {
    ratio: 0.999,
    periodMs: 30 * DAY,
    errorQuery: 'sum(increase(errors{service="{{service}}"}[{{window}}]))',
    totalQuery: 'sum(increase(requests{service="{{service}}"}[{{window}}]))',
  },
});
const question = { gate, service: 'web', namespace: 'prod', stablePodHash: '', moment: { podHash: '' } };
const asking = { at: Date.parse('2026-11-20T14:00:00Z'), environment: 'prod' };

/** A Prometheus in which everything is asked of `errors` and `requests`, by range. */
function prometheus(told: (what: string, range: string) => SampleValue[]): Metrics & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async queryInstant({ promql }) {
      asked.push(promql);
      const [, what = '', range = ''] = /\((errors|requests)\{service="web"\}\[(\w+)\]/.exec(promql) ?? [];
      const series = told(what, range).map((value) => ({ labels: {}, value, at: '' }));
      return { kind: 'series', series, link: 'https://prometheus.test/graph' };
    },
  };
}

describe('the error budget of a service', () => {
  it('is measured over every window, with its own name in the queries', async () => {
    const metrics = prometheus((what) => (what === 'errors' ? [5] : [10_000]));
    const { measurement, query, link } = await errorBudgetGate.measure(question, asking, { metrics });
    expect(measurement).toMatchObject({
      outcome: 'pass',
      note: expect.stringContaining('burns 0.5× over 1h'),
    });
    expect(metrics.asked).toHaveLength(16);
    expect(metrics.asked).toContain('sum(increase(errors{service="web"}[2592000s]))');
    expect([query, link]).toEqual([expect.stringContaining('[300s]'), 'https://prometheus.test/graph']);
  });

  it('fails while it burns', async () => {
    const metrics = prometheus((what, range) =>
      what === 'errors' ? [range === '2592000s' ? 1 : 200] : [10_000],
    );
    const { measurement } = await errorBudgetGate.measure(question, asking, { metrics });
    expect(measurement).toMatchObject({
      outcome: 'fail',
      note: expect.stringContaining('burns 20× over 1h and 20× over 5m (limit 14.4×): it pages'),
    });
  });

  it.each<[string, (what: string) => SampleValue[], string]>([
    ['no data at all', () => [], 'inconclusive'],
    ['no traffic', () => [0], 'inconclusive'],
    ['NaN', () => ['NaN'], 'inconclusive'],
    ['several series', () => [1, 2], 'inconclusive'],
    ['failures that never counted', (what) => (what === 'errors' ? [] : [10_000]), 'pass'],
  ])('with %s', async (_, told, outcome) => {
    const { measurement } = await errorBudgetGate.measure(question, asking, { metrics: prometheus(told) });
    expect(measurement.outcome).toBe(outcome);
  });

  it('could not be told while Prometheus is away or nobody promised anything', async () => {
    const away: Metrics = {
      async queryInstant() {
        throw new UnavailableError('Prometheus main is away');
      },
    };
    const outcomeOf = async (metrics: Metrics, objective = gate.objective) =>
      (await errorBudgetGate.measure({ ...question, gate: { ...gate, objective } }, asking, { metrics }))
        .measurement;
    expect(await outcomeOf(away)).toMatchObject({ outcome: 'error', note: 'Prometheus main is away' });
    const none = { ...question, gate: plannedGate({ type: 'errorBudget' }) };
    const told = await errorBudgetGate.measure(none, asking, { metrics: away });
    expect(told.measurement).toMatchObject({ outcome: 'error', note: expect.stringContaining('slo') });
  });
});
