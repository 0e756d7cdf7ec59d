import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Door } from '../adapters/api/serve-door.ts';
import { TerminalError } from '../errors.ts';
import type { HealthPages } from './health.ts';

/** A request that takes longer to arrive is nobody's. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Serves the health pages, and whatever else has a door: it answers for every path that begins with its own. Throws
 * `TerminalError` when the port cannot be had.
 */
export async function servePages(
  { host, port }: { host: string; port: number },
  { routes, doors }: { routes: HealthPages['routes']; doors: readonly Door[] },
): Promise<{ server: Server; port: number }> {
  const known = new Map(routes.map(({ path, handler }) => [path, handler]));
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    const path = URL.parse(request.url ?? '/', 'http://pages')?.pathname ?? '';
    const handler = known.get(path) ?? doors.find((door) => path.startsWith(door.path))?.handler;
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
