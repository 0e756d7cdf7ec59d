import type { Logger } from 'pino';
import type { ButtonStore } from '../../ports/button-store.ts';
import type { Clients } from './clients.ts';
import type { Identity } from './identity.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { RespondTo } from './response-url.ts';

/** What the outgoing side is made of. */
export interface ChatParts {
  clients: Clients;
  outbox: Outbox;
  buttons: ButtonStore;
  identity: () => Promise<Identity>;
  respond: RespondTo;
  logger: Pick<Logger, 'warn' | 'error'>;
}
