import type { Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { logBridge } from '../log-bridge.ts';
import { AckAfterListeners } from './ack-after-listeners.ts';
import { createGuard } from './guard.ts';
import { type ListenerParts, listen } from './listeners.ts';

/** What the app is made of, whatever way requests come. */
export type ReceiveParts = ListenerParts & { logger: Logger };

/**
 * Bolt with our listeners behind the guard. It is given no token: answers go out by our own clients, and so it asks Slack
 * nothing before a request is acknowledged.
 */
export function createApp(receiver: Receiver, parts: ReceiveParts): AckAfterListeners {
  const app = new AckAfterListeners({
    receiver,
    authorize: async () => ({}),
    logger: logBridge(parts.logger),
    // Our own messages are told apart by their payloads; Bolt would have to ask who we are.
    ignoreSelf: false,
    convoStore: false,
  });
  app.use(createGuard(parts));
  listen(app, parts);
  return app;
}
