import { EMOJI } from '../emoji.ts';
import { findChannel } from '../state/channels.ts';
import { addReaction, deleteMessage, editMessage, postMessage, removeReaction } from '../state/messages.ts';
import type { Channel, Message, Person } from '../state/model.ts';
import type { World } from '../state/world.ts';

/** Says something in a channel or a thread. Throws when the person is not in it, or it is archived. */
export function say(
  world: World,
  person: Person,
  { channel, text, threadTs }: { channel: Channel; text: string; threadTs?: string | undefined },
): Message {
  if (!channel.members.has(person.id)) throw new Error(`${person.name} is not in ${channel.name}`);
  if (channel.isArchived) throw new Error(`${channel.name} is archived`);
  if (threadTs !== undefined && !channel.messages.some(({ ts }) => ts === threadTs)) {
    throw new Error(`there is no message ${threadTs} in ${channel.name}`);
  }
  const spoken = { userId: person.id, text: encode(world, text), blocks: [] };
  return postMessage(world, channel, threadTs === undefined ? spoken : { ...spoken, threadTs });
}

/** Says something else in a message of one's own. */
export function correct(
  world: World,
  person: Person,
  { message, text }: { message: Message; text: string },
): void {
  own(person, message);
  editMessage(world, message, { userId: person.id, text: encode(world, text), blocks: [] });
}

/** Takes back a message of one's own. */
export function takeBack(world: World, person: Person, message: Message): void {
  own(person, message);
  deleteMessage(world, message);
}

/** Puts a reaction under a message; again takes nothing away. Throws for names no emoji has. */
export function react(
  world: World,
  person: Person,
  { message, name }: { message: Message; name: string },
): void {
  if (!Object.hasOwn(EMOJI, name)) throw new Error(`there is no emoji ${name}`);
  addReaction(world, message, { userId: person.id, name });
}

/** Takes one's reaction away. */
export function unreact(
  world: World,
  person: Person,
  { message, name }: { message: Message; name: string },
): void {
  removeReaction(world, message, { userId: person.id, name });
}

/** Slack lets people change only what they wrote themselves, and nothing of what an app wrote for them. */
function own(person: Person, message: Message): void {
  if (message.userId !== person.id || message.subtype !== undefined) {
    throw new Error(`message ${message.ts} is not ${person.name}'s`);
  }
}

/**
 * What is typed as a text, with what a client turns into tokens: `@name`, `@group`, `#channel`, and & < > escaped.
 * Finished tokens wait behind U+E000, a private character nobody types, until the rest is escaped.
 */
function encode(world: World, typed: string): string {
  const tokens: string[] = [];
  const keep = (token: string) => `\uE000${tokens.push(token) - 1}\uE000`;
  return typed
    .replace(/<(?:[@#][A-Z0-9]+|!subteam\^[A-Z0-9]+)>/g, keep)
    .replace(/(^|[\s(])@([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)/g, (whole, before: string, name: string) => {
      const token = mention(world, name);
      return token === undefined ? whole : `${before}${keep(token)}`;
    })
    .replace(/(^|[\s(])#([a-z0-9_-]+)/g, (whole, before: string, name: string) => {
      const channel = findChannel(world, name);
      return channel === undefined ? whole : `${before}${keep(`<#${channel.id}>`)}`;
    })
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\uE000(\d+)\uE000/g, (_, index: string) => tokens[Number(index)] ?? '');
}

function mention(world: World, name: string): string | undefined {
  if (['here', 'channel', 'everyone'].includes(name)) return `<!${name}>`;
  const person = [...world.people.values()].find((candidate) => candidate.name === name);
  if (person !== undefined) return `<@${person.id}>`;
  const group = [...world.usergroups.values()].find(({ handle }) => handle === name);
  return group === undefined ? undefined : `<!subteam^${group.id}>`;
}
