import { z } from 'zod';
import { messageObject } from '../../objects/message-object.ts';
import { directChannel, findChannel } from '../../state/channels.ts';
import { postMessage } from '../../state/messages.ts';
import type { Channel, Message } from '../../state/model.ts';
import type { World } from '../../state/world.ts';
import { type MethodAnswer, ok, type Refused, refuse } from '../answer.ts';
import { readContent, readMetadata } from '../message-content.ts';
import { defineMethod, flag, type MethodParts, structure } from '../method.ts';
import { type FoundChannel, visibleChannel } from '../visible-channel.ts';

/** Arguments that say what a message says. */
export const contentArguments = {
  text: z.string().optional(),
  blocks: structure.optional(),
  markdown_text: z.string().optional(),
  /** Slack shows attachments, this workspace does not: better refused than lost. */
  attachments: z.undefined().optional(),
};

const args = z.looseObject({
  channel: z.string().min(1),
  ...contentArguments,
  thread_ts: z.string().optional(),
  reply_broadcast: flag.optional(),
  metadata: structure.optional(),
  unfurl_links: flag.optional(),
  client_msg_id: z.string().optional(),
});

/** https://docs.slack.dev/reference/methods/chat.postMessage. */
export const chatPostMessage = defineMethod({
  name: 'chat.postMessage',
  tier: 'posting',
  scopes: ['chat:write'],
  args,
  run: (given, parts) => {
    const { world } = parts;
    const found = postingChannel(parts, given.channel);
    if (found.kind === 'refused') return found;
    const { channel } = found;
    const duplicate = sameClientMessage(world, channel, given.client_msg_id);
    if (duplicate !== undefined)
      return duplicate.kind === 'refused' ? duplicate : posted(parts, duplicate.message);
    const content = readContent(world, { ...given, markdownText: given.markdown_text });
    if (content.kind === 'refused') return content;
    const read = readMetadata(given.metadata);
    if (read.kind === 'refused') return read;
    const refusal = judgeThread(channel, given.thread_ts);
    if (refusal !== undefined) return refusal;
    const message = postMessage(world, channel, {
      ...content,
      userId: world.app.botUserId,
      isByApp: true,
      ...(given.thread_ts === undefined ? {} : { threadTs: given.thread_ts }),
      isBroadcast: given.thread_ts !== undefined && given.reply_broadcast === true,
      ...(read.metadata ? { metadata: read.metadata } : {}),
      ...(given.client_msg_id === undefined ? {} : { clientMsgId: given.client_msg_id }),
      unfurlLinks: given.unfurl_links ?? true,
    });
    return posted(parts, message);
  },
});

function posted({ world, url }: MethodParts, message: Message): MethodAnswer {
  const object = messageObject(world, message, { withMetadata: true, url });
  return ok({ channel: message.channelId, ts: message.ts, message: object });
}

/** "Channel, private group, or IM channel to send message to. Can be an encoded ID, or a name"; a user id opens the direct conversation. */
function postingChannel({ world, scopes }: MethodParts, idOrName: string): FoundChannel {
  const { botUserId } = world.app;
  const person = world.people.get(idOrName);
  if (person !== undefined && person.kind !== 'deactivated' && person.id !== botUserId) {
    return { kind: 'found', channel: directChannel(world, [botUserId, person.id]) };
  }
  const found = visibleChannel(world, findChannel(world, idOrName)?.id ?? idOrName);
  if (found.kind === 'refused') return found;
  if (found.channel.isArchived) return refuse('is_archived');
  // `chat:write.public`: "Send messages to channels your app isn't a member of" (https://docs.slack.dev/reference/scopes/chat.write.public).
  const mayWrite = found.channel.members.has(botUserId) || scopes.has('chat:write.public');
  return mayWrite ? found : refuse('not_in_channel');
}

/**
 * The same `client_msg_id` again gives the message that is there already. The argument is undocumented, but the
 * reference names its refusal: "No duplicate message exists associated with `client_msg_id`".
 */
function sameClientMessage(
  world: World,
  channel: Channel,
  id: string | undefined,
): { readonly kind: 'message'; readonly message: Message } | Refused | undefined {
  if (id === undefined) return undefined;
  const everywhere = [...world.channels.values()].flatMap(({ messages }) => messages);
  const message = everywhere.find(({ clientMsgId }) => clientMsgId === id);
  if (message === undefined) return undefined;
  return message.channelId === channel.id
    ? { kind: 'message', message }
    : refuse('duplicate_message_not_found');
}

/**
 * A thread is named by its parent. "Avoid using a reply's `ts` value; use its parent's value instead"
 * (`@slack/web-api` `types/request/chat.d.ts`): such replies are seen by nobody (slackapi/python-slack-sdk#1116),
 * so they are refused here; a text that is no timestamp is `invalid_thread_ts` (jenkinsci/slack-plugin#584).
 */
export function judgeThread(channel: Channel, threadTs: string | undefined): Refused | undefined {
  if (threadTs === undefined) return undefined;
  if (!/^\d{10}\.\d{6}$/.test(threadTs)) {
    return refuse('invalid_thread_ts', { messages: [`[ERROR] ${threadTs} is not a valid thread_ts`] });
  }
  const parent = channel.messages.find(({ ts }) => ts === threadTs);
  if (parent === undefined) return refuse('thread_not_found');
  return parent.threadTs === undefined ? undefined : refuse('cannot_reply_to_message');
}
