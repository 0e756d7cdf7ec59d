import { describe, expect, it } from 'vitest';
import {
  addMeasurement,
  assessRun,
  dueMetrics,
  msToNext,
} from '../../../../src/sandbox/cluster/analysis/assess.ts';
import { evaluateCondition } from '../../../../src/sandbox/cluster/analysis/condition.ts';
import { metricsFault, resolveMetric } from '../../../../src/sandbox/cluster/analysis/metric.ts';
import type {
  AnalysisPhase,
  AnalysisRun,
  Metric,
} from '../../../../src/sandbox/cluster/rollout/analysis-object.ts';
import { timestamp } from '../../../../src/sandbox/cluster/rollout/time.ts';

const START = Date.parse('2026-11-20T00:00:00Z');

function metric(more: Partial<Metric> = {}): Metric {
  return { name: 'errors', provider: { prometheus: { query: 'q' } }, ...more };
}

function runOf(metrics: Metric[], more: Partial<AnalysisRun['spec']> = {}): AnalysisRun {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisRun',
    metadata: { name: 'run' },
    spec: { metrics, ...more },
  };
}

/** The run after its only metric was measured with these outcomes, a minute apart. */
function measured(run: AnalysisRun, outcomes: readonly AnalysisPhase[]): AnalysisRun {
  const [only] = run.spec.metrics;
  if (only === undefined) return run;
  let current = run;
  for (const [index, phase] of outcomes.entries()) {
    const now = START + index * 60_000;
    const measurement = { phase, startedAt: timestamp(now), finishedAt: timestamp(now) };
    const metricResults = [addMeasurement(current, only, { measurement })];
    const status = { phase: '' as const, ...current.status, metricResults };
    current = { ...current, status: assessRun({ ...current, status }, run.spec.metrics, now) };
  }
  return current;
}

describe('conditions', () => {
  it.each([
    ['result[0] < 0.02', [0.01], true],
    ['result[0] < 0.02 && result[1] >= 1', [0.01, 1], true],
    ['len(result) > 0 && result[0] < 1', [], false],
    ['len(result) == 0 || result[0] < 1', [], true],
    ['isNaN(result[0]) || isInf(result[0])', [Number.POSITIVE_INFINITY], true],
    ['not (result[0] > 1) and true', [0.5], true],
    ['result[0] * 2 - 1 == -0.5 + 0.5', [0.5], true],
    ['result != 3', 3, false],
    ['result[0] < 1e-3', [0.0005], true],
  ] as const)('%s', (condition, result, holds) => {
    expect(evaluateCondition(condition, result)).toEqual({ kind: 'answer', holds });
  });

  it.each([
    ['result < 0.02', [1], 'invalid operation: < (mismatched types []float64 and float64)'],
    ['result[0] < 1', [], 'reflect: slice index out of range'],
    ['result[0] < 1', 3, 'type float64[int] is undefined'],
    ['result[0] <', [1], 'unexpected token EOF'],
    ['result[0]', [1], 'expected bool, but got float64'],
    ['all(result, # < 1)', [1], 'all is not supported in the sandbox'],
    ['result[0] < 1 )', [1], 'unexpected token )'],
  ] as const)('%s on %j is an error', (condition, result, message) => {
    expect(evaluateCondition(condition, result)).toEqual({ kind: 'error', message });
  });
});

