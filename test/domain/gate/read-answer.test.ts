import { describe, expect, it } from 'vitest';
import type { Measurement, PlannedGate } from '../../../src/domain/gate/planned-gate.ts';
import { readAnswer, type SampleValue } from '../../../src/domain/gate/read-answer.ts';
import { limit, plannedGate } from './planned.ts';

type Told = Partial<Measurement>;

const both = { threshold: limit('< 2%'), failThreshold: limit('> 5%') };
const higher = { threshold: limit('>= 99%') };
const busy = { trafficQuery: 'sum(rate(r_total[5m]))', minTraffic: 10 };
const latency = {
  ...busy,
  query: 'histogram_quantile(0.95, sum by (le) (rate(d_seconds_bucket{status!~"5.."}[5m])))',
  threshold: limit('< 300ms'),
};

describe('an answer of Prometheus', () => {
  it.each<[string, Partial<PlannedGate>, SampleValue[], Told]>([
    ['passes when it satisfies the threshold', {}, [0.019], { outcome: 'pass', value: 0.019 }],
    ['fails when it does not', {}, [0.02], { outcome: 'fail', value: 0.02 }],
    ['passes when it is zero and may be', {}, [0], { outcome: 'pass', value: 0 }],
    ['with two thresholds passes below', both, [0.01], { outcome: 'pass', value: 0.01 }],
    ['with two thresholds is inconclusive between', both, [0.03], { outcome: 'inconclusive', value: 0.03 }],
    ['with two thresholds fails beyond', both, [0.051], { outcome: 'fail', value: 0.051 }],
    ['fails where both thresholds hold', { failThreshold: limit('> 1%') }, [0.015], { outcome: 'fail' }],
    ['is inconclusive for NaN', {}, ['NaN'], { outcome: 'inconclusive', note: 'NaN: nothing to divide by' }],
    ['is what onNoData says for NaN', { onNoData: 'fail' }, ['NaN'], { outcome: 'fail' }],
    ['fails for an infinity', {}, ['+Inf'], { outcome: 'fail', note: '+Inf' }],
    ['fails for an infinity on the good side', {}, ['-Inf'], { outcome: 'fail', note: '-Inf' }],
    ['is inconclusive without data', {}, [], { outcome: 'inconclusive', note: 'no data' }],
    ['is what onNoData says without data', { onNoData: 'fail' }, [], { outcome: 'fail', note: 'no data' }],
    ['passes without data only where that is said', { onNoData: 'pass' }, [], { outcome: 'pass' }],
    ['is inconclusive for several series', {}, [0, 0], { outcome: 'inconclusive' }],
    ['is an error without a threshold', { threshold: undefined }, [0], { outcome: 'error' }],
  ])('%s', (_, more, values, told) => {
    const { threshold, ...rest } = more;
    const gate = 'threshold' in more && threshold === undefined ? without(rest) : plannedGate(more);
    expect(readAnswer(gate, values, undefined)).toMatchObject(told);
  });

  function without(more: Partial<PlannedGate>): PlannedGate {
    const { threshold: _, ...gate } = plannedGate(more);
    return gate;
  }

  it.each<[string, Partial<PlannedGate>, SampleValue[], Told]>([
    ['fails when one fails', {}, [0.01, 0.03, 0.02], { outcome: 'fail', value: 0.03 }],
    ['passes when all pass, and shows the nearest', {}, [0.001, 0.019, 0], { outcome: 'pass', value: 0.019 }],
    ['knows which side is worse', higher, [0.999, 0.995, 1], { outcome: 'pass', value: 0.995 }],
    ['does not let one that passes hide one that is unclear', {}, [0, 'NaN'], { outcome: 'inconclusive' }],
    ['lets a failure stand over what is unclear', {}, ['NaN', 0.5, 0], { outcome: 'fail', value: 0.5 }],
    ['shows the infinity among failures', {}, [0.5, '+Inf'], { outcome: 'fail', note: '+Inf' }],
  ])('of several, the worst counting, %s', (_, more, values, told) => {
    const measured = readAnswer(plannedGate({ ...more, reduce: 'worst' }), values, undefined);
    expect(measured).toMatchObject(told);
  });

  it.each<[string, Partial<PlannedGate>, SampleValue[], number, Told]>([
    ['keeps the traffic it saw', busy, [0.01], 10, { outcome: 'pass', value: 0.01, traffic: 10 }],
    ['is inconclusive with too little', busy, [0.01], 9.9, { outcome: 'inconclusive', traffic: 9.9 }],
    ['is inconclusive with too little, also when bad', busy, [1], 2, { outcome: 'inconclusive' }],
    ['is inconclusive with none', busy, [], 0, { outcome: 'inconclusive', traffic: 0 }],
    ['reads a counter of failures that never counted as 0', busy, [], 50, { outcome: 'pass', value: 0 }],
    ['compares that 0', { ...busy, ...higher }, [], 50, { outcome: 'fail', value: 0 }],
    ['does not read a latency that is unknown as 0', latency, [], 50, { outcome: 'inconclusive' }],
    [
      'does not read any other query without series as 0',
      { ...busy, query: 'avg(queue_length)' },
      [],
      50,
      { outcome: 'inconclusive', note: 'no data' },
    ],
    [
      'does not believe traffic that nobody bounds',
      { ...busy, minTraffic: 0 },
      [],
      50,
      { outcome: 'inconclusive', traffic: 50 },
    ],
  ])('with traffic %s', (_, more, values, traffic, told) => {
    expect(readAnswer(plannedGate(more), values, traffic)).toMatchObject(told);
  });

  it('has a value only where a number was compared', () => {
    for (const values of [[], ['NaN'], ['+Inf'], [0, 0]] as SampleValue[][]) {
      expect(readAnswer(plannedGate(), values, undefined)).not.toHaveProperty('value');
    }
  });

  it.each([
    ['< 0.02', [true, false, false]],
    ['<= 0.02', [true, true, false]],
    ['> 0.02', [false, false, true]],
    ['>= 0.02', [false, true, true]],
    ['== 0.02', [false, true, false]],
    ['!= 0.02', [true, false, true]],
  ])('compares by %s', (threshold, passes) => {
    const gate = plannedGate({ threshold: limit(threshold) });
    const outcomes = [0.01, 0.02, 0.03].map((value) => readAnswer(gate, [value], undefined).outcome);
    expect(outcomes.map((outcome) => outcome === 'pass')).toEqual(passes);
  });
});
