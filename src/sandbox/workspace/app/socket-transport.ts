import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { secret } from '../ids.ts';
import type { Timing } from '../timing.ts';
import type { AppAnswer, Outgoing } from './payload.ts';

// Messages and limits: https://docs.slack.dev/apis/events-api/using-socket-mode.

/** "Socket Mode allows your app to maintain up to 10 open WebSocket connections at the same time." */
const MAX_CONNECTIONS = 10;

/** Slack's servers ping; clients give a connection up after 30 s without (`@slack/socket-mode`, `serverPingTimeout`). */
const PING_EVERY_MS = 10_000;

/** How long a closing handshake may take: both ends are on this machine. */
const CLOSING_MS = 200;

/** About five hours, as samples of Slack's hello message show. */
const APPROXIMATE_CONNECTION_SECONDS = 18_060;

const acknowledgement = z.looseObject({ envelope_id: z.string(), payload: z.unknown().optional() });

/** The sockets an app has opened. */
export interface SocketTransport {
  /** A one-time address for the next connection, relative to the server: `apps.connections.open`. */
  ticket(): string;
  /** Whether a ticket is good; using it up. */
  redeem(ticket: string): boolean;
  accept(socket: WebSocket): void;
  send(outgoing: Outgoing): Promise<AppAnswer>;
  /** Tells one connection that it will be replaced, as Slack does every few hours, and closes it. */
  refresh(options: { readonly isWarned: boolean }): void;
  /** How many connections are open. */
  count(): number;
  /** Cuts every connection, as a server that goes away does. */
  cutAll(): void;
  /** Closes every connection in good order, for at most 200 ms, and cuts what is left. */
  closeAll(): Promise<void>;
}

/** Keeps the app's Socket Mode connections: each payload goes to one of them, and must be acknowledged. */
export function createSocketTransport(options: { appId: string; timing: Timing }): SocketTransport {
  const tickets = new Set<string>();
  const sockets: WebSocket[] = [];
  const envelopes = createEnvelopes(options.timing.ackMs);
  let turn = 0;
  const cutAll = () => {
    for (const socket of [...sockets]) socket.terminate();
    envelopes.giveUp();
  };
  return {
    ticket: () => {
      const ticket = secret(16);
      tickets.add(ticket);
      return ticket;
    },
    redeem: (ticket) => tickets.delete(ticket),
    accept: (socket) => {
      if (sockets.length >= MAX_CONNECTIONS) {
        // slackapi/node-slack-sdk#1654: the eleventh is told `too_many_websockets`.
        disconnect(socket, 'too_many_websockets');
        socket.close();
        return;
      }
      keepAlive(socket, sockets);
      socket.on('message', (data) => envelopes.acknowledge(String(data)));
      socket.send(JSON.stringify(hello(options.appId, sockets.length)));
    },
    send: (outgoing) => {
      // "Payloads are sent to one of the connections, in no documented pattern": in turn is one such.
      const socket = sockets[turn++ % Math.max(sockets.length, 1)];
      if (socket === undefined) return Promise.resolve({ kind: 'unreachable', reason: 'no socket is open' });
      return envelopes.send(socket, outgoing);
    },
    refresh: ({ isWarned }) => {
      const socket = sockets[0];
      if (socket === undefined) return;
      disconnect(socket, isWarned ? 'warning' : 'refresh_requested');
      const end = setTimeout(() => socket.close(), isWarned ? options.timing.disconnectWarningMs : 0);
      socket.once('close', () => clearTimeout(end));
    },
    count: () => sockets.length,
    cutAll,
    closeAll: async () => {
      for (const socket of sockets) socket.close(1001);
      const ends = sockets.map((socket) =>
        once(socket, 'close', { signal: AbortSignal.timeout(CLOSING_MS) }),
      );
      await Promise.allSettled(ends);
      cutAll();
    },
  };
}

/** Counts a socket among the open ones until it closes, and pings it meanwhile. */
function keepAlive(socket: WebSocket, sockets: WebSocket[]): void {
  sockets.push(socket);
  const ping = setInterval(() => socket.ping(), PING_EVERY_MS);
  socket.on('close', () => {
    clearInterval(ping);
    sockets.splice(sockets.indexOf(socket), 1);
  });
}

function disconnect(socket: WebSocket, reason: string): void {
  socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-1' } }));
}

/** Envelopes under way, each until it is acknowledged or its time is over. */
function createEnvelopes(ackMs: number) {
  const waiting = new Map<string, (answer: AppAnswer) => void>();
  return {
    send: (socket: WebSocket, outgoing: Outgoing): Promise<AppAnswer> => {
      const envelope = envelopeFor(outgoing);
      return new Promise((resolve) => {
        const give = (answer: AppAnswer) => {
          clearTimeout(deadline);
          waiting.delete(envelope.envelope_id);
          resolve(answer);
        };
        const deadline = setTimeout(() => give({ kind: 'timed_out' }), ackMs);
        waiting.set(envelope.envelope_id, give);
        socket.send(JSON.stringify(envelope));
      });
    },
    /** Reads what came on a socket. What acknowledges nothing is passed over, as Slack does. */
    acknowledge: (text: string): void => {
      const parsed = acknowledgement.safeParse(JSON.parse(text));
      if (!parsed.success) return;
      waiting.get(parsed.data.envelope_id)?.({ kind: 'acknowledged', body: meaning(parsed.data.payload) });
    },
    giveUp: (): void => {
      for (const give of [...waiting.values()]) give({ kind: 'unreachable', reason: 'the workspace closed' });
    },
  };
}

function hello(appId: string, connections: number) {
  return {
    type: 'hello',
    num_connections: connections,
    debug_info: {
      host: 'applink-1',
      build_number: 1,
      approximate_connection_time: APPROXIMATE_CONNECTION_SECONDS,
    },
    connection_info: { app_id: appId },
  };
}

function envelopeFor(outgoing: Outgoing) {
  const isEvent = outgoing.family === 'events_api';
  return {
    envelope_id: randomUUID(),
    type: outgoing.family,
    accepts_response_payload: !isEvent,
    payload: outgoing.payload,
    ...(isEvent
      ? { retry_attempt: outgoing.retry?.num ?? 0, retry_reason: outgoing.retry?.reason ?? '' }
      : {}),
  };
}

/** An acknowledgement without content comes as an absent or empty payload. */
function meaning(payload: unknown): unknown {
  const isEmpty = typeof payload === 'object' && payload !== null && Object.keys(payload).length === 0;
  return isEmpty ? undefined : payload;
}
