import { z } from 'zod';
import type { Chat } from '../../ports/chat.ts';
import { attempt, faultError } from './api-fault.ts';
import type { ChatParts } from './chat-parts.ts';
import { METADATA_TYPE } from './post.ts';

/** Our clock and Slack's may differ by this much. */
const CLOCK_DIFFERENCE_MS = 60_000;

/** As many messages as Slack advises to ask for at once (https://docs.slack.dev/reference/methods/conversations.history). */
const PAGE = 200;

const Page = z.looseObject({
  messages: z.array(
    z.looseObject({
      ts: z.string(),
      user: z.string().optional(),
      bot_id: z.string().optional(),
      metadata: z
        .looseObject({ event_type: z.string(), event_payload: z.looseObject({ op: z.unknown().optional() }) })
        .optional()
        .catch(undefined),
    }),
  ),
  response_metadata: z.looseObject({ next_cursor: z.string().default('') }).default({ next_cursor: '' }),
});

/** Channels and threads that cannot be read hold nothing that we could have posted there. */
const NOTHING_THERE = new Set(['not_in_channel', 'channel_not_found', 'thread_not_found']);

/** `Chat.find`: reads what was said since, and adopts only a message of our own: metadata can be written by any app. */
export function createFind({ clients, identity }: Pick<ChatParts, 'clients' | 'identity'>): Chat['find'] {
  return async ({ channel, thread, operation, since }) => {
    const { botUserId, botId } = await identity();
    const method = thread === undefined ? 'conversations.history' : 'conversations.replies';
    const query = {
      channel,
      ...(thread === undefined ? {} : { ts: thread }),
      oldest: ((since - CLOCK_DIFFERENCE_MS) / 1000).toFixed(6),
      include_all_metadata: true,
      limit: PAGE,
    };
    let cursor = '';
    do {
      const page = await attempt(() =>
        clients.outbox.apiCall(method, cursor === '' ? query : { ...query, cursor }),
      );
      if (page.kind === 'refused' && NOTHING_THERE.has(page.code)) return undefined;
      if (page.kind !== 'ok') throw faultError(page, `looking for a message of ours in ${channel}`);
      const { messages, response_metadata } = Page.parse(page.value);
      const found = messages.find(
        ({ user, bot_id, metadata }) =>
          (user === botUserId || (botId !== undefined && bot_id === botId)) &&
          metadata?.event_type === METADATA_TYPE &&
          metadata.event_payload.op === operation,
      );
      if (found) return found.ts;
      cursor = response_metadata.next_cursor;
    } while (cursor !== '');
    return undefined;
  };
}
