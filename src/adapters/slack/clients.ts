import { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { logBridge } from './log-bridge.ts';

/** How Slack's Web API is reached. */
export interface ApiSettings {
  /** Starts with `xoxb-`. Never logged. */
  botToken: string;
  /** Where the Web API's methods are, with a slash at the end: `https://slack.com/api/`. */
  apiUrl: string;
}

/** Two ways to the same API: a person waits for what goes through `fast`, nobody for what goes through `outbox`. */
export interface Clients {
  fast: WebClient;
  outbox: WebClient;
}

/** A trigger lives 3 s; what has no answer by then is of no use (https://docs.slack.dev/interactivity/handling-user-interaction). */
const FAST_TIMEOUT_MS = 2_000;
const OUTBOX_TIMEOUT_MS = 5_000;

/**
 * Slack's client would by itself send again what Slack had already taken, stop every call of one client for a limit met in one
 * channel, and wait for ever for an answer (measured with 8.2.0). So it tries once, hands limits on, and trying again is ours.
 */
export function createClients(
  { botToken, apiUrl }: ApiSettings,
  logger: Pick<Logger, 'warn' | 'error'>,
): Clients {
  const options = {
    slackApiUrl: apiUrl,
    // Else a string from outside that begins with http would be called with our token.
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: logBridge(logger),
  };
  return {
    fast: new WebClient(botToken, { ...options, timeout: FAST_TIMEOUT_MS }),
    outbox: new WebClient(botToken, { ...options, timeout: OUTBOX_TIMEOUT_MS }),
  };
}
