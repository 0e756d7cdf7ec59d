import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { graphPage, PAGE_HEADERS } from './graph-page.ts';

/** Serves the page of a query alone, for a Prometheus that came without a page of its own. Loopback only. */
export async function serveGraph(apiUrl: string): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://graph');
    if (url.pathname !== '/graph') {
      response.writeHead(404).end();
      return;
    }
    graphPage(url.searchParams, apiUrl).then(
      (page) => response.writeHead(200, PAGE_HEADERS).end(page),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
