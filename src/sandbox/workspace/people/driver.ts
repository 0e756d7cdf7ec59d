import { interactiveElements } from '../blocks/interactive.ts';
import { visibleStrings } from '../blocks/visible-text.ts';
import type { WorkspaceParts } from '../parts.ts';
import { archiveChannel, findMessage, joinChannel } from '../state/channels.ts';
import type { GivenInput } from '../state/inputs.ts';
import type { Channel, Message, OpenView, Person } from '../state/model.ts';
import { modalStack } from '../state/views.ts';
import { findButton, findInput, resolveGiven } from './find-element.ts';
import { dismissModal, type SubmitResult, submitModal } from './modal.ts';
import { actingPerson, channelOnScreen, startingChannel } from './person.ts';
import { type Confirmation, type PressResult, pressInMessage, pressInView } from './press.ts';
import { type MessageQuery, originalOf, pickMessage, type SeenMessage, seenMessages } from './seen.ts';
import { type ShortcutResult, takeShortcut } from './shortcut.ts';
import { runSlash, type SlashResult } from './slash.ts';
import { correct, react, say, takeBack, unreact } from './speak.ts';

/** Where an element is that a person uses. */
export type Place =
  /** The newest message in a channel that fits. */
  | (MessageQuery & { readonly channel: string })
  /** A copy that was taken before, and may be out of date. */
  | { readonly message: SeenMessage }
  | { readonly view: 'modal' | 'home' };

/** A modal or home tab as it stands on a person's screen. */
export interface SeenView {
  readonly id: string;
  readonly callbackId: string;
  /** Empty for a home tab. */
  readonly title: string;
  /** Label of the submit button; absent when there is none. */
  readonly submit: string | undefined;
  readonly visible: string;
  /** Labels of the buttons within it. */
  readonly buttons: readonly string[];
  /** Errors by block id. */
  readonly errors: Readonly<Record<string, string>>;
  /** How many views lie in the stack, this one on top. */
  readonly depth: number;
  readonly view: OpenView;
}

/**
 * A person at a screen. It can do what a person can do there and nothing else: every method throws when what is asked
 * for is not on the screen (no such channel, button, choice, modal).
 */
export interface PersonDriver {
  readonly id: string;
  readonly name: string;
  /** Types a command, such as `slash('/release', 'cut staging')`. `channel`: name or id, absent for the first of the seed that the person is in. */
  slash(
    command: string,
    text?: string,
    options?: { channel?: string; threadTs?: string },
  ): Promise<SlashResult>;
  /** Presses a button, named by its label or its action id. */
  click(target: Place & { readonly button: string; readonly confirm?: Confirmation }): Promise<PressResult>;
  /** Chooses from a menu or fills in an input, named by its label, block id or action id. */
  choose(
    target: Place & { readonly input: string; readonly value: GivenInput; readonly confirm?: Confirmation },
  ): Promise<PressResult>;
  /** Fills in inputs of the modal on top and submits it. */
  submit(values?: Readonly<Record<string, GivenInput>>): Promise<SubmitResult>;
  closeView(): Promise<void>;
  openView(): SeenView | undefined;
  /** Opens the app's home tab; the app hears of it. */
  openHome(): void;
  homeView(): SeenView | undefined;
  /** Says something; the answer is its `ts`. */
  post(channel: string, text: string, threadTs?: string): string;
  edit(channel: string, ts: string, text: string): void;
  delete(channel: string, ts: string): void;
  react(channel: string, ts: string, name: string): void;
  unreact(channel: string, ts: string, name: string): void;
  shortcut(callbackId: string, on?: MessageQuery & { readonly channel: string }): Promise<ShortcutResult>;
  /** Brings people, or the app's bot, into a channel. Names or ids. */
  invite(channel: string, ...people: string[]): void;
  archive(channel: string): void;
  /** A copy of the newest message that fits; undefined when there is none. */
  sees(channel: string, query?: MessageQuery): SeenMessage | undefined;
  /** Everything in a channel for this person, oldest first. */
  reads(channel: string): readonly SeenMessage[];
  seesEphemerals(channel: string): readonly SeenMessage[];
}

