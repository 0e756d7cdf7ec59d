import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const VALUES: Record<string, number> = { '/pass': 1, '/unsure': 0.5, '/fail': 0 };

/** A web server for analyses: its path is the verdict. */
export async function startVerdictServer(): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const value = VALUES[request.url ?? ''];
    response.writeHead(value === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ value }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
