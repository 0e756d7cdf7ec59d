import { fillQuery, type QueryValues } from '../domain/gate/fill-query.ts';
import type { SampleValue } from '../domain/gate/read-answer.ts';
import type { GateQuestion } from '../domain/release/look.ts';
import { UnavailableError } from '../errors.ts';
import type { Metrics, QueryAnswer } from '../ports/metrics.ts';

/** What a gate's queries may name, for a window in milliseconds. */
export function valuesOf(
  judged: GateQuestion,
  { environment, windowMs }: { environment: string; windowMs: number },
): QueryValues {
  return {
    service: judged.service,
    namespace: judged.namespace,
    environment,
    pod_hash: judged.moment.podHash,
    stable_hash: judged.stablePodHash,
    window: promDuration(windowMs),
  };
}

/** The query as it was sent (as it is written, where it could not be), and what came back. Never throws for the world's sake. */
export async function askOnce(
  metrics: Metrics,
  { gate }: Pick<GateQuestion, 'gate'>,
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

export function valuesIn(answer: Extract<QueryAnswer, { kind: 'series' }>): SampleValue[] {
  return answer.series.map(({ value }) => value);
}

/** Never longer than the window itself, for then it would reach back to before the moment; zero is no range to Prometheus. */
function promDuration(ms: number): string {
  if (ms === 0) return '1ms';
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
