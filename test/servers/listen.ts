import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a strict server reads it. */
export interface Received {
  method: string;
  path: string;
  /** As it came, for servers that care about the order of parameters. */
  query: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** `hang`: never. */
export type Reply =
  | { status: number; body: unknown; contentType?: string; headers?: Readonly<Record<string, string>> }
  | 'hang';

/** A server on loopback that answers with JSON and keeps what it was asked. */
export interface Listening extends AsyncDisposable {
  url: string;
  received: Received[];
}

export async function listen(answer: (received: Received) => Reply): Promise<Listening> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const one: Received = {
      method: request.method ?? '',
      path: pathname,
      query: search.slice(1),
      headers: request.headers,
      body: await bodyOf(request),
    };
    received.push(one);
    send(response, answer(one));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'hang') return;
  const { status, body, contentType = 'application/json', headers } = reply;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': contentType, ...headers }).end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}
