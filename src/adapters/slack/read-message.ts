import { z } from 'zod';
import type { Chat } from '../../ports/chat.ts';
import { attempt, faultError } from './api-fault.ts';
import type { ChatParts } from './chat-parts.ts';
import { saidText } from './receive/typed-text.ts';
import { personOf } from './user-of.ts';

const Page = z.looseObject({
  messages: z.array(
    z.looseObject({
      ts: z.string(),
      user: z.string().optional(),
      team: z.string().optional(),
      bot_id: z.string().nullish(),
      subtype: z.string().optional(),
      text: z.string().default(''),
    }),
  ),
});

/** What is gone, or not for the bot to read. */
const NOTHING_TO_READ = new Set([
  'not_in_channel',
  'channel_not_found',
  'thread_not_found',
  'message_not_found',
]);

/** `Chat.read`. `conversations.replies` knows messages inside and outside of threads by their own `ts`. */
export function createRead({ clients, identity }: Pick<ChatParts, 'clients' | 'identity'>): Chat['read'] {
  return async (channel, ts) => {
    const query = { channel, ts, oldest: ts, latest: ts, inclusive: true, limit: 10 };
    const page = await attempt(() => clients.outbox.apiCall('conversations.replies', query));
    if (page.kind === 'refused' && NOTHING_TO_READ.has(page.code)) return undefined;
    if (page.kind !== 'ok') throw faultError(page, `reading a message of ${channel}`);
    const message = Page.parse(page.value).messages.find((candidate) => candidate.ts === ts);
    if (!message?.user || message.bot_id || message.subtype === 'tombstone') return undefined;
    const team = message.team ?? (await identity()).teamId;
    return { author: personOf(team, message.user), text: saidText(message.text) };
  };
}
