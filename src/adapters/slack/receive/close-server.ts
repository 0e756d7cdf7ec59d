import type { Server } from 'node:http';

/** Stops listening, lets requests under way finish for `withinMs` milliseconds, then cuts what is left. */
export async function closeServer(server: Server, { withinMs }: { withinMs: number }): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearTimeout(cut);
}
