import type { Channel, Message } from '../state/model.ts';
import type { World } from '../state/world.ts';
import { type Refused, refuse } from './answer.ts';

/** A channel the bot may know of, or Slack's refusal. */
export type FoundChannel = { readonly kind: 'found'; readonly channel: Channel } | Refused;

/** A channel the bot may see: any public one, and private ones it is in. Others are `channel_not_found`. */
export function visibleChannel(world: World, id: string): FoundChannel {
  const channel = world.channels.get(id);
  if (channel === undefined) return refuse('channel_not_found');
  const isHidden = channel.kind !== 'public' && !channel.members.has(world.app.botUserId);
  return isHidden ? refuse('channel_not_found') : { kind: 'found', channel };
}

/** A channel the bot is in: else `not_in_channel`. */
export function joinedChannel(world: World, id: string): FoundChannel {
  const found = visibleChannel(world, id);
  if (found.kind === 'refused') return found;
  return found.channel.members.has(world.app.botUserId) ? found : refuse('not_in_channel');
}

/** A channel the bot is in and that is still open: else `is_archived`. */
export function openChannel(world: World, id: string): FoundChannel {
  const found = visibleChannel(world, id);
  if (found.kind === 'refused') return found;
  return found.channel.isArchived ? refuse('is_archived') : joinedChannel(world, id);
}

/** A message of a channel, or `message_not_found`. Ephemeral messages are in no channel. */
export function messageIn(
  channel: Channel,
  ts: string,
): { readonly kind: 'message'; readonly message: Message } | Refused {
  const message = channel.messages.find((candidate) => candidate.ts === ts);
  return message === undefined || message.subtype === 'tombstone'
    ? refuse('message_not_found')
    : { kind: 'message', message };
}
