import { durationInWords } from '../domain/gate/duration.ts';
import { budgetWindows, judgeBudget, type WindowRatio } from '../domain/gate/error-budget.ts';
import { countsFailures } from '../domain/gate/query-text.ts';
import type { SampleValue } from '../domain/gate/read-answer.ts';
import type { GateQuestion } from '../domain/release/look.ts';
import type { QueryAnswer } from '../ports/metrics.ts';
import { askOnce, valuesIn, valuesOf } from './ask-prometheus.ts';
import type { Gate, GatePorts, Measured } from './gate.ts';

/** How fast a service burns the error budget of its objective, by several windows. */
export const errorBudgetGate = {
  type: 'errorBudget',
  async measure(
    judged: GateQuestion,
    { at, environment }: { at: number; environment: string },
    { metrics }: Pick<GatePorts, 'metrics'>,
  ): Promise<Measured> {
    const { objective, minTraffic } = judged.gate;
    const when = new Date(at).toISOString();
    if (objective === undefined) {
      const note = `${judged.service} promises nothing: give it an slo in the catalog`;
      return { measurement: { at: when, outcome: 'error', note }, query: 'no objective' };
    }
    const { errorQuery, totalQuery } = objective;
    const asked = await Promise.all(
      budgetWindows(objective).map(async (windowMs) => {
        const values = valuesOf(judged, { environment, windowMs });
        const ask = (written: string) => askOnce(metrics, judged, { written, values, at });
        const [errors, total] = await Promise.all([ask(errorQuery), ask(totalQuery)]);
        return { windowMs, errors, total };
      }),
    );
    const [first] = asked;
    const query = first ? `(${first.errors.query}) / (${first.total.query})` : errorQuery;
    const link = first?.errors.answer.link;
    const broken = asked.flatMap(({ errors, total }) =>
      [errors.answer, total.answer].filter((answer) => answer.kind === 'error'),
    )[0];
    const shown = { query, ...(link !== undefined && { link }) };
    if (broken?.kind === 'error')
      return { measurement: { at: when, outcome: 'error', note: broken.message }, ...shown };
    const ratios = new Map(
      asked.map(({ windowMs, errors, total }) => [
        windowMs,
        ratioOf(windowMs, { errors: errors.answer, total: total.answer, errorQuery, minTraffic }),
      ]),
    );
    const { outcome, says, advice } = judgeBudget(objective, ratios);
    return {
      measurement: { at: when, outcome, note: says },
      ...shown,
      ...(advice !== undefined && { advice }),
    };
  },
} satisfies Gate;

/** The share of failures in a window. Without traffic there is none, and a counter of failures that never counted is a zero. */
function ratioOf(
  windowMs: number,
  of: { errors: QueryAnswer; total: QueryAnswer; errorQuery: string; minTraffic: number },
): WindowRatio {
  const unknown = (says: string): WindowRatio => ({
    kind: 'unknown',
    says: `${says} over ${durationInWords(windowMs)}`,
  });
  const total = only(of.total);
  if (total === undefined) return unknown('no data or several series for all requests');
  if (total <= 0 || total < of.minTraffic) return unknown(`too little traffic (${total})`);
  const none = of.errors.kind === 'series' && of.errors.series.length === 0;
  const errors = none && countsFailures(of.errorQuery) ? 0 : only(of.errors);
  if (errors === undefined) return unknown('no data or several series for failures');
  return { kind: 'ratio', ratio: errors / total };
}

/** The one finite number of an answer. */
function only(answer: QueryAnswer): number | undefined {
  const values: SampleValue[] = answer.kind === 'series' ? valuesIn(answer) : [];
  const [value] = values;
  return values.length === 1 && typeof value === 'number' ? value : undefined;
}
