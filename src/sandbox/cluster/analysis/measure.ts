import { z } from 'zod';
import type { Measurement, Metric } from '../rollout/analysis-object.ts';
import { timestamp } from '../rollout/time.ts';
import type { QueryResult } from './condition.ts';
import { judge } from './metric.ts';

/** Seconds a query may take where the metric does not say (argo-rollouts `NewPrometheusProvider`). */
const DEFAULT_TIMEOUT_SECONDS = 30;

const Sample = z.tuple([z.number(), z.string()]);

const Answer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: Sample })) }),
      z.object({ resultType: z.literal('scalar'), result: Sample }),
    ]),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

/** A measurement with what the run notes of its metric. */
export interface Measured {
  measurement: Measurement;
  metadata?: Record<string, string>;
}

/** Measures a metric once: an instant query at its Prometheus, judged by its conditions. Never throws. */
export async function measure(metric: Metric, now: () => number): Promise<Measured> {
  const startedAt = timestamp(now());
  const { prometheus } = metric.provider;
  const error = (message: string): Measurement => ({
    phase: 'Error',
    message,
    startedAt,
    finishedAt: timestamp(now()),
  });
  if (prometheus === undefined) {
    const [name] = Object.keys(metric.provider);
    return { measurement: error(`metric provider ${name} is not supported in the sandbox`) };
  }
  const { address = '', query, timeout = DEFAULT_TIMEOUT_SECONDS } = prometheus;
  const metadata = { ResolvedPrometheusQuery: query };
  if (address === '') return { measurement: error('prometheus address is not configured'), metadata };
  const answer = await ask(address, { query, timeoutMs: timeout * 1000 });
  if (answer.kind === 'error') return { measurement: error(answer.message), metadata };
  const { phase, message } = judge(metric, answer.result);
  if (phase === 'Error') return { measurement: error(message ?? ''), metadata };
  const value = spell(answer.result);
  return { measurement: { phase, value, startedAt, finishedAt: timestamp(now()) }, metadata };
}

type Asked = { kind: 'result'; result: QueryResult } | { kind: 'error'; message: string };

async function ask(address: string, wish: { query: string; timeoutMs: number }): Promise<Asked> {
  const url = `${address.replace(/\/$/, '')}/api/v1/query`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ query: wish.query }),
      signal: AbortSignal.timeout(wish.timeoutMs),
      redirect: 'error',
    });
    const answer = Answer.safeParse(await response.json().catch(() => undefined));
    if (!answer.success) return { kind: 'error', message: `server_error: server error: ${response.status}` };
    if (answer.data.status === 'error') {
      return { kind: 'error', message: `${answer.data.errorType}: ${answer.data.error}` };
    }
    const { data } = answer.data;
    const result =
      data.resultType === 'scalar' ? sample(data.result) : data.result.map(({ value }) => sample(value));
    return { kind: 'result', result };
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return { kind: 'error', message: `Post ${JSON.stringify(url)}: ${cause}` };
  }
}

function sample([, text]: readonly [number, string]): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

/** `[0.5,0.0000001]`: as Go writes floats, never with an exponent. */
function spell(result: QueryResult): string {
  return typeof result === 'number' ? spellNumber(result) : `[${result.map(spellNumber).join(',')}]`;
}

function spellNumber(number: number): string {
  if (number === Number.POSITIVE_INFINITY) return '+Inf';
  if (number === Number.NEGATIVE_INFINITY) return '-Inf';
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d)(?:\.(\d+))?e([-+]\d+)$/.exec(String(number)) ?? [];
  if (exponent === undefined) return String(number);
  const digits = whole + fraction;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}
