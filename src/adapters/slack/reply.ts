import type { ReplyAddress, Request } from '../../domain/request.ts';
import { codeBlock, mrkdwn } from '../../domain/text/mrkdwn.ts';
import { UnavailableError } from '../../errors.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Answer, Form, Message } from '../../ports/message.ts';
import { attempt } from './api-fault.ts';
import { keepButtons } from './button-ids.ts';
import type { ChatParts } from './chat-parts.ts';
import { delivered, showTo, writeTo } from './private-words.ts';
import { renderCard, renderMessageModal, renderModal } from './render/form.ts';
import { MAX_TEXT } from './render/limits.ts';
import { renderMessage, requestsOf } from './render/message.ts';
import type { Delivered } from './response-url.ts';
import { sendFile } from './send-file.ts';
import { viewName } from './view-name.ts';

type SlackAddress = Extract<ReplyAddress, { kind: 'slack' }>;

/** What is shown: a form where there are fields to fill in, a message otherwise. */
type Shown = { kind: 'message' | 'refused'; message: Message } | { kind: 'form'; form: Form };

/**
 * `Chat.reply`: the modal that waits to be filled, else the response address, else a message that only they see, else a direct
 * one. The next way is tried only when the one before certainly did not arrive.
 */
export function createReply(parts: ChatParts): Chat['reply'] {
  return async (address, answer) => {
    if (address.kind !== 'slack') return;
    const shown = answer.kind === 'file' ? await fileShown(parts, address, answer) : answer;
    const failures: string[] = [];
    for (const way of await waysTo(parts, address, shown)) {
      const end = await way();
      if (end.kind === 'delivered') return;
      if (end.kind === 'unsure')
        throw new UnavailableError(`answering a person: ${end.why}`, { ambiguous: true });
      failures.push(end.why);
    }
    // Nobody is left to be told, and trying again would end the same way.
    parts.logger.warn({ failures }, 'an answer could not be delivered');
  };
}

async function waysTo(
  { clients: { fast }, buttons, respond }: ChatParts,
  address: SlackAddress,
  shown: Shown,
): Promise<(() => Promise<Delivered>)[]> {
  const { view, responseUrl, channel, user } = address;
  const idOf = await keepButtons(buttons, requestsIn(shown));
  const card = shown.kind === 'form' ? renderCard(shown.form, idOf) : renderMessage(shown.message, idOf);
  const fill = async (name: string) => {
    const { externalId, update } = viewName(name);
    const place = { idOf, ...(externalId ? { externalId } : {}), ...(channel ? { channel } : {}) };
    const modal =
      shown.kind === 'form' ? renderModal(shown.form, place) : renderMessageModal(shown.message, place);
    return delivered(await attempt(() => fast.apiCall('views.update', { ...update, view: modal })));
  };
  return [
    ...(view === undefined ? [] : [() => fill(view)]),
    ...(responseUrl === undefined ? [] : [() => respond(responseUrl, card)]),
    ...(channel === undefined ? [] : [() => showTo(fast, { channel, user }, card)]),
    () => writeTo(fast, user, card),
  ];
}

function requestsIn(shown: Shown): Request[] {
  if (shown.kind !== 'form') return requestsOf(shown.message.blocks);
  const { message, submit } = shown.form;
  return [...requestsOf(message.blocks), ...(submit ? [submit.does] : [])];
}

/** A short file is shown as it is; a long one goes to the person's direct messages, and the answer says so. */
async function fileShown(
  { clients, logger }: ChatParts,
  { user }: SlackAddress,
  { name, text, message }: Extract<Answer, { kind: 'file' }>,
): Promise<Shown> {
  const inline = codeBlock(text);
  const isShort = inline.mrkdwn.length <= MAX_TEXT;
  const sent = isShort
    ? { kind: 'closed' as const, why: 'short' }
    : await sendFile(clients, { user, name, text });
  if (sent.kind === 'delivered')
    return {
      kind: 'message',
      message: withBlock(message, mrkdwn`${name} is in your direct messages with me.`),
    };
  if (!isShort) logger.warn({ why: sent.why }, 'a file could not be sent; its beginning is shown instead');
  return { kind: 'message', message: withBlock(message, inline) };
}

function withBlock(message: Message, text: ReturnType<typeof mrkdwn>): Message {
  return { ...message, blocks: [...message.blocks, { kind: 'section', text }] };
}
