import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startPrometheus } from '../../../src/sandbox/metrics/start-prometheus.ts';
import { waitUntil } from '../../servers/wait.ts';

/** On a machine that has no Prometheus and no way to fetch one: a counter that rises by 100 each second, and what scrapes it. */
async function withoutPrometheus() {
  const open = new AsyncDisposableStack();
  const began = performance.now();
  const target = createServer((_, response) => {
    response.end(`requests_total{pod_hash="abc"} ${Math.floor((performance.now() - began) / 10)}\n`);
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  open.defer(async () => {
    target.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
  });
  const directory = open.adopt(await mkdtemp(join(tmpdir(), 'signalbox-metrics-')), (folder) =>
    rm(folder, { recursive: true, force: true }),
  );
  const prometheus = open.use(
    await startPrometheus({
      scrape: [{ job: 'shop', url: `http://127.0.0.1:${(target.address() as AddressInfo).port}/metrics` }],
      scrapeIntervalMs: 100,
      cacheDirectory: directory,
      path: '',
      dataDir: directory,
    }),
  );
  return {
    prometheus,
    async ask(parameters: Record<string, string>, method: 'GET' | 'POST' = 'POST') {
      const url = `${prometheus.url}/api/v1/query`;
      const body = new URLSearchParams(parameters);
      const response = await (method === 'POST' ? fetch(url, { method, body }) : fetch(`${url}?${body}`));
      return { status: response.status, body: await response.json() };
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

describe('Prometheus for the sandbox', () => {
  it('is a stand-in where none can be had, which says why and measures the same targets', async () => {
    await using desk = await withoutPrometheus();
    expect(desk.prometheus).toMatchObject({ how: 'standIn', why: expect.stringContaining('no Prometheus') });
    expect((await fetch(`${desk.prometheus.url}/-/ready`)).status).toBe(200);
    const query = 'sum(rate(requests_total{pod_hash="abc"}[1s]))';
    const rate = async () => Number((await desk.ask({ query })).body.data.result[0]?.value[1]);
    await waitUntil(async () => Math.abs((await rate()) - 100) < 5, { what: 'a rate of 100' });
  });

  it('answers an instant query in the form of Prometheus, for any moment', async () => {
    await using desk = await withoutPrometheus();
    await waitUntil(async () => (await desk.ask({ query: 'up' })).body.data.result.length > 0);
    const at = Date.now() / 1000;
    for (const method of ['GET', 'POST'] as const) {
      expect(await desk.ask({ query: 'up', time: String(at) }, method)).toEqual({
        status: 200,
        body: {
          status: 'success',
          data: {
            resultType: 'vector',
            result: [
              {
                metric: { __name__: 'up', job: 'shop', instance: expect.stringMatching(/^127/) },
                value: [at, '1'],
              },
            ],
          },
        },
      });
    }
    const before = await desk.ask({ query: 'up', time: '2001-01-01T00:00:00Z' });
    expect(before.body.data).toEqual({ resultType: 'vector', result: [] });
  });

  it('refuses what it does not know in the form of Prometheus, and never makes up a number', async () => {
    await using desk = await withoutPrometheus();
    expect(await desk.ask({ query: 'max(up)' })).toMatchObject({
      status: 422,
      body: { status: 'error', errorType: 'execution', error: expect.stringContaining('max()') },
    });
    const badData = { status: 400, body: { status: 'error', errorType: 'bad_data' } };
    expect(await desk.ask({})).toMatchObject(badData);
    expect(await desk.ask({ query: 'up', time: 'noon' })).toMatchObject(badData);
    expect((await fetch(`${desk.prometheus.url}/api/v1/query_range?query=up`)).status).toBe(404);
  });

  it('shows the query of a link to a person, as text', async () => {
    await using desk = await withoutPrometheus();
    await waitUntil(async () => (await desk.ask({ query: 'up' })).body.data.result.length > 0);
    const open = async (expression: string) => {
      const parameters = new URLSearchParams({ 'g0.expr': expression });
      const response = await fetch(`${desk.prometheus.externalUrl}/graph?${parameters}`);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      return response.text();
    };
    expect(await open('up')).toMatch(/<pre>up<\/pre>.*job=&#34;shop&#34;.*<td>1/s);
    const hostile = await open('up{x="<script>alert(1)</script>"}');
    expect(hostile).toContain('&#60;script&#62;');
    expect(hostile).not.toContain('<script');
  });
});
