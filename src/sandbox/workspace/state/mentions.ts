import { visibleStrings } from '../blocks/visible-text.ts';
import type { Channel, Message, Notification } from './model.ts';
import type { World } from './world.ts';

/** Those a message names, as Slack reads `<@U…>`, `<!subteam^S…>`, `<!here>` and rich text. */
interface Mentions {
  readonly users: ReadonlySet<string>;
  readonly usergroups: ReadonlySet<string>;
  readonly isToEveryone: boolean;
}

/**
 * Lights up phones for a new message: in a direct conversation always, elsewhere for members that are named, by
 * themselves, through a group, or through @here, @channel, @everyone. Who is not in the channel hears nothing.
 */
export function notify(world: World, channel: Channel, message: Message): void {
  const mentions = mentionsIn(message);
  for (const userId of channel.members) {
    if (userId === message.userId || world.people.get(userId)?.kind === 'bot') continue;
    const why = channel.kind === 'im' ? 'direct' : reasonFor(world, mentions, userId);
    if (why === undefined) continue;
    world.notifications.push({ userId, channelId: channel.id, ts: message.ts, why, text: message.text });
  }
}

/** Whether a message names a person by itself. */
export function namesUser(message: Pick<Message, 'text' | 'blocks'>, userId: string): boolean {
  return mentionsIn(message).users.has(userId);
}

function reasonFor(world: World, mentions: Mentions, userId: string): Notification['why'] | undefined {
  if (mentions.users.has(userId)) return 'mention';
  const groups = [...world.usergroups.values()].filter(
    (group) => !group.isDisabled && mentions.usergroups.has(group.id),
  );
  if (groups.some((group) => group.members.includes(userId))) return 'usergroup';
  return mentions.isToEveryone ? 'broadcast' : undefined;
}

/**
 * With blocks, only what stands in blocks is a mention: `text` is then the fallback for notifications
 * (https://docs.slack.dev/reference/methods/chat.postMessage). A `plain_text` object mentions nobody.
 */
function mentionsIn({ text, blocks }: Pick<Message, 'text' | 'blocks'>): Mentions {
  const marked = blocks.length === 0 ? [text] : markedUp(blocks);
  const joined = marked.join('\n');
  return {
    users: new Set([...joined.matchAll(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g)].map(([, id = '']) => id)),
    usergroups: new Set(
      [...joined.matchAll(/<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>/g)].map(([, id = '']) => id),
    ),
    isToEveryone: /<!(here|channel|everyone)(\|[^>]*)?>/.test(joined),
  };
}

/** Strings of blocks in which Slack looks for mentions, rich text written as mrkdwn. */
function markedUp(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(markedUp);
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value) {
    if (value.type === 'mrkdwn' || value.type === 'markdown') return visibleStrings(value);
    if (value.type === 'user' && 'user_id' in value) return [`<@${value.user_id}>`];
    if (value.type === 'usergroup' && 'usergroup_id' in value) return [`<!subteam^${value.usergroup_id}>`];
    if (value.type === 'broadcast' && 'range' in value) return [`<!${value.range}>`];
  }
  return Object.values(value).flatMap(markedUp);
}
