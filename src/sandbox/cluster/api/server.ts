import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Scheduler } from '../scheduler.ts';
import { createFaultTable, type Faults } from './faults.ts';
import { handleRequest, type RequestContext } from './handle-request.ts';
import { createContinuations } from './list.ts';
import type { LoggedRequest } from './request-log.ts';
import { refuse } from './respond.ts';
import type { Store } from './store.ts';
import type { Users } from './users.ts';
import { BOOKMARK_MS } from './watch.ts';
import { cutWatches } from './watch-response.ts';

/** What an API server needs. */
export interface ApiServerOptions {
  store: Store;
  users: Users;
  scheduler: Scheduler;
  /** 0 or absent: any free port. */
  port?: number | undefined;
  /** How often a quiet watch gets a bookmark; absent: once a minute, as in a real cluster. */
  bookmarkMs?: number | undefined;
}

/** An API server that listens. */
export interface ApiServer {
  url: string;
  requests: readonly LoggedRequest[];
  faults: Faults;
  close(): Promise<void>;
}

/** Starts a Kubernetes API server on loopback, plain HTTP. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const context: RequestContext = {
    ...options,
    bookmarkMs: options.bookmarkMs ?? BOOKMARK_MS,
    continuations: createContinuations(),
    requests: [],
    watches: new Set(),
    faults: createFaultTable(),
  };
  const server = createServer((request, response) => {
    handleRequest(context, request, response).catch((error: unknown) => {
      refuse(response, {
        code: 500,
        reason: 'InternalError',
        message: `Internal error occurred: ${String(error)}`,
      });
    });
  });
  const close = closer(server, context);
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const faults: Faults = {
    down: close,
    up: () => listen(server, port),
    add: (rule) => context.faults.add(rule),
    cutWatches: (how) => cutWatches(context.watches, how),
    compact() {
      options.store.compact();
      context.continuations.expire();
    },
    clear: () => context.faults.clear(),
  };
  return { url: `http://127.0.0.1:${port}`, requests: context.requests, faults, close };
}

/** Keeps track of connections, so that closing breaks them instead of waiting for them. */
function closer(server: Server, context: RequestContext): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  return async () => {
    if (!server.listening) return;
    for (const watch of [...context.watches]) watch.stop();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
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
