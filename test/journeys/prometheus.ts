import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a query answers: one text for each series, as Prometheus writes numbers (`NaN`, `+Inf`); none for no data. */
export type Series = readonly string[];

/** A Prometheus whose answers a test decides, and which refuses what Prometheus would refuse. */
export interface DecidedPrometheus extends AsyncDisposable {
  url: string;
  /** Queries in the order they came, filled in. */
  queries: readonly string[];
  /** What gates are told from now on; whatever is left out is good. */
  tells(answers: Partial<Record<'errorRatio' | 'latency' | 'traffic', Series>>): void;
  /** Refuses every connection until it is called with false. */
  setDown(isDown: boolean): void;
}

const GOOD: Record<'errorRatio' | 'latency' | 'traffic', Series> = {
  errorRatio: ['0.001'],
  latency: ['0.05'],
  traffic: ['50'],
};

/** Starts one on loopback. Source of the API: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
export async function startDecidedPrometheus(): Promise<DecidedPrometheus> {
  const queries: string[] = [];
  let told = GOOD;
  let isDown = false;
  const seriesFor = (query: string): Series => {
    if (query.includes('histogram_quantile')) return told.latency;
    return query.includes(' / ') ? told.errorRatio : told.traffic;
  };
  const server = createServer((request, response) => {
    answer(request, response, (query) => {
      queries.push(query);
      return seriesFor(query);
    }).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    if (isDown) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    queries,
    tells(answers) {
      told = { ...GOOD, ...answers };
    },
    setDown(down) {
      isDown = down;
      if (down) server.closeAllConnections();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  seriesFor: (query: string) => Series,
): Promise<void> {
  const form = new URLSearchParams(await bodyOf(request));
  const query = form.get('query') ?? '';
  const time = Number(form.get('time'));
  const fault = faultOf({ method: request.method, path: request.url, query, time });
  const send = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (fault) {
    send(400, { status: 'error', errorType: 'bad_data', error: fault });
    return;
  }
  const result = seriesFor(query).map((value, n) => ({
    metric: { series: String(n) },
    value: [time, value],
  }));
  send(200, { status: 'success', data: { resultType: 'vector', result } });
}

function faultOf(asked: {
  method: string | undefined;
  path: string | undefined;
  query: string;
  time: number;
}): string | undefined {
  if (asked.method !== 'POST' || asked.path !== '/api/v1/query') return 'only POST /api/v1/query is served';
  if (asked.query === '' || asked.query.includes('{{')) return `parse error in ${asked.query}`;
  if (!Number.isFinite(asked.time) || asked.time <= 0) return 'cannot parse "time" to a valid timestamp';
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
