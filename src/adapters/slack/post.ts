import { z } from 'zod';
import { UnavailableError } from '../../errors.ts';
import type { Chat, Edited, Posted } from '../../ports/chat.ts';
import { type ApiFault, attempt, faultError } from './api-fault.ts';
import { keepButtons } from './button-ids.ts';
import type { ChatParts } from './chat-parts.ts';
import { clientMessageId } from './client-message-id.ts';
import { editOf, postInto } from './outbox/lanes.ts';
import type { Sent } from './outbox/outbox.ts';
import { isForPeople, refusalWords } from './refusal-words.ts';
import { renderMessage, requestsOf } from './render/message.ts';

/** What our messages' metadata is called; its payload is the operation, which anybody in the workspace may read. */
export const METADATA_TYPE = 'signalbox';

const Answer = z.looseObject({ channel: z.string(), ts: z.string() });

/** Slack has met this `client_msg_id` and does not show us the message: it is there, and must be looked for. */
const DUPLICATES = new Set(['duplicate_message_not_found', 'duplicate_channel_not_found']);

/** `Chat.post` and `Chat.edit`: what goes through the workspace's one outbox. */
export function createPosting(parts: ChatParts): Pick<Chat, 'post' | 'edit'> {
  const { outbox, buttons, clients } = parts;
  return {
    async post({ channel, thread, operation, message }) {
      const act = `posting into ${channel}`;
      const drawn = renderMessage(message, await keepButtons(buttons, requestsOf(message.blocks)));
      const post = {
        channel,
        ...drawn,
        ...(thread === undefined ? {} : { thread_ts: thread }),
        metadata: { event_type: METADATA_TYPE, event_payload: { op: operation } },
        client_msg_id: clientMessageId(operation),
        unfurl_links: false,
        unfurl_media: false,
      };
      const send = async (): Promise<Sent<Posted>> => {
        const done = await attempt(() => clients.outbox.apiCall('chat.postMessage', post));
        if (done.kind === 'ok') return sent({ kind: 'posted', ...pick(Answer.parse(done.value)) });
        if (done.kind === 'refused' && DUPLICATES.has(done.code)) {
          throw new UnavailableError(`${act}: it was posted before`, { ambiguous: true });
        }
        return refusedOrLimited(done, act);
      };
      return outbox.put({ ...postInto(channel), send });
    },

    async edit({ channel, ts, message, urgent }) {
      const drawn = renderMessage(message, await keepButtons(buttons, requestsOf(message.blocks)));
      const send = async (): Promise<Sent<Edited>> => {
        const done = await attempt(() => clients.outbox.apiCall('chat.update', { channel, ts, ...drawn }));
        if (done.kind === 'ok') return sent({ kind: 'edited' });
        if (done.kind === 'refused' && done.code === 'message_not_found') return sent({ kind: 'gone' });
        return refusedOrLimited(done, `editing a message of ${channel}`);
      };
      return outbox.put({ ...editOf({ channel, ts, urgent }), send });
    },
  };
}

function refusedOrLimited(fault: ApiFault, act: string): Sent<{ kind: 'refused'; reason: string }> {
  if (fault.kind === 'limited') return fault;
  if (fault.kind === 'refused' && isForPeople(fault.code)) {
    return sent({ kind: 'refused', reason: refusalWords(fault) });
  }
  throw faultError(fault, act);
}

function sent<T>(value: T): { kind: 'sent'; value: T } {
  return { kind: 'sent', value };
}

function pick({ channel, ts }: z.infer<typeof Answer>) {
  return { channel, ts };
}
