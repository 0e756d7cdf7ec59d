import { z } from 'zod';
import { messageObject } from '../../objects/message-object.ts';
import { deleteMessage, editMessage, showEphemeral } from '../../state/messages.ts';
import { ok, refuse } from '../answer.ts';
import { readContent, readMetadata } from '../message-content.ts';
import { channelArgument, defineMethod, flag, structure } from '../method.ts';
import { messageIn, openChannel, visibleChannel } from '../visible-channel.ts';
import { contentArguments, judgeThread } from './chat-post.ts';

/** "The `text` field cannot exceed 4,000 characters": `msg_too_long` of https://docs.slack.dev/reference/methods/chat.update. */
const MAX_UPDATED_TEXT = 4000;

/** https://docs.slack.dev/reference/methods/chat.update. Ephemeral messages are in no channel, so they are not found. */
export const chatUpdate = defineMethod({
  name: 'chat.update',
  tier: 3,
  scopes: ['chat:write'],
  args: z.looseObject({
    ...channelArgument,
    ts: z.string().min(1),
    ...contentArguments,
    metadata: structure.optional(),
    reply_broadcast: flag.optional(),
  }),
  run: (given, { world, url }) => {
    const found = visibleChannel(world, given.channel);
    if (found.kind === 'refused') return found;
    // "The message cannot be edited within a frozen, archived or deleted channel": the same page.
    if (found.channel.isArchived) return refuse('is_inactive');
    const target = messageIn(found.channel, given.ts);
    if (target.kind === 'refused') return target;
    if (!target.message.isByApp) return refuse('cant_update_message');
    if ((given.text?.length ?? 0) > MAX_UPDATED_TEXT) return refuse('msg_too_long');
    // "Previous `blocks` will only be retained if the `text` argument is not provided": the same page.
    const keepsContent =
      given.text === undefined && given.blocks === undefined && given.markdown_text === undefined;
    const { text, blocks } = target.message;
    const content =
      keepsContent && given.metadata !== undefined
        ? { kind: 'content' as const, text, blocks }
        : readContent(world, { ...given, markdownText: given.markdown_text });
    if (content.kind === 'refused') return content;
    const read = readMetadata(given.metadata);
    if (read.kind === 'refused') return read;
    editMessage(world, target.message, {
      ...content,
      userId: world.app.botUserId,
      ...(read.metadata === undefined ? {} : { metadata: read.metadata }),
      ...(given.reply_broadcast === true && target.message.threadTs !== undefined
        ? { isBroadcast: true }
        : {}),
    });
    const message = messageObject(world, target.message, { withMetadata: true, url });
    return ok({ channel: found.channel.id, ts: given.ts, text: content.text, message });
  },
});

/** https://docs.slack.dev/reference/methods/chat.delete. A bot deletes only what it wrote. */
export const chatDelete = defineMethod({
  name: 'chat.delete',
  tier: 3,
  scopes: ['chat:write'],
  args: z.looseObject({ ...channelArgument, ts: z.string().min(1) }),
  run: (given, { world }) => {
    const found = visibleChannel(world, given.channel);
    if (found.kind === 'refused') return found;
    const target = messageIn(found.channel, given.ts);
    if (target.kind === 'refused') return target;
    if (!target.message.isByApp) return refuse('cant_delete_message');
    deleteMessage(world, target.message);
    return ok({ channel: found.channel.id, ts: given.ts });
  },
});

/** https://docs.slack.dev/reference/methods/chat.postEphemeral. */
export const chatPostEphemeral = defineMethod({
  name: 'chat.postEphemeral',
  tier: 4,
  scopes: ['chat:write'],
  args: z.looseObject({
    ...channelArgument,
    user: z.string().min(1),
    ...contentArguments,
    thread_ts: z.string().optional(),
  }),
  run: (given, { world }) => {
    const found = openChannel(world, given.channel);
    if (found.kind === 'refused') return found;
    const { channel } = found;
    if (!channel.members.has(given.user)) return refuse('user_not_in_channel');
    const content = readContent(world, { ...given, markdownText: given.markdown_text });
    if (content.kind === 'refused') return content;
    const refusal = judgeThread(channel, given.thread_ts);
    if (refusal !== undefined) return refusal;
    const { text, blocks } = content;
    const inThread = given.thread_ts === undefined ? {} : { threadTs: given.thread_ts };
    const shown = showEphemeral(world, {
      channelId: channel.id,
      userId: given.user,
      author: 'app',
      text,
      blocks,
      ...inThread,
    });
    return ok({ message_ts: shown.ts });
  },
});

/** https://docs.slack.dev/reference/methods/chat.getPermalink. */
export const chatGetPermalink = defineMethod({
  name: 'chat.getPermalink',
  tier: 'special',
  args: z.looseObject({ ...channelArgument, message_ts: z.string().min(1) }),
  run: (given, { world, url }) => {
    const found = visibleChannel(world, given.channel);
    if (found.kind === 'refused') return found;
    const target = messageIn(found.channel, given.message_ts);
    if (target.kind === 'refused') return target;
    const { ts, threadTs } = target.message;
    const thread = threadTs === undefined ? '' : `?thread_ts=${threadTs}&cid=${found.channel.id}`;
    const permalink = `${url}/archives/${found.channel.id}/p${ts.replace('.', '')}${thread}`;
    return ok({ channel: found.channel.id, permalink });
  },
});
