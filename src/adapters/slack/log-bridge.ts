import type { Logger as SlackLogger } from '@slack/bolt';
import { LogLevel } from '@slack/bolt';
import type { Logger } from 'pino';
import { redact } from '../../domain/text/redact.ts';

/** What Slack's libraries say, in our log: only what went wrong, and redacted. Their lower levels print whole payloads. */
export function logBridge(logger: Pick<Logger, 'warn' | 'error'>): SlackLogger {
  const said = (messages: unknown[]) => redact(messages.map(String).join(' '));
  return {
    debug: () => {},
    info: () => {},
    warn: (...messages) => logger.warn({ said: said(messages) }, 'slack library warns'),
    error: (...messages) => logger.warn({ said: said(messages) }, 'slack library met an error'),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
