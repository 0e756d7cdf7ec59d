import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Chat } from '../../ports/chat.ts';
import { attempt, demand, faultError } from './api-fault.ts';
import type { Clients } from './clients.ts';
import { isForPeople, refusalWords } from './refusal-words.ts';
import { userOf } from './user-of.ts';

const Created = z.looseObject({ channel: z.looseObject({ id: z.string() }) });
const Mine = z.looseObject({
  channels: z.array(z.looseObject({ id: z.string(), name: z.string().optional() })),
  response_metadata: z.looseObject({ next_cursor: z.string().default('') }).default({ next_cursor: '' }),
});
const Link = z.looseObject({ permalink: z.string() });

/** Invitations in one call (https://docs.slack.dev/reference/methods/conversations.invite). */
const MAX_INVITED = 100;

/** People who need no invitation, or whom nobody could invite: not a reason to leave out the others. */
const NOBODY_TO_INVITE = new Set([
  'already_in_channel',
  'cant_invite_self',
  'cant_invite',
  'user_not_found',
  'no_external_invite_permission',
  'ura_max_channels',
]);

/** `Chat`'s doings with channels themselves. */
export function createChannels({
  outbox: client,
}: Clients): Pick<Chat, 'createChannel' | 'invite' | 'permalink'> {
  return {
    async createChannel(name) {
      const done = await attempt(() => client.apiCall('conversations.create', { name }));
      if (done.kind === 'ok') return { kind: 'created', channel: Created.parse(done.value).channel.id };
      if (done.kind === 'refused' && done.code === 'name_taken') {
        const channel = await ownChannelNamed(client, name);
        return { kind: 'taken', ...(channel === undefined ? {} : { channel }) };
      }
      if (done.kind === 'refused' && isForPeople(done.code))
        return { kind: 'refused', reason: refusalWords(done) };
      throw faultError(done, `creating the channel ${name}`);
    },

    async invite(channel, people) {
      for (let from = 0; from < people.length; from += MAX_INVITED) {
        const users = people
          .slice(from, from + MAX_INVITED)
          .map(userOf)
          .join(',');
        const done = await attempt(() =>
          client.apiCall('conversations.invite', { channel, users, force: true }),
        );
        if (done.kind === 'ok' || (done.kind === 'refused' && NOBODY_TO_INVITE.has(done.code))) continue;
        throw faultError(done, `inviting people into ${channel}`);
      }
    },

    async permalink(channel, ts) {
      const done = await attempt(() => client.apiCall('chat.getPermalink', { channel, message_ts: ts }));
      if (done.kind === 'refused') return undefined;
      if (done.kind !== 'ok') throw faultError(done, `asking for the address of a message of ${channel}`);
      return Link.parse(done.value).permalink;
    },
  };
}

/** A channel of that name that the bot is in: one it made before, when the answer was lost. */
async function ownChannelNamed(client: WebClient, name: string): Promise<string | undefined> {
  const query = { types: 'public_channel,private_channel', exclude_archived: true, limit: 200 };
  let cursor = '';
  do {
    const page = await demand('listing the channels the bot is in', () =>
      client.apiCall('users.conversations', cursor === '' ? query : { ...query, cursor }),
    );
    const { channels, response_metadata } = Mine.parse(page);
    const found = channels.find((channel) => channel.name === name);
    if (found) return found.id;
    cursor = response_metadata.next_cursor;
  } while (cursor !== '');
  return undefined;
}
