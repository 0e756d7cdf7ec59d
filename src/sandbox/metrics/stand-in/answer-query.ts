import { TerminalError } from '../../../errors.ts';
import { type Element, evaluate } from './evaluate.ts';
import { readQuery } from './read-query.ts';
import type { SampleStore } from './sample-store.ts';

/** An answer of the query API: its status and what goes into its body. */
export interface ApiAnswer {
  status: 200 | 400 | 422;
  body: unknown;
}

/**
 * Answers an instant query. Source of parameters, statuses and forms: https://prometheus.io/docs/prometheus/latest/querying/api/
 * `now` (milliseconds since 1970) counts where `time` is absent.
 */
export function answerQuery(
  parameters: URLSearchParams,
  { store, now }: { store: Pick<SampleStore, 'named'>; now: number },
): ApiAnswer {
  const at = momentOf(parameters.get('time'), now);
  if (at === undefined) return refusal(400, 'invalid parameter "time"');
  const text = parameters.get('query') ?? '';
  if (text.trim() === '') return refusal(400, 'invalid parameter "query": no expression found in input');
  try {
    const elements = evaluate(readQuery(text), store, at);
    const result = elements.map((element) => written(element, at));
    return { status: 200, body: { status: 'success', data: { resultType: 'vector', result } } };
  } catch (error) {
    if (error instanceof TerminalError) return refusal(422, error.message);
    throw error;
  }
}

function refusal(status: 400 | 422, error: string): ApiAnswer {
  const errorType = status === 400 ? 'bad_data' : 'execution';
  return { status, body: { status: 'error', errorType, error } };
}

/** Seconds since 1970 or RFC 3339; absent when it is neither. */
function momentOf(text: string | null, now: number): number | undefined {
  if (text === null || text === '') return now;
  const at = /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function written({ labels, value }: Element, at: number): { metric: unknown; value: [number, string] } {
  return { metric: labels, value: [at / 1000, spell(value)] };
}

/** JavaScript writes numbers as Prometheus does, but for infinities. */
function spell(value: number): string {
  if (Math.abs(value) !== Number.POSITIVE_INFINITY) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
