import { fillQuery, type QueryValues } from '../domain/gate/fill-query.ts';
import type { Measurement, PlannedGate } from '../domain/gate/planned-gate.ts';
import { readAnswer, type SampleValue } from '../domain/gate/read-answer.ts';
import type { GateAtMoment } from '../domain/release/look.ts';
import { UnavailableError } from '../errors.ts';
import type { Metrics, QueryAnswer } from '../ports/metrics.ts';
import type { Gate } from './gate.ts';

/** An instant query compared with a threshold, with a companion query for enough traffic. */
export const prometheusGate: Gate = {
  type: 'prometheus',
  async measure(judged, { at, environment }, { metrics }) {
    const values = valuesOf(judged, environment);
    const ask = (written: string) => askOnce(metrics, judged, { written, values, at });
    const { query = '', trafficQuery } = judged.gate;
    const [main, traffic] = await Promise.all([
      ask(query),
      trafficQuery === undefined ? undefined : ask(trafficQuery),
    ]);
    return {
      measurement: {
        ...told(judged.gate, { main: main.answer, traffic: traffic?.answer }),
        at: new Date(at).toISOString(),
      },
      query: main.query,
      ...(main.answer.link !== undefined && { link: main.answer.link }),
    };
  },
};

function told(
  gate: PlannedGate,
  { main, traffic }: { main: QueryAnswer; traffic: QueryAnswer | undefined },
): Omit<Measurement, 'at'> {
  if (main.kind === 'error') return { outcome: 'error', note: main.message };
  if (traffic?.kind === 'error') return { outcome: 'error', note: `traffic: ${traffic.message}` };
  return readAnswer(gate, valuesIn(main), traffic && sum(valuesIn(traffic)));
}

function valuesOf(judged: GateAtMoment, environment: string): QueryValues {
  return {
    service: judged.service,
    namespace: judged.namespace,
    environment,
    pod_hash: judged.moment.podHash,
    stable_hash: judged.stablePodHash,
    window: promDuration(judged.gate.windowMs),
  };
}

/** Never longer than the window itself, for then it would reach back to before the moment; zero is no range to Prometheus. */
function promDuration(ms: number): string {
  if (ms === 0) return '1ms';
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** The query as it was sent (as it is written, where it could not be), and what came back. */
async function askOnce(
  metrics: Metrics,
  { gate }: GateAtMoment,
  { written, values, at }: { written: string; values: QueryValues; at: number },
): Promise<{ query: string; answer: QueryAnswer }> {
  const filled = fillQuery(written, values);
  if (filled.kind === 'unfillable') {
    return { query: written, answer: { kind: 'error', message: filled.says } };
  }
  const { query } = filled;
  const { prometheus = 'default', timeoutMs } = gate;
  try {
    return { query, answer: await metrics.queryInstant({ prometheus, promql: query, at, timeoutMs }) };
  } catch (error) {
    if (error instanceof UnavailableError) {
      return { query, answer: { kind: 'error', message: error.message } };
    }
    throw error;
  }
}

function valuesIn(answer: Extract<QueryAnswer, { kind: 'series' }>): SampleValue[] {
  return answer.series.map(({ value }) => value);
}

/** Traffic of several series adds up; what is no number counts for nothing. */
function sum(values: readonly SampleValue[]): number {
  return values.reduce<number>((total, value) => total + (typeof value === 'number' ? value : 0), 0);
}