/** Seats a person at a screen. Throws for names nobody has. */
export function createDriver(parts: WorkspaceParts, nameOrId: string): PersonDriver {
  const { world } = parts;
  const person = actingPerson(world, nameOrId);
  const channel = (name: string) => channelOnScreen(world, person, name);
  const message = (name: string, ts: string) => messageOnScreen(channel(name), ts);
  const top = () => modalStack(world, person.id).at(-1);

  return {
    id: person.id,
    name: person.name,
    slash: (command, text = '', options = {}) =>
      runSlash(parts, person, {
        command,
        text,
        channel: options.channel === undefined ? inSomeChannel(parts, person) : channel(options.channel),
        threadTs: options.threadTs,
      }),
    click: ({ button, confirm, ...place }) => use(parts, person, { place, button, given: null, confirm }),
    choose: ({ input, value, confirm, ...place }) =>
      use(parts, person, { place, input, given: value, confirm }),
    submit: async (values = {}) => {
      const view = top();
      if (view === undefined) throw new Error(`${person.name} has no modal open`);
      for (const [input, given] of Object.entries(values)) {
        await use(parts, person, { place: { view: 'modal' }, input, given, confirm: undefined });
      }
      return submitModal(parts, person, view);
    },
    closeView: async () => {
      const view = top();
      if (view === undefined) throw new Error(`${person.name} has no modal open`);
      await dismissModal(parts, person, view);
    },
    openView: () => seenView(parts, top()),
    openHome: () => world.tell({ kind: 'home_opened', userId: person.id, tab: 'home' }),
    homeView: () => seenView(parts, world.homes.get(person.id)),
    post: (name, text, threadTs) => say(world, person, { channel: channel(name), text, threadTs }).ts,
    edit: (name, ts, text) => correct(world, person, { message: message(name, ts), text }),
    delete: (name, ts) => takeBack(world, person, message(name, ts)),
    react: (name, ts, emoji) => react(world, person, { message: message(name, ts), name: emoji }),
    unreact: (name, ts, emoji) => unreact(world, person, { message: message(name, ts), name: emoji }),
    shortcut: (callbackId, on) => {
      if (on === undefined) return takeShortcut(parts, person, { callbackId });
      const seen = found(parts, person, on);
      const where = { channel: channel(on.channel), message: message(on.channel, seen.ts) };
      return takeShortcut(parts, person, { callbackId, on: where });
    },
    invite: (name, ...people) => {
      for (const who of people)
        joinChannel(world, channel(name), { userId: idOf(parts, who), inviterId: person.id });
    },
    archive: (name) => archiveChannel(world, channel(name), person.id),
    sees: (name, query = {}) => pickMessage(seenMessages(world, person, channel(name)), query),
    reads: (name) => seenMessages(world, person, channel(name)),
    seesEphemerals: (name) =>
      seenMessages(world, person, channel(name)).filter(({ isEphemeral }) => isEphemeral),
  };
}

interface Using {
  readonly place: Place;
  readonly button?: string;
  readonly input?: string;
  readonly given: GivenInput;
  readonly confirm: Confirmation | undefined;
}

async function use(parts: WorkspaceParts, person: Person, using: Using): Promise<PressResult> {
  const { place, given, confirm } = using;
  const { world } = parts;
  const pick = (blocks: Parameters<typeof findButton>[0]) =>
    using.button === undefined ? findInput(blocks, using.input ?? '') : findButton(blocks, using.button);
  if ('view' in place) {
    const view = place.view === 'home' ? world.homes.get(person.id) : modalStack(world, person.id).at(-1);
    if (view === undefined) throw new Error(`${person.name} has no ${place.view} open`);
    const placed = pick(view.content.blocks);
    return pressInView(parts, person, { placed, given: resolveGiven(world, placed, given), confirm, view });
  }
  const seen = 'message' in place ? place.message : found(parts, person, place);
  const placed = pick(seen.blocks);
  const on = originalOf(world, seen);
  if (on === undefined) throw new Error(`the message ${seen.ts} is gone, so its buttons send nothing`);
  const channel = channelOnScreen(world, person, seen.channelId);
  return pressInMessage(parts, person, {
    placed,
    given: resolveGiven(world, placed, given),
    confirm,
    channel,
    on,
  });
}

function found(
  { world }: WorkspaceParts,
  person: Person,
  { channel, ...query }: MessageQuery & { readonly channel: string },
): SeenMessage {
  const seen = seenMessages(world, person, channelOnScreen(world, person, channel));
  const message = pickMessage(seen, query);
  if (message !== undefined) return message;
  const last = seen.slice(-3).map(({ visible }) => visible.split('\n')[0]);
  throw new Error(
    `${person.name} sees no message ${String(query.text ?? query.ts ?? '')} in ${channel}; the last are: ${last.join(' | ')}`,
  );
}

function messageOnScreen(channel: Channel, ts: string): Message {
  const message = findMessage(channel, ts);
  if (message === undefined) throw new Error(`there is no message ${ts} in ${channel.name}`);
  return message;
}

function inSomeChannel({ world }: WorkspaceParts, person: Person): Channel {
  const channel = startingChannel(world, person);
  if (channel === undefined) throw new Error(`${person.name} is in no channel`);
  return channel;
}

function idOf({ world }: WorkspaceParts, nameOrId: string): string {
  const person = [...world.people.values()].find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (person === undefined) throw new Error(`nobody is called ${nameOrId}`);
  return person.id;
}

function seenView({ world }: WorkspaceParts, view: OpenView | undefined): SeenView | undefined {
  if (view === undefined) return undefined;
  const { content } = view;
  return {
    id: view.id,
    callbackId: content.callback_id ?? '',
    title: content.type === 'modal' ? content.title.text : '',
    submit: content.type === 'modal' ? content.submit?.text : undefined,
    visible: visibleStrings(content.blocks).join('\n'),
    buttons: interactiveElements(content.blocks).flatMap(({ element }) =>
      element.type === 'button' ? [element.text.text] : [],
    ),
    errors: view.errors,
    depth: modalStack(world, view.userId).length,
    view: structuredClone(view),
  };
}
