import { type App, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { UnavailableError } from '../../../errors.ts';
import { logBridge } from '../log-bridge.ts';
import type { Timers } from '../timers.ts';
import { watchSockets } from './watched-sockets.ts';
import { withDeadline } from './with-deadline.ts';

/** What a connection needs. */
export interface SocketParts {
  app: App;
  /** Starts with `xapp-`. Never logged. */
  appToken: string;
  apiUrl: string;
  timers: Timers;
  logger: Logger;
  /** Milliseconds without a byte from Slack after which a connection is given up. */
  silenceMs: number;
}

const STOPPED = 'connecting to Slack was stopped';

/** A Socket Mode connection over which requests come. */
export interface OpenSocket {
  /** Slack said that it is about to end: requests still come, and the next one should be opened. */
  leaving: Promise<void>;
  over: Promise<void>;
  /** Ends it, with a goodbye for which there is a moment. */
  close(): Promise<void>;
}

/** From asking for an address to Slack's hello. */
const CONNECT_WITHIN_MS = 15_000;
const GOODBYE_MS = 1_000;

/**
 * Opens a connection. Throws `UnavailableError`, also when `stop` settles first. Every one has a client of its own, which does not connect again: Slack's client
 * waits five seconds before it does, lets its failures go unheard in a timer, and gives up for good on a lost network.
 */
export async function openSocket(parts: SocketParts, stop: Promise<void>): Promise<OpenSocket> {
  const sockets = watchSockets(parts);
  const { client } = receiverOf(parts, sockets.dispatcher);
  const leaving = Promise.withResolvers<void>();
  listenForGoodbye(client, leaving.resolve);
  const over = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
  const close = async () => {
    // The closing handshake with a server that is gone has no end.
    await withDeadline(client.disconnect(), GOODBYE_MS, 'leaving Slack').catch(() => {});
    sockets.cut();
    await sockets.dispatcher.destroy();
  };
  try {
    const started = client.start().catch((cause: unknown) => {
      throw new UnavailableError('Slack opened no socket', { cause });
    });
    const stopped = stop.then(() => Promise.reject(new UnavailableError(STOPPED)));
    await withDeadline(Promise.race([started, stopped]), CONNECT_WITHIN_MS, 'connecting to Slack');
  } catch (error) {
    await close();
    throw error;
  }
  return { leaving: leaving.promise, over, close };
}

/**
 * Slack tells about ten seconds ahead that a connection will be renewed, and keeps sending over it. Slack's client closes it at
 * that word, and loses what is on its way; here it stays open until Slack closes it.
 */
function listenForGoodbye(client: SocketModeReceiver['client'], onGoodbye: () => void): void {
  const handlers = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (message: unknown, isBinary: boolean) => {
    if (typeof message === 'string' && isGoodbye(message)) onGoodbye();
    else for (const handle of handlers) handle(message, isBinary);
  });
}

/** https://docs.slack.dev/apis/events-api/using-socket-mode#disconnect */
function isGoodbye(message: string): boolean {
  // Every other message is parsed by the client; this one is short and begins so.
  return message.length < 1_000 && /"type"\s*:\s*"disconnect"/.test(message);
}

function receiverOf(parts: SocketParts, dispatcher: ReturnType<typeof watchSockets>['dispatcher']) {
  const receiver = new SocketModeReceiver({
    appToken: parts.appToken,
    autoReconnectEnabled: false,
    dispatcher,
    logger: logBridge(parts.logger),
    // What could not be taken in is not acknowledged: Slack sends events again.
    processEventErrorHandler: async ({ error }) => {
      parts.logger.warn({ err: error }, 'a request of Slack was not taken in');
      return false;
    },
    installerOptions: {
      clientOptions: {
        slackApiUrl: parts.apiUrl,
        allowAbsoluteUrls: false,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: 5_000,
        fetch: globalThis.fetch,
      },
    },
  });
  receiver.init(parts.app);
  return receiver;
}
