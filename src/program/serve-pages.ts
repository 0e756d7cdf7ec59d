import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TerminalError } from '../errors.ts';
import type { HealthPages } from './health.ts';

/** Serves the health pages. Throws `TerminalError` when the port cannot be had. */
export async function servePages(
  { host, port }: { host: string; port: number },
  routes: HealthPages['routes'],
): Promise<{ server: Server; port: number }> {
  const known = new Map(routes.map(({ path, handler }) => [path, handler]));
  const server = createServer((request, response) => {
    const handler = known.get(new URL(request.url ?? '/', 'http://pages').pathname);
    if (handler) handler(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((cause: unknown) => {
    throw new TerminalError(
      `listening for health checks on ${host}:${port} failed: is something else there?`,
      { cause },
    );
  });
  return { server, port: (server.address() as AddressInfo).port };
}
