import { repliesTo } from '../state/messages.ts';
import type { Message } from '../state/model.ts';
import type { World } from '../state/world.ts';
import { fileObject } from './file-object.ts';

// Shape: https://docs.slack.dev/reference/events/message and https://docs.slack.dev/reference/methods/conversations.history.

/** A message as Slack writes it. `withMetadata`: metadata is left out unless asked for (`include_all_metadata`). */
export function messageObject(
  world: World,
  message: Message,
  options: { readonly withMetadata: boolean; readonly url: string },
): Record<string, unknown> {
  const files = message.fileIds.flatMap((id) => world.files.get(id) ?? []);
  return {
    type: 'message',
    ...subtypeOf(message),
    user: message.userId,
    text: message.text,
    ts: message.ts,
    team: world.people.get(message.userId)?.teamId ?? world.team.id,
    ...(message.isByApp ? { bot_id: world.app.botId, app_id: world.app.appId } : {}),
    ...(message.subtype === undefined ? { client_msg_id: message.clientMsgId } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...threadFields(world, message),
    ...(message.edited === undefined
      ? {}
      : { edited: { user: message.edited.userId, ts: message.edited.ts } }),
    ...(message.reactions.length > 0 ? { reactions: message.reactions.map(reactionObject) } : {}),
    ...(files.length > 0 ? { files: files.map((file) => fileObject(file, options.url)) } : {}),
    ...(options.withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
  };
}

/** A reaction as Slack writes it: https://docs.slack.dev/reference/methods/reactions.get. */
export function reactionObject({ name, users }: Message['reactions'][number]) {
  return { name, users: [...users], count: users.length };
}

function subtypeOf(message: Message): { subtype?: string } {
  if (message.subtype !== undefined) return { subtype: message.subtype };
  return message.isBroadcast ? { subtype: 'thread_broadcast' } : {};
}

function threadFields(world: World, message: Message): Record<string, unknown> {
  if (message.threadTs !== undefined) return { thread_ts: message.threadTs };
  const channel = world.channels.get(message.channelId);
  const replies = channel === undefined ? [] : repliesTo(channel, message.ts);
  const last = replies.at(-1);
  if (last === undefined) return {};
  const users = [...new Set(replies.map(({ userId }) => userId))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users: users,
    reply_users_count: users.length,
    latest_reply: last.ts,
  };
}
