import type { ActedOn } from '../app/interactions.ts';
import type { Block } from '../blocks/block.ts';
import { visibleText } from '../blocks/visible-text.ts';
import { canSee } from '../state/channels.ts';
import type { Channel, Person } from '../state/model.ts';
import type { World } from '../state/world.ts';

/**
 * A message as it stood on a person's screen at one moment. It stays as it was when the message changes, like the
 * screen of a phone that lost its connection; pressing its buttons presses what stood there then.
 */
export interface SeenMessage {
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  /** Who wrote it; absent for what only this person sees. */
  readonly userId: string | undefined;
  readonly isEphemeral: boolean;
  /** The lock-screen line. */
  readonly text: string;
  readonly blocks: readonly Block[];
  /** What a person reads: blocks where there are any, else the text. */
  readonly visible: string;
}

/** Which message is meant: by `ts`, by what it says, or just the newest. */
export interface MessageQuery {
  readonly ts?: string | undefined;
  /** Part of what is visible or of the lock-screen line, or a pattern. The newest that fits is meant. */
  readonly text?: string | RegExp | undefined;
  /** Only within this thread. */
  readonly threadTs?: string | undefined;
}

/** What stands in a channel for a person, threads included, oldest first. */
export function seenMessages(world: World, person: Person, channel: Channel): SeenMessage[] {
  if (!canSee(world, channel, person.id)) return [];
  const posted = channel.messages.map((message) => copy({ ...message, isEphemeral: false }));
  const shownOnlyHere = world.ephemerals
    .filter(({ channelId, userId }) => channelId === channel.id && userId === person.id)
    .map((ephemeral) => copy({ ...ephemeral, userId: undefined, isEphemeral: true }));
  return [...posted, ...shownOnlyHere].sort((a, b) => a.ts.localeCompare(b.ts));
}

/** The newest message that fits; undefined when none does. */
export function pickMessage(seen: readonly SeenMessage[], query: MessageQuery): SeenMessage | undefined {
  return seen.findLast(
    (message) =>
      (query.ts === undefined || message.ts === query.ts) &&
      (query.threadTs === undefined || message.threadTs === query.threadTs) &&
      (query.text === undefined || says(message, query.text)),
  );
}

function says(message: SeenMessage, words: string | RegExp): boolean {
  return [message.visible, message.text].some((text) =>
    typeof words === 'string' ? text.includes(words) : words.test(text),
  );
}

/** What a copy is a copy of, now; undefined when it is gone. */
export function originalOf(world: World, seen: SeenMessage): ActedOn | undefined {
  if (seen.isEphemeral) {
    const ephemeral = world.ephemerals.find(({ ts }) => ts === seen.ts);
    return ephemeral === undefined ? undefined : { kind: 'ephemeral', ephemeral };
  }
  const message = world.channels.get(seen.channelId)?.messages.find(({ ts }) => ts === seen.ts);
  return message === undefined ? undefined : { kind: 'message', message };
}

function copy(message: {
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly userId: string | undefined;
  readonly isEphemeral: boolean;
  readonly text: string;
  readonly blocks: Block[];
}): SeenMessage {
  const { channelId, ts, userId, isEphemeral, text } = message;
  const blocks = structuredClone(message.blocks);
  return {
    channelId,
    ts,
    userId,
    isEphemeral,
    text,
    blocks,
    threadTs: message.threadTs,
    visible: visibleText(message),
  };
}
