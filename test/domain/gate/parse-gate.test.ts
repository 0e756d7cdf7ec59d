import { describe, expect, it } from 'vitest';
import { gateRefusals } from '../../../src/domain/gate/not-carried-out.ts';
import { type GateDefaults, gateName, planGate } from '../../../src/domain/gate/parse-gate.ts';
import { PlannedGate } from '../../../src/domain/gate/planned-gate.ts';
import { looksAbsolute, unknownQueryNames, windowOf } from '../../../src/domain/gate/query-text.ts';
import type { WrittenGate } from '../../../src/domain/manifest/gate-schema.ts';

const defaults: GateDefaults = {
  prometheus: { main: { scrapeIntervalMs: 15_000 } },
  defaultPrometheus: 'main',
};
const ratio: WrittenGate = { type: 'prometheus', query: 'a / b', threshold: '< 1%' };

function faultsOf(gate: WrittenGate, from: GateDefaults = defaults): string[] {
  const planned = planGate(gate, { name: 'g', defaults: from });
  return planned.kind === 'faulty' ? planned.faults.map(({ key, says }) => `${key} ${says}`) : [];
}

describe('a planned gate', () => {
  it('has every default that Argo Rollouts has', () => {
    const planned = planGate(ratio, { name: 'errors', defaults });
    expect(planned).toEqual({
      kind: 'planned',
      gate: {
        name: 'errors',
        type: 'prometheus',
        phase: 'canary',
        steps: [],
        required: true,
        prometheus: 'main',
        query: 'a / b',
        threshold: { operator: '<', value: 0.01, text: '< 1%' },
        minTraffic: 0,
        windowMs: 0,
        intervalMs: 60_000,
        count: 1,
        failureLimit: 0,
        inconclusiveLimit: 0,
        consecutiveErrorLimit: 4,
        onNoData: 'inconclusive',
        scrapeIntervalMs: 15_000,
        timeoutMs: 10_000,
      },
    });
    expect(planned.kind === 'planned' && PlannedGate.safeParse(planned.gate).success).toBe(true);
  });

  it('keeps what was said', () => {
    const said: WrittenGate = {
      ...ratio,
      phase: 'postDeploy',
      required: false,
      failThreshold: '> 5%',
      trafficQuery: 't',
      minTraffic: 2,
      window: '2m',
      interval: 30,
      count: 5,
      failureLimit: -1,
      onNoData: 'pass',
      reduce: 'worst',
      timeout: '3s',
    };
    const planned = planGate(said, { name: 'errors', defaults });
    expect(planned.kind === 'planned' && planned.gate).toMatchObject({
      phase: 'postDeploy',
      required: false,
      failThreshold: { operator: '>', value: 0.05 },
      windowMs: 120_000,
      intervalMs: 30_000,
      count: 5,
      failureLimit: -1,
      onNoData: 'pass',
      reduce: 'worst',
      timeoutMs: 3_000,
    });
  });

  it('of a person asks nothing of a Prometheus', () => {
    const planned = planGate(
      { type: 'manual', phase: 'canary' },
      { name: 'look', defaults: { prometheus: {} } },
    );
    expect(planned).toMatchObject({
      kind: 'planned',
      gate: { type: 'manual', windowMs: 0, scrapeIntervalMs: 0 },
    });
    expect(planned.kind === 'planned' && 'prometheus' in planned.gate).toBe(false);
  });
});

