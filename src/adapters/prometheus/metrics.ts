import { z } from 'zod';
import type { SampleValue } from '../../domain/gate/read-answer.ts';
import { UnavailableError } from '../../errors.ts';
import type { Metrics, QueryAnswer } from '../../ports/metrics.ts';
import { createHttp, unreachable } from '../http.ts';

/** One Prometheus, or anything that speaks its query API (Thanos, Mimir, VictoriaMetrics). */
export interface PrometheusServer {
  /** Base address, such as `http://prometheus:9090`. */
  url: string;
  /** Where people open it, when that is another address. */
  externalUrl?: string | undefined;
  /** Sent with each query: `Authorization`, `X-Scope-OrgID` … */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** A gate's answer is one number; more than this is a query that forgot to aggregate. */
const MAX_BYTES = 1024 * 1024;

/** Added to the server's own deadline, so that its answer about a slow query arrives before we hang up. */
const GRACE_MS = 500;

/** When, in seconds since 1970, and a number as Prometheus writes it. A text that is no number is no answer. */
const Sample = z.tuple([
  z.number(),
  z.string().transform((text, context): SampleValue => {
    if (text === 'NaN' || text === '+Inf' || text === '-Inf') return text;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value)) return value;
    context.addIssue({ code: 'custom', message: 'is no number' });
    return z.NEVER;
  }),
]);
const Answer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: Sample })),
      }),
      z.object({ resultType: z.literal('scalar'), result: Sample }),
      z.object({ resultType: z.literal('matrix'), result: z.unknown() }),
      z.object({ resultType: z.literal('string'), result: z.unknown() }),
    ]),
    warnings: z.array(z.string()).optional(),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

/** Advice on how the query is written, which Prometheus 2.48 to 2.53 sends among its warnings; later ones apart, as `infos`. */
const HINT = /^PromQL info:/;

/** Metrics from Prometheus servers by name. Source of the API: https://prometheus.io/docs/prometheus/latest/querying/api/ */
export function createMetrics(servers: Readonly<Record<string, PrometheusServer>>): Metrics {
  return {
    async queryInstant({ prometheus, promql, at, timeoutMs }) {
      const server = new Map(Object.entries(servers)).get(prometheus);
      if (server === undefined)
        return { kind: 'error', message: `there is no Prometheus ${prometheus} in the configuration` };
      const http = createHttp({ timeoutMs: timeoutMs + GRACE_MS, maxBytes: MAX_BYTES });
      const body = new URLSearchParams({
        query: promql,
        time: String(at / 1000),
        timeout: `${timeoutMs}ms`,
      });
      const url = new URL('api/v1/query', withSlash(server.url)).toString();
      const answer = await http
        .post<string>(url, body.toString(), {
          headers: { ...server.headers, 'content-type': 'application/x-www-form-urlencoded' },
        })
        .catch((error: unknown) => {
          if (isTooLong(error)) return undefined;
          throw unreachable(`Prometheus ${prometheus}`, error);
        });
      const link = linkTo(server, promql, at);
      if (answer === undefined)
        return { kind: 'error', message: 'the answer is longer than 1 MiB: aggregate it', link };
      return read(prometheus, { status: answer.status, body: answer.data, link });
    },
  };
}

function read(name: string, answer: { status: number; body: string; link: string }): QueryAnswer {
  const { status, body, link } = answer;
  const parsed = parse(body);
  if (parsed === undefined) {
    if (status >= 500 || status === 429) throw new UnavailableError(`Prometheus ${name} answers ${status}`);
    return { kind: 'error', message: `Prometheus ${name} answers ${status} without a result`, link };
  }
  if (parsed.status === 'error')
    return { kind: 'error', message: `${parsed.errorType}: ${parsed.error}`, link };
  const doubts = (parsed.warnings ?? []).filter((warning) => !HINT.test(warning));
  // A partial answer (a store of Thanos or Mimir is away) is not the truth about anything.
  if (doubts.length > 0) return { kind: 'error', message: `partial: ${doubts.join('; ')}`, link };
  const { data } = parsed;
  if (data.resultType === 'vector') {
    const series = data.result.map(({ metric, value }) => seriesOf(metric, value));
    return { kind: 'series', series, link };
  }
  if (data.resultType === 'scalar') return { kind: 'series', series: [seriesOf({}, data.result)], link };
  return { kind: 'error', message: `the query gives a ${data.resultType}, not one value`, link };
}

function parse(body: string): z.infer<typeof Answer> | undefined {
  try {
    const parsed = Answer.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function seriesOf(labels: Record<string, string>, [seconds, value]: z.infer<typeof Sample>) {
  return { labels, value, at: new Date(seconds * 1000).toISOString() };
}

/** axios gives a body beyond its limit up in the middle, with no other sign than its words. */
function isTooLong(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('maxContentLength');
}

/** The query drawn in the server's own page, ending at the moment of the measurement. */
function linkTo(server: PrometheusServer, promql: string, at: number): string {
  const url = new URL('graph', withSlash(server.externalUrl ?? server.url));
  url.search = new URLSearchParams({
    'g0.expr': promql,
    'g0.tab': '0',
    'g0.range_input': '1h',
    'g0.end_input': new Date(at).toISOString().slice(0, 19).replace('T', ' '),
  }).toString();
  return url.toString();
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
