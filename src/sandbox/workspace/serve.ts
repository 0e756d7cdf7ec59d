import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { WebSocketServer } from 'ws';
import type { Exchange } from './exchange.ts';
import type { Page } from './page/serve-page.ts';
import type { WorkspaceParts } from './parts.ts';
import { type ApiServing, serveApi } from './web-api/serve-api.ts';
import { serveFile, serveUpload } from './web-api/serve-files.ts';

/** A server on 127.0.0.1 that can be taken down and brought up again on the same port. */
export interface LoopbackServer {
  readonly url: string;
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Opens a server on 127.0.0.1; `port` 0 is any free one. What it does is said later by `serve`. */
export async function openLoopback(port: number): Promise<LoopbackServer & { readonly server: Server }> {
  const server = createServer();
  await listen(server, port);
  const { port: given } = server.address() as AddressInfo;
  return {
    server,
    url: `http://127.0.0.1:${given}`,
    down: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    up: () => listen(server, given),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Answers everything the workspace answers: the Web API, response addresses, files, sockets, the page. */
export function serve(
  server: Server,
  parts: WorkspaceParts,
  ways: { api: Omit<ApiServing, 'parts'>; page: Page },
): void {
  const host = new URL(parts.url).host;
  const sockets = new WebSocketServer({ noServer: true });

  server.on('request', (request, response) => {
    const exchange = { request, response };
    if (!isForUs(request, host)) {
      response.writeHead(421).end('This server answers on its own address only.');
      return;
    }
    route(parts, new URL(request.url ?? '/', parts.url), { ...ways, exchange }).catch((error: unknown) => {
      // A defect of this server must fail the test that met it, not look like Slack's own trouble.
      process.stderr.write(`workspace: ${error instanceof Error ? error.stack : String(error)}\n`);
      if (!response.headersSent) response.writeHead(500).end();
      else response.destroy();
    });
  });

  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', parts.url);
    const isWelcome =
      isForUs(request, host) &&
      url.pathname === '/link/' &&
      parts.sockets.redeem(url.searchParams.get('ticket') ?? '');
    if (!isWelcome) {
      socket.end('HTTP/1.1 408 Request Timeout\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => parts.sockets.accept(webSocket));
  });
}

/** A page of another origin can make a browser call us by a name that resolves to 127.0.0.1; then the Host header tells. */
function isForUs(request: IncomingMessage, host: string): boolean {
  const named = request.headers.host;
  return named === host || named === host.replace('127.0.0.1', 'localhost');
}

async function route(
  parts: WorkspaceParts,
  url: URL,
  { exchange, api, page }: { exchange: Exchange; api: Omit<ApiServing, 'parts'>; page: Page },
): Promise<void> {
  const { request, response } = exchange;
  const [, first] = url.pathname.split('/');
  switch (first) {
    case 'api':
      return serveApi({ ...api, parts }, url, exchange);
    case 'response':
      return serveResponse(parts, url, exchange);
    case 'upload':
      return serveUpload(parts, url, exchange);
    case 'files-pri': {
      const isApp = request.headers.authorization === `Bearer ${parts.tokens.bot}`;
      return serveFile(parts, url, { response, isAllowed: isApp || page.isViewer(request) });
    }
    default:
      return page.serve(url, exchange);
  }
}

async function serveResponse(
  parts: WorkspaceParts,
  url: URL,
  { request, response }: Exchange,
): Promise<void> {
  const body = request.method === 'POST' ? await json(request).catch(() => undefined) : undefined;
  const answer = parts.responseUrls.post(url.pathname, body);
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
}
