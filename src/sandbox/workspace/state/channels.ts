import { postMessage } from './messages.ts';
import type { Channel, Message } from './model.ts';
import type { World } from './world.ts';

/** Opens a channel. The name is taken as it is; whoever calls has judged it. */
export function createChannel(
  world: World,
  wanted: { name: string; isPrivate: boolean; creatorId: string },
): Channel {
  const channel = addConversation(world, {
    id: world.nextId('C'),
    name: wanted.name,
    kind: wanted.isPrivate ? 'private' : 'public',
    members: [wanted.creatorId],
  });
  world.tell({ kind: 'channel_created', channel });
  return channel;
}

/** The direct conversation of two people, opened when there is none. The first of the pair is who asked for it. */
export function directChannel(world: World, pair: readonly [string, string]): Channel {
  const existing = [...world.channels.values()].find(
    ({ kind, members }) => kind === 'im' && pair.every((id) => members.has(id)),
  );
  return existing ?? addConversation(world, { id: world.nextId('D'), name: '', kind: 'im', members: pair });
}

function addConversation(
  world: World,
  wanted: Pick<Channel, 'id' | 'name' | 'kind'> & { readonly members: readonly string[] },
): Channel {
  const channel: Channel = {
    ...wanted,
    isGeneral: false,
    isArchived: false,
    creatorId: wanted.members[0] ?? world.app.botUserId,
    createdSeconds: Math.floor(world.now() / 1000),
    topic: '',
    purpose: '',
    members: new Set(wanted.members),
    messages: [],
    bookmarks: [],
    pins: [],
  };
  world.channels.set(channel.id, channel);
  return channel;
}

/** Brings somebody into a channel, with the line Slack leaves there. */
export function joinChannel(
  world: World,
  channel: Channel,
  who: { userId: string; inviterId?: string },
): void {
  channel.members.add(who.userId);
  world.tell({ kind: 'member_joined', channel, ...who });
  const text = `<@${who.userId}> has joined the channel`;
  postMessage(world, channel, { userId: who.userId, text, blocks: [], subtype: 'channel_join' });
}

/** Takes somebody out of a channel. */
export function leaveChannel(world: World, channel: Channel, userId: string): void {
  if (!channel.members.delete(userId)) return;
  world.tell({ kind: 'member_left', channel, userId });
}

/** Closes a channel for good. */
export function archiveChannel(world: World, channel: Channel, userId: string): void {
  const text = `<@${userId}> archived the channel`;
  postMessage(world, channel, { userId, text, blocks: [], subtype: 'channel_archive' });
  channel.isArchived = true;
  world.tell({ kind: 'channel_archived', channel, userId });
}

/** Whether a person may read a channel: members may, and full members may read every public channel. */
export function canSee(world: World, channel: Channel, userId: string): boolean {
  if (channel.members.has(userId)) return true;
  return channel.kind === 'public' && world.people.get(userId)?.kind === 'member';
}

/** A channel by id, or by name with or without `#`. */
export function findChannel(world: World, idOrName: string): Channel | undefined {
  const name = idOrName.replace(/^#/, '');
  return (
    world.channels.get(idOrName) ??
    [...world.channels.values()].find((channel) => channel.kind !== 'im' && channel.name === name)
  );
}

/** A message of a channel by its `ts`. */
export function findMessage(channel: Channel, ts: string): Message | undefined {
  return channel.messages.find((message) => message.ts === ts);
}
