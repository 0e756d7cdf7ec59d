import type { Logger } from 'pino';
import type { ReplyAddress } from '../../../domain/request.ts';
import type { Message } from '../../../ports/message.ts';
import type { Clients } from '../clients.ts';
import { showTo, writeTo } from '../private-words.ts';
import { type RenderedMessage, renderMessage } from '../render/message.ts';
import type { Delivered, RespondTo } from '../response-url.ts';
import { withoutRequests } from './without-requests.ts';

/** What telling somebody at once needs. */
export interface TellParts {
  clients: Pick<Clients, 'fast'>;
  respond: RespondTo;
  logger: Pick<Logger, 'warn'>;
}

/** A message as it is said at once: nothing in it needs the button store. */
export function drawAtOnce(message: Message): RenderedMessage {
  return renderMessage(withoutRequests(message), () => '');
}

/** Tells one person, by the first way that is open to them. Never rejects: there is nobody left to tell. */
export async function tellPerson(
  { clients: { fast }, respond, logger }: TellParts,
  address: Extract<ReplyAddress, { kind: 'slack' }>,
  message: Message,
): Promise<void> {
  const { user, channel, responseUrl } = address;
  const words = drawAtOnce(message);
  const ways: (() => Promise<Delivered>)[] = [
    ...(responseUrl === undefined ? [] : [() => respond(responseUrl, words)]),
    ...(channel === undefined ? [] : [() => showTo(fast, { channel, user }, words)]),
    () => writeTo(fast, user, words),
  ];
  for (const way of ways) {
    const end = await way();
    if (end.kind === 'delivered') return;
    if (end.kind === 'unsure') break;
  }
  logger.warn({ channel }, 'somebody could not be told at once');
}
