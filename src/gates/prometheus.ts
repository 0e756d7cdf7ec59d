import type { Measurement, PlannedGate } from '../domain/gate/planned-gate.ts';
import { readAnswer, type SampleValue } from '../domain/gate/read-answer.ts';
import type { GateQuestion } from '../domain/release/look.ts';
import type { QueryAnswer } from '../ports/metrics.ts';
import { askOnce, valuesIn, valuesOf } from './ask-prometheus.ts';
import type { Gate, GatePorts } from './gate.ts';

/** An instant query compared with a threshold, with a companion query for enough traffic. */
export const prometheusGate = { type: 'prometheus', measure } satisfies Gate;

/** Room for a release, such as free CPU or memory: asked before it starts, and otherwise the same. */
export const capacityGate = { type: 'capacity', measure } satisfies Gate;

async function measure(
  judged: GateQuestion,
  { at, environment }: { at: number; environment: string },
  { metrics }: Pick<GatePorts, 'metrics'>,
) {
  const { query = '', trafficQuery, windowMs } = judged.gate;
  const values = valuesOf(judged, { environment, windowMs });
  const ask = (written: string) => askOnce(metrics, judged, { written, values, at });
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
}

function told(
  gate: PlannedGate,
  { main, traffic }: { main: QueryAnswer; traffic: QueryAnswer | undefined },
): Omit<Measurement, 'at'> {
  if (main.kind === 'error') return { outcome: 'error', note: main.message };
  if (traffic?.kind === 'error') return { outcome: 'error', note: `traffic: ${traffic.message}` };
  return readAnswer(gate, valuesIn(main), traffic && sum(valuesIn(traffic)));
}

/** Traffic of several series adds up; what is no number counts for nothing. */
function sum(values: readonly SampleValue[]): number {
  return values.reduce<number>((total, value) => total + (typeof value === 'number' ? value : 0), 0);
}