describe('runs', () => {
  it.each([
    ['one success', {}, ['Successful'], 'Successful'],
    ['one failure', {}, ['Failed'], 'Failed'],
    [
      'failures up to the limit',
      { interval: '1m', count: 3, failureLimit: 1 },
      ['Failed', 'Successful', 'Successful'],
      'Successful',
    ],
    ['failures beyond it', { interval: '1m', count: 3, failureLimit: 1 }, ['Failed', 'Failed'], 'Failed'],
    ['four errors in a row', {}, ['Error', 'Error', 'Error', 'Error'], 'Running'],
    ['five errors in a row', {}, ['Error', 'Error', 'Error', 'Error', 'Error'], 'Error'],
    ['errors with a success between', {}, ['Error', 'Error', 'Error', 'Error', 'Successful'], 'Successful'],
    ['inconclusive', {}, ['Inconclusive'], 'Inconclusive'],
    ['no end in sight', { interval: '1m' }, ['Successful', 'Successful'], 'Running'],
    [
      'enough successes in a row',
      { interval: '1m', consecutiveSuccessLimit: 2 },
      ['Successful', 'Successful'],
      'Successful',
    ],
  ] as [string, Partial<Metric>, AnalysisPhase[], AnalysisPhase][])('%s: %o', (_, more, outcomes, phase) => {
    expect(measured(runOf([metric(more)]), outcomes).status?.phase).toBe(phase);
  });

  it('count a dry run and never mind it', () => {
    const run = measured(runOf([metric()], { dryRun: [{ metricName: 'err.*' }] }), ['Failed']);
    expect(run.status).toMatchObject({
      phase: 'Successful',
      runSummary: {},
      dryRunSummary: { count: 1, failed: 1 },
      metricResults: [
        { dryRun: true, message: 'Metric assessed Failed due to failed (1) > failureLimit (0)' },
      ],
    });
  });

  it('keep ten measurements', () => {
    const run = measured(runOf([metric({ interval: '1m' })]), Array(15).fill('Successful'));
    expect(run.status?.metricResults?.[0]).toMatchObject({ count: 15, successful: 15 });
    expect(run.status?.metricResults?.[0]?.measurements?.length).toBe(10);
  });

  it('are due at once, at the interval, ten seconds after an error, and after their delay', () => {
    const due = (run: AnalysisRun, atSeconds: number) =>
      dueMetrics(run, run.spec.metrics, START + atSeconds * 1000).length;
    expect(due(runOf([metric()]), 0)).toBe(1);
    const once = measured(runOf([metric({ interval: '30s', count: 2 })]), ['Successful']);
    expect([due(once, 29), due(once, 30)]).toEqual([0, 1]);
    expect(msToNext(once, once.spec.metrics, START)).toBe(30_000);
    const erred = measured(runOf([metric({ interval: '30s', count: 2 })]), ['Error']);
    expect([due(erred, 9), due(erred, 10)]).toEqual([0, 1]);
    const delayed = runOf([metric({ initialDelay: '20s' })]);
    const begun = { ...delayed, status: assessRun(delayed, delayed.spec.metrics, START) };
    expect([due(begun, 19), due(begun, 20)]).toEqual([0, 1]);
    const ended = { ...once, spec: { ...once.spec, terminate: true } };
    expect(due(ended, 60)).toBe(0);
  });

  it('say what is wrong with their metrics', () => {
    expect(metricsFault([])).toBe('no metrics specified');
    expect(metricsFault([metric({ count: 3 })])).toBe(
      'metrics[0]: interval must be specified when count > 1',
    );
    expect(metricsFault([metric({ interval: 'soon' })])).toBe(
      'metrics[0]: invalid interval string: time: invalid duration "soon"',
    );
    expect(metricsFault([{ name: 'a', provider: {} }])).toBe('metrics[0]: no provider specified');
    expect(metricsFault([metric({ interval: '1m', count: 3 })])).toBeUndefined();
  });

  it('fill their arguments in, quotes and all', () => {
    const asked = metric({
      successCondition: 'result[0] < {{ args.limit }}',
      provider: { prometheus: { query: 'x{{args.q}}' } },
    });
    const args = [
      { name: 'limit', value: '2' },
      { name: 'q', value: '{a="b"}' },
    ];
    expect(resolveMetric(asked, args)).toMatchObject({
      kind: 'metric',
      metric: { successCondition: 'result[0] < 2', provider: { prometheus: { query: 'x{a="b"}' } } },
    });
    expect(resolveMetric(asked, args.slice(0, 1))).toEqual({
      kind: 'error',
      message: 'failed to resolve {{args.q}}',
    });
  });
});
