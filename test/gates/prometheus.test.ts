import { describe, expect, it } from 'vitest';
import type { PlannedGate } from '../../src/domain/gate/planned-gate.ts';
import type { GateAtMoment } from '../../src/domain/release/look.ts';
import { TerminalError, UnavailableError } from '../../src/errors.ts';
import { prometheusGate } from '../../src/gates/prometheus.ts';
import { gates } from '../../src/gates/registry.ts';
import type { Metrics, QueryAnswer } from '../../src/ports/metrics.ts';
import { plannedGate } from '../domain/gate/planned.ts';

const AT = Date.parse('2026-11-21T10:00:20.250Z');

function atPause(more: Partial<PlannedGate> = {}): GateAtMoment {
  return {
    gate: plannedGate({ query: 'errors{pod_hash="{{pod_hash}}"}', ...more }),
    service: 'orders-api',
    namespace: 'shop-prod',
    moment: { placement: 'prod/orders-api', podHash: 'abc', step: 1, since: '2026-11-21T10:00:00Z' },
    stablePodHash: 'def',
  };
}

/** Answers by the beginning of the query, and keeps what was asked. */
function answering(told: Readonly<Record<string, QueryAnswer | Error>>) {
  const asked: Parameters<Metrics['queryInstant']>[0][] = [];
  const metrics: Metrics = {
    async queryInstant(query) {
      asked.push(query);
      const [, answer] = Object.entries(told).find(([start]) => query.promql.startsWith(start)) ?? [];
      if (answer === undefined) throw new TypeError(`nobody expected ${query.promql}`);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const measure = (judged: GateAtMoment) =>
    prometheusGate.measure(judged, { at: AT, environment: 'prod' }, { metrics });
  return { asked, measure };
}

function series(...values: (number | 'NaN' | '+Inf')[]): QueryAnswer {
  const at = new Date(AT).toISOString();
  return {
    kind: 'series',
    link: 'http://p/graph',
    series: values.map((value) => ({ labels: {}, value, at })),
  };
}

const busy = { trafficQuery: 'traffic{service="{{service}}"}', minTraffic: 5 };

describe('a measurement by Prometheus', () => {
  it('asks the filled query of the gate, once, for the moment of the measurement', async () => {
    const world = answering({ errors: series(0.5) });
    const query =
      'errors{a="{{service}}",b="{{namespace}}",c="{{environment}}",d="{{pod_hash}}",e="{{stable_hash}}"}[{{window}}]';
    const measured = await world.measure(atPause({ query, timeoutMs: 3_000, prometheus: 'eu' }));
    const promql = 'errors{a="orders-api",b="shop-prod",c="prod",d="abc",e="def"}[300s]';
    expect(world.asked).toEqual([{ prometheus: 'eu', promql, at: AT, timeoutMs: 3_000 }]);
    expect(measured).toEqual({
      measurement: { outcome: 'fail', value: 0.5, at: '2026-11-21T10:00:20.250Z' },
      query: promql,
      link: 'http://p/graph',
    });
  });

  it.each([
    [300_000, '300s'],
    [1_000, '1s'],
    [1_500, '1500ms'],
    [250, '250ms'],
  ])('looks back by a window of %i ms and no further', async (windowMs, written) => {
    const world = answering({ errors: series(0) });
    await world.measure(atPause({ query: 'errors[{{window}}]', windowMs }));
    expect(world.asked[0]?.promql).toBe(`errors[${written}]`);
  });

  it('asks for traffic beside it, and adds up what comes in several series', async () => {
    const world = answering({ errors: series(0), traffic: series(3, 'NaN', 4) });
    const { measurement } = await world.measure(atPause(busy));
    expect(world.asked.map(({ promql }) => promql)).toEqual([
      'errors{pod_hash="abc"}',
      'traffic{service="orders-api"}',
    ]);
    expect(measurement).toMatchObject({ outcome: 'pass', value: 0, traffic: 7 });
  });

  it('takes traffic without series for none', async () => {
    const world = answering({ errors: series(0), traffic: series() });
    const { measurement } = await world.measure(atPause(busy));
    expect(measurement).toMatchObject({ outcome: 'inconclusive', traffic: 0 });
  });

  it.each<[string, Readonly<Record<string, QueryAnswer | Error>>, string]>([
    [
      'the query is refused',
      { errors: { kind: 'error', message: 'bad_data: parse error' }, traffic: series(9) },
      'bad_data: parse error',
    ],
    [
      'the traffic query is refused',
      { errors: series(0), traffic: { kind: 'error', message: 'partial: store away' } },
      'traffic: partial: store away',
    ],
    [
      'nobody answers',
      { errors: new UnavailableError('Prometheus eu is away'), traffic: series(9) },
      'is away',
    ],
    [
      'nobody answers about traffic',
      { errors: series(0), traffic: new UnavailableError('Prometheus eu is away') },
      'traffic: Prometheus eu is away',
    ],
  ])('is an error where %s, with the query and without a value', async (_, told, note) => {
    const { measurement, query } = await answering(told).measure(atPause(busy));
    expect(measurement).toEqual({
      outcome: 'error',
      note: expect.stringContaining(note),
      at: '2026-11-21T10:00:20.250Z',
    });
    expect(query).toBe('errors{pod_hash="abc"}');
  });

  it.each([
    ['has no value yet', { ...atPause({ query: 'errors{e="{{stable_hash}}"}' }), stablePodHash: '' }],
    ['is not a plain word', { ...atPause(), moment: { ...atPause().moment, podHash: 'x"} or vector(0)' } }],
  ])('asks nothing and is an error where a name %s', async (says, judged) => {
    const world = answering({});
    const { measurement, query } = await world.measure(judged);
    expect(measurement).toMatchObject({ outcome: 'error', note: expect.stringContaining(says) });
    expect(query).toBe(judged.gate.query);
    expect(world.asked).toEqual([]);
  });

  it('lets a defect be one', async () => {
    const world = answering({ errors: new TerminalError('not a matter of the world') });
    await expect(world.measure(atPause())).rejects.toThrow('not a matter of the world');
  });
});

describe('the list of gates', () => {
  it('has every type that measures once', () => {
    expect(gates.map(({ type }) => type)).toEqual(['prometheus', 'capacity', 'errorBudget', 'incident']);
  });
});
