import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { QUERIES, type QueryName } from './queries.ts';

/** What Prometheus 2.42 says to each query. */
const ANSWERS: Readonly<Record<QueryName, unknown>> = {
  low: vector('0.01'),
  high: vector('0.9'),
  none: vector(),
  nan: vector('NaN'),
  two: vector('0.5', '1e-07'),
  scalar: success('scalar', [0, '0.5']),
  broken: {
    status: 'error',
    errorType: 'bad_data',
    error: 'invalid parameter "query": 1:4: parse error: unexpected end of input',
  },
};

function vector(...values: string[]): unknown {
  return success(
    'vector',
    values.map((value) => ({ metric: {}, value: [0, value] })),
  );
}

function success(resultType: string, result: unknown): unknown {
  return { status: 'success', data: { resultType, result } };
}

function nameOf(query: string | null): QueryName | undefined {
  const names = Object.keys(QUERIES) as QueryName[];
  return names.find((name) => QUERIES[name] === query);
}

/** A server on loopback that a controller takes for a Prometheus. It knows `QUERIES` and nothing else. */
export async function openFakePrometheus(): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const name = nameOf(new URLSearchParams(body).get('query'));
      response.writeHead(name === undefined || name === 'broken' ? 400 : 200, {
        'Content-Type': 'application/json',
      });
      response.end(JSON.stringify(name === undefined ? {} : ANSWERS[name]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
