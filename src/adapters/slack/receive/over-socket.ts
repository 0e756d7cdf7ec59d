import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App, Receiver } from '@slack/bolt';
import { TerminalError } from '../../../errors.ts';
import type { Timers } from '../timers.ts';
import { createApp, type ReceiveParts } from './app.ts';
import { closeServer } from './close-server.ts';
import { type KeptConnection, keepConnection } from './kept-connection.ts';
import type { Receiving, Route } from './receiving.ts';
import { withDeadline } from './with-deadline.ts';

/** How we reach Slack where Slack cannot reach us. */
export interface SocketSettings {
  /** Starts with `xapp-`, with the scope `connections:write`. Never logged. */
  appToken: string;
  apiUrl: string;
  timers: Timers;
  /** Where the pages are served; absent: nowhere. */
  pages?: { port: number; host?: string; routes: readonly Route[] };
  /** Milliseconds between the two connections. Absent: 20 s. */
  staggerMs?: number;
  /** Milliseconds without a byte after which a connection is given up. Absent: 10 s; the client pings every two. */
  silenceMs?: number;
}

/** Slack renews a connection every few hours and says so about 10 s before: two that began at once would end at once. */
const STAGGER_MS = 20_000;
const SILENCE_MS = 10_000;

/**
 * Takes in Slack's requests over two sockets: what is sent while one is renewed goes to the other. (With one, half of the commands
 * of a test that renewed it every ten seconds failed; with two, one in a thousand.) Connects in the background and for ever.
 */
export async function receiveOverSocket(parts: ReceiveParts, settings: SocketSettings): Promise<Receiving> {
  if (settings.appToken.trim() === '') throw new TerminalError('the Slack app token is empty');
  const { staggerMs = STAGGER_MS, silenceMs = SILENCE_MS } = settings;
  const pages = settings.pages && (await servePages(settings.pages));
  const app = createApp(NO_RECEIVER, parts);
  const connections: KeptConnection[] = [];
  const connect = () =>
    connections.push(keepConnection({ ...settings, app, silenceMs, logger: parts.logger }));
  connect();
  const stopSecond = settings.timers.after(staggerMs, connect);
  return {
    ...(pages ? { port: (pages.address() as AddressInfo).port } : {}),
    health: () =>
      connections.some(({ isUp }) => isUp)
        ? { kind: 'up' }
        : { kind: 'down', why: 'no socket to Slack is open' },
    async close(options) {
      stopSecond();
      await withDeadline(app.settled(), options.withinMs, 'finishing what is under way').catch(() => {});
      await Promise.all([
        ...connections.map((one) => one.close()),
        ...(pages ? [closeServer(pages, options)] : []),
      ]);
    },
  };
}

/** Each connection brings a receiver of its own, so the app begins with none. */
const NO_RECEIVER: Receiver = {
  init: (_app: App) => {},
  start: async () => {},
  stop: async () => {},
};

async function servePages({ port, host, routes }: NonNullable<SocketSettings['pages']>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = URL.parse(request.url ?? '', 'http://localhost')?.pathname;
    const route = request.method === 'GET' ? routes.find((known) => known.path === path) : undefined;
    if (route) route.handler(request, response);
    else response.writeHead(404).end();
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
  await listening.catch((cause: unknown) => {
    throw new TerminalError(`listening on port ${port} failed`, { cause });
  });
  return server;
}
