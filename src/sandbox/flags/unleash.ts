import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerUnleash, type UnleashReply } from './answer-unleash.ts';
import { addFeature, emptyUnleash, type UnleashState } from './unleash-state.ts';

/** An Unleash on loopback with as much of its admin API as sets flags. */
export interface SandboxUnleash extends AsyncDisposable {
  url: string;
  /** May do everything. */
  token: string;
  state: UnleashState;
  /** Makes a flag, off everywhere. */
  add(name: string): void;
  /** What was asked that changes something, oldest first. */
  readonly changes: readonly { method: string; path: string; status: number }[];
  /** `hang`: nobody answers. `broken`: everything fails. */
  trouble(what: 'none' | 'hang' | 'broken'): void;
}

/** Starts one. `token`: the only one it knows. `mayWrite`: absent: yes. */
export async function startUnleash(options: {
  environments: readonly string[];
  token: string;
  mayWrite?: boolean;
}): Promise<SandboxUnleash> {
  const { environments, token, mayWrite = true } = options;
  const state = emptyUnleash(environments);
  const changes: { method: string; path: string; status: number }[] = [];
  let trouble: 'none' | 'hang' | 'broken' = 'none';
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    if (trouble === 'hang') return;
    const { method = 'GET' } = request;
    const { pathname: path } = new URL(request.url ?? '/', 'http://localhost');
    const { authorization, 'content-type': contentType } = request.headers;
    const reply: UnleashReply =
      trouble === 'broken'
        ? { status: 500, body: { name: 'InternalError', message: 'Something went wrong.' } }
        : answerUnleash(state, {
            method,
            path,
            body,
            ...(contentType !== undefined && { contentType }),
            isKnown: authorization?.replace(/^Bearer /, '') === token,
            mayWrite,
          });
    if (method !== 'GET') changes.push({ method, path, status: reply.status });
    send(response, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    state,
    add: (name) => addFeature(state, name),
    changes,
    trouble: (what) => {
      trouble = what;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, { status, body }: UnleashReply): void {
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}
