import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/adapters/prometheus/metrics.ts';

interface Told {
  status?: number;
  body: unknown;
}

/** A server that answers what it is told and keeps what it was asked, in the form of Prometheus's query API. */
async function answering(told: Told | 'hang') {
  const asked: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    const wellFormed = request.method === 'POST' && request.url === '/prom/api/v1/query';
    asked.push(new URLSearchParams(await bodyOf(request)));
    if (told === 'hang') return;
    if (!wellFormed) return response.writeHead(404).end();
    const body = typeof told.body === 'string' ? told.body : JSON.stringify(told.body);
    return response.writeHead(told.status ?? 200, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prom`;
  return {
    asked,
    url,
    metrics: createMetrics({ main: { url, headers: { 'X-Scope-OrgID': 'acme' } } }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const query = { prometheus: 'main', promql: 'sum(up)', at: 1_700_000_000_500, timeoutMs: 2000 };

function vector(...values: string[]): Told {
  const result = values.map((value, i) => ({ metric: { i: String(i) }, value: [1_700_000_000.5, value] }));
  return { body: { status: 'success', data: { resultType: 'vector', result } } };
}

describe('an instant query', () => {
  it('is asked for a moment, with a deadline of its own', async () => {
    await using server = await answering(vector('1'));
    await server.metrics.queryInstant(query);
    expect(Object.fromEntries(server.asked[0] ?? [])).toEqual({
      query: 'sum(up)',
      time: '1700000000.5',
      timeout: '2000ms',
    });
  });

  it.each([
    ['0.25', 0.25],
    ['NaN', 'NaN'],
    ['+Inf', '+Inf'],
    ['-Inf', '-Inf'],
  ])('keeps %s apart from other numbers', async (text, value) => {
    await using server = await answering(vector(text));
    const answer = await server.metrics.queryInstant(query);
    expect(answer).toMatchObject({ kind: 'series', series: [{ value, at: '2023-11-14T22:13:20.500Z' }] });
  });

  it('gives every series, and none for an empty result', async () => {
    await using several = await answering(vector('1', '2'));
    expect(await several.metrics.queryInstant(query)).toMatchObject({ series: [{ value: 1 }, { value: 2 }] });
    await using none = await answering(vector());
    expect(await none.metrics.queryInstant(query)).toMatchObject({ kind: 'series', series: [] });
  });

  it('reads a scalar as one series', async () => {
    await using server = await answering({
      body: { status: 'success', data: { resultType: 'scalar', result: [1, '7'] } },
    });
    expect(await server.metrics.queryInstant(query)).toMatchObject({
      kind: 'series',
      series: [{ value: 7 }],
    });
  });

  it.each<[string, Told, RegExp]>([
    [
      'a bad query',
      { status: 400, body: { status: 'error', errorType: 'bad_data', error: 'parse error' } },
      /bad_data: parse error/,
    ],
    [
      'a partial answer',
      { body: { status: 'success', data: { resultType: 'vector', result: [] }, warnings: ['store away'] } },
      /partial: store away/,
    ],
    ['a number that is none', vector('ten'), /without a result/],
    ['an answer without aggregation', vector(...Array(50_000).fill('1')), /longer than 1 MiB/],
    ['a range', { body: { status: 'success', data: { resultType: 'matrix', result: [] } } }, /matrix/],
    ['something else', { body: '<html>' }, /without a result/],
  ])('is an error, never a value, for %s', async (_, told, says) => {
    await using server = await answering(told);
    const answer = await server.metrics.queryInstant(query);
    expect(answer.kind === 'error' && answer.message).toMatch(says);
  });

  it('links to the query at its moment, where people open it', async () => {
    await using server = await answering(vector('1'));
    const { link } = await server.metrics.queryInstant(query);
    const { pathname, searchParams } = new URL(link ?? '');
    expect([pathname, searchParams.get('g0.expr'), searchParams.get('g0.end_input')]).toEqual([
      '/prom/graph',
      'sum(up)',
      '2023-11-14 22:13:20',
    ]);
    const externalUrl = 'https://metrics.acme.test/eu';
    const elsewhere = createMetrics({ main: { url: server.url, externalUrl } });
    const shown = await elsewhere.queryInstant(query);
    expect(shown.link).toMatch(/^https:\/\/metrics\.acme\.test\/eu\/graph\?/);
  });

  it('is believed in spite of advice on how it is written', async () => {
    const told = vector('1').body as object;
    await using server = await answering({
      body: { ...told, warnings: ['PromQL info: metric might not be a counter'] },
    });
    expect(await server.metrics.queryInstant(query)).toMatchObject({ kind: 'series' });
  });

  it('throws for a server that fails or does not answer in time', async () => {
    await using failing = await answering({ status: 503, body: 'down' });
    await expect(failing.metrics.queryInstant(query)).rejects.toThrow(/answers 503/);
    await using silent = await answering('hang');
    await expect(silent.metrics.queryInstant({ ...query, timeoutMs: 50 })).rejects.toThrow(
      /can't be reached/,
    );
  });

  it('is an error for a name that is not configured', async () => {
    const answer = await createMetrics({}).queryInstant(query);
    expect(answer).toEqual({ kind: 'error', message: 'there is no Prometheus main in the configuration' });
  });
});