describe('a gate that could never be judged is refused', () => {
  it.each<[string, WrittenGate, string]>([
    ['no query', { type: 'prometheus', threshold: '< 1' }, 'query is missing'],
    ['no threshold', { type: 'prometheus', query: 'a / b' }, 'threshold is missing'],
    ['no measurement', { ...ratio, count: 0 }, 'count is 0'],
    ['several measurements at once', { ...ratio, count: 3 }, 'interval is missing'],
    ['measurements without end', { ...ratio, interval: '1m' }, 'count is missing'],
    ['no time between measurements', { ...ratio, interval: 0, count: 2 }, 'interval must be longer'],
    ['traffic that is not asked for', { ...ratio, minTraffic: 1 }, 'trafficQuery is missing'],
    ['no data as a pass', { ...ratio, onNoData: 'pass' }, 'onNoData cannot be pass'],
    ['an unknown name in the query', { ...ratio, query: 'a{x="{{servcie}}"}' }, 'query names {{servcie}}'],
    ['an unknown Prometheus', { ...ratio, prometheus: 'mian' }, 'prometheus mian is not'],
  ])('%s', (_, gate, says) => {
    const faults = faultsOf(gate);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(says);
  });

  it('names the nearest thing that is known', () => {
    expect(faultsOf({ ...ratio, prometheus: 'mian' })[0]).toContain('did you mean main?');
    expect(faultsOf({ ...ratio, query: '{{servcie}}' })[0]).toContain('did you mean service?');
  });

  it('does not guess which of several Prometheus is meant', () => {
    const two = { prometheus: { a: { scrapeIntervalMs: 1 }, b: { scrapeIntervalMs: 1 } } };
    expect(faultsOf(ratio, two)).toEqual(['prometheus is missing: say which of a, b to ask']);
    expect(faultsOf({ ...ratio, prometheus: 'b' }, two)).toEqual([]);
  });
});

describe('what is not carried out', () => {
  it.each<[WrittenGate, string[]]>([
    [{ type: 'synthetic', check: 'checkout' }, ['type']],
    [{ ...ratio, onFail: 'rollback', initialDelay: '1m' }, ['initialDelay', 'onFail']],
    [{ ...ratio, phase: 'preflight' }, []],
    [{ ...ratio, phase: 'promotion' }, ['phase']],
    [{ type: 'manual', phase: 'preflight' }, ['phase']],
    [{ type: 'errorBudget', slo: 'availability' }, ['slo']],
    [{ type: 'incident', query: 'up' }, ['query']],
    [{ type: 'capacity', query: 'a', threshold: '> 1' }, []],
    [{ type: 'manual' }, ['phase']],
    [{ type: 'manual', phase: 'canary', approvers: ['x'], quorum: 2 }, ['approvers', 'quorum']],
    [{ type: 'manual', phase: 'canary', query: 'a' }, ['query']],
    [{ ...ratio, moves: ['cfr'] }, []],
  ])('%o is refused by name: %o', (gate, keys) => {
    expect(
      gateRefusals(gate)
        .map(({ key }) => key)
        .sort(),
    ).toEqual(keys);
  });
});

describe('the window of a gate', () => {
  it.each([
    [{ window: '10m', query: 'rate(a[5m])' }, 600_000],
    [{ query: 'rate(a[5m]) / rate(b[30m])' }, 1_800_000],
    [{ query: 'max_over_time(rate(a[1m])[1h:30s])' }, 3_600_000],
    [{ query: 'rate(a[{{window}}])' }, 300_000],
    [{ query: 'a', trafficQuery: 'rate(a[2m])' }, 120_000],
    [{ query: 'a' }, 0],
  ])('of %o is %i ms', (gate, ms) => {
    expect(windowOf(gate)).toBe(ms);
  });
});

describe('the text of a query', () => {
  it('names only what is filled in', () => {
    expect(unknownQueryNames('{{ service }} {{pod_hash}} {{pod}} {{}}')).toEqual(['pod', '']);
  });

  it.each([
    ['sum(rate(http_requests_total{status=~"5.."}[5m]))', true],
    ['sum(rate(e{status="5"}[5m])) / sum(rate(a[5m]))', false],
    ['rate(http_errors_total{path="/x"}[5m])', true],
    ['histogram_quantile(0.95, rate(latency_bucket[5m]))', false],
  ])('%s is absolute: %s', (query, absolute) => {
    expect(looksAbsolute(query)).toBe(absolute);
  });
});

describe('the name of a gate', () => {
  it('is its own, or made of its type and place', () => {
    expect(gateName({ type: 'prometheus' }, { index: 0 })).toBe('prometheus-0');
    expect(gateName({ type: 'synthetic' }, { index: 1, prefix: 'orders-' })).toBe('orders-synthetic-1');
    expect(gateName({ ...ratio, name: 'errors' }, { index: 1 })).toBe('errors');
  });
});
