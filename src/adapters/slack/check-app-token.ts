import { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { demand } from './api-fault.ts';
import { logBridge } from './log-bridge.ts';

const TIMEOUT_MS = 5_000;

/**
 * Asks for the address of a Socket Mode connection, and opens none. Throws `TerminalError` when Slack refuses the token or the app
 * has Socket Mode switched off, `UnavailableError` when it does not answer.
 */
export async function checkAppToken(
  { appToken, apiUrl }: { appToken: string; apiUrl: string },
  logger: Pick<Logger, 'warn' | 'error'>,
): Promise<void> {
  const client = new WebClient(appToken, {
    slackApiUrl: apiUrl,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    logger: logBridge(logger),
  });
  await demand('asking Slack for a socket', () => client.apiCall('apps.connections.open'));
}
