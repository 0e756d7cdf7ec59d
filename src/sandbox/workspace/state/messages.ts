import { randomUUID } from 'node:crypto';
import type { Block } from '../blocks/block.ts';
import { nameBlocks } from '../blocks/name-blocks.ts';
import { notify } from './mentions.ts';
import type { Channel, Ephemeral, Message, MessageMetadata } from './model.ts';
import type { World } from './world.ts';

/** A message about to be posted. */
export interface Draft {
  readonly userId: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly isByApp?: boolean;
  readonly threadTs?: string;
  readonly isBroadcast?: boolean;
  readonly metadata?: MessageMetadata;
  readonly clientMsgId?: string;
  readonly fileIds?: readonly string[];
  readonly unfurlLinks?: boolean;
  readonly subtype?: NonNullable<Message['subtype']>;
}

/** Posts a message, lights up the phones of those it names, and tells everybody. */
export function postMessage(world: World, channel: Channel, draft: Draft): Message {
  const message: Message = {
    isBroadcast: false,
    isByApp: false,
    fileIds: [],
    unfurlLinks: true,
    clientMsgId: randomUUID(),
    ...draft,
    blocks: nameBlocks(draft.blocks),
    channelId: channel.id,
    ts: world.nextTs(),
    reactions: [],
  };
  channel.messages.push(message);
  notify(world, channel, message);
  world.tell({ kind: 'message_posted', channel, message });
  return message;
}

/** What an edit replaces. */
export interface Edit {
  readonly userId: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Absent: stays. Null: goes. */
  readonly metadata?: MessageMetadata | null;
  readonly isBroadcast?: boolean;
}

/** Replaces what a message says. Nobody is notified again: an edit rings no phone in Slack. */
export function editMessage(world: World, message: Message, edit: Edit): void {
  const channel = channelOf(world, message);
  const previous = structuredClone(message);
  message.text = edit.text;
  message.blocks = nameBlocks(edit.blocks);
  if (edit.metadata === null) delete message.metadata;
  else if (edit.metadata !== undefined) message.metadata = edit.metadata;
  if (edit.isBroadcast !== undefined) message.isBroadcast = edit.isBroadcast;
  // "If `blocks` are used and a message is being updated, the `edited` flag will not be displayed":
  // https://docs.slack.dev/reference/methods/chat.update.
  if (edit.blocks.length === 0) message.edited = { userId: edit.userId, ts: world.nextTs() };
  world.tell({ kind: 'message_changed', channel, message, previous });
}

/** Deletes a message; a parent with replies leaves a tombstone, so that its thread stays reachable. */
export function deleteMessage(world: World, message: Message): void {
  const channel = channelOf(world, message);
  const previous = structuredClone(message);
  if (repliesTo(channel, message.ts).length > 0) {
    message.subtype = 'tombstone';
    message.text = 'This message was deleted.';
    message.blocks = [];
    message.reactions = [];
  } else {
    channel.messages.splice(channel.messages.indexOf(message), 1);
  }
  world.tell({ kind: 'message_deleted', channel, previous });
}

/** Adds a person's reaction; false when it was there already. */
export function addReaction(world: World, message: Message, by: { userId: string; name: string }): boolean {
  const existing = message.reactions.find(({ name }) => name === by.name);
  if (existing?.users.includes(by.userId)) return false;
  if (existing === undefined) message.reactions.push({ name: by.name, users: [by.userId] });
  else existing.users.push(by.userId);
  world.tell({ kind: 'reaction_added', channel: channelOf(world, message), message, ...by });
  return true;
}

/** Takes a person's reaction away; false when there was none. */
export function removeReaction(
  world: World,
  message: Message,
  by: { userId: string; name: string },
): boolean {
  const existing = message.reactions.find(({ name }) => name === by.name);
  const index = existing?.users.indexOf(by.userId) ?? -1;
  if (existing === undefined || index < 0) return false;
  existing.users.splice(index, 1);
  if (existing.users.length === 0) message.reactions.splice(message.reactions.indexOf(existing), 1);
  world.tell({ kind: 'reaction_removed', channel: channelOf(world, message), message, ...by });
  return true;
}

/** Shows a message to one person only. */
export function showEphemeral(world: World, shown: Omit<Ephemeral, 'ts'>): Ephemeral {
  const ephemeral: Ephemeral = { ...shown, blocks: nameBlocks(shown.blocks), ts: world.nextTs() };
  world.ephemerals.push(ephemeral);
  world.tell({ kind: 'screen_changed', userId: shown.userId });
  return ephemeral;
}

/** Takes an ephemeral message off its person's screen. */
export function dismissEphemeral(world: World, ephemeral: Ephemeral): void {
  const index = world.ephemerals.indexOf(ephemeral);
  if (index >= 0) world.ephemerals.splice(index, 1);
  world.tell({ kind: 'screen_changed', userId: ephemeral.userId });
}

/** The replies under a message, oldest first. */
export function repliesTo(channel: Channel, ts: string): Message[] {
  return channel.messages.filter((message) => message.threadTs === ts);
}

/** What stands in the channel itself: top messages and broadcast replies, oldest first. */
export function topMessages(channel: Channel): Message[] {
  return channel.messages.filter(({ threadTs, isBroadcast }) => threadTs === undefined || isBroadcast);
}

function channelOf(world: World, message: Message): Channel {
  const channel = world.channels.get(message.channelId);
  if (channel === undefined) throw new Error(`message ${message.ts} is in no channel`);
  return channel;
}
