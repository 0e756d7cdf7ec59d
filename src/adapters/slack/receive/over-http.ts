import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { TerminalError, UnavailableError } from '../../../errors.ts';
import { logBridge } from '../log-bridge.ts';
import { createApp, type ReceiveParts } from './app.ts';
import { closeServer } from './close-server.ts';
import { signatureOf } from './guard.ts';
import type { Receiving, Route } from './receiving.ts';

/** How Slack reaches us. */
export interface HttpSettings {
  /** Of the app's "Basic Information" page. Never empty, never logged. */
  signingSecret: string;
  /** 0: any free port. */
  port: number;
  /** Absent: every address of the machine. */
  host?: string;
  /** Pages beside Slack's endpoint. */
  routes: readonly Route[];
}

/** Where Slack sends everything: commands, interactions, events. */
export const SLACK_PATH = '/slack/events';

/** Slack's payloads have at most some 100 kB; nothing larger is read before its signature is known. */
const MAX_BODY_BYTES = 1_048_576;
/** A request that takes longer to arrive is not Slack's. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Takes in Slack's requests by HTTP. Throws `TerminalError` for an empty signing secret and when the port cannot be had. */
export async function receiveOverHttp(parts: ReceiveParts, settings: HttpSettings): Promise<Receiving> {
  const { signingSecret, port, host, routes } = settings;
  // With an empty secret anybody could sign.
  if (signingSecret.trim() === '') throw new TerminalError('the Slack signing secret is empty');
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: SLACK_PATH,
    bodyLimit: MAX_BODY_BYTES,
    customRoutes: routes.map((route) => ({ ...route, method: 'GET' })),
    customPropertiesExtractor: signatureOf,
    logger: logBridge(parts.logger),
    processEventErrorHandler: async ({ error, response }) => answerFailure(parts.logger, error, response),
  });
  createApp(receiver, parts);
  const listening = { port, ...(host === undefined ? {} : { host }) };
  const server = await receiver
    .start(listening, { requestTimeout: REQUEST_TIMEOUT_MS })
    .catch((cause: unknown) => {
      throw new TerminalError(`listening for Slack on port ${port} failed`, { cause });
    });
  const address = server.address();
  return {
    ...(typeof address === 'object' && address ? { port: address.port } : {}),
    health: () => (server.listening ? { kind: 'up' } : { kind: 'down', why: 'the port is closed' }),
    close: (options) => closeServer(server, options),
  };
}

/** Tells Slack that a request was not taken in; true when this answered it. */
function answerFailure(
  logger: Pick<Logger, 'warn' | 'error'>,
  error: Error,
  response: ServerResponse,
): boolean {
  const cause = 'original' in error && error.original instanceof Error ? error.original : error;
  const status = cause instanceof UnavailableError ? 503 : cause instanceof TerminalError ? 401 : 500;
  if (status === 500) logger.error({ err: cause, errorId: randomUUID() }, 'a request of Slack met a defect');
  else logger.warn({ err: cause }, 'a request of Slack was refused');
  if (response.headersSent) return false;
  response.writeHead(status).end();
  return true;
}
