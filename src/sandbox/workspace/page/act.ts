import { z } from 'zod';
import type { Block } from '../blocks/block.ts';
import { interactiveElements, type PlacedElement } from '../blocks/interactive.ts';
import type { WorkspaceParts } from '../parts.ts';
import { dismissModal, submitModal } from '../people/modal.ts';
import { channelOnScreen } from '../people/person.ts';
import { pressInMessage, pressInView } from '../people/press.ts';
import { originalOf, pickMessage, seenMessages } from '../people/seen.ts';
import { takeShortcut } from '../people/shortcut.ts';
import { runSlash } from '../people/slash.ts';
import { correct, react, say, takeBack, unreact } from '../people/speak.ts';
import { directChannel, findMessage, joinChannel } from '../state/channels.ts';
import { givenValue } from '../state/inputs.ts';
import { dismissEphemeral } from '../state/messages.ts';
import type { Channel, Message, OpenView, Person } from '../state/model.ts';
import { modalStack } from '../state/views.ts';

const given = z.union([z.string(), z.array(z.string()).readonly(), z.null()]);
const channelId = z.string();
const ts = z.string();
const blockId = z.string();
const actionId = z.string();
/** What stands in a view's inputs, by block id and action id. */
const values = z.record(z.string(), z.record(z.string(), given));

const act = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('say'),
    channelId,
    text: z.string().min(1),
    threadTs: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('edit'), channelId, ts, text: z.string().min(1) }),
  z.strictObject({ kind: z.literal('delete'), channelId, ts }),
  z.strictObject({ kind: z.literal('dismiss'), ts }),
  z.strictObject({ kind: z.literal('react'), channelId, ts, name: z.string(), isOn: z.boolean() }),
  z.strictObject({ kind: z.literal('press'), channelId, ts, blockId, actionId, given }),
  z.strictObject({ kind: z.literal('press_view'), viewId: z.string(), blockId, actionId, given, values }),
  z.strictObject({ kind: z.literal('submit'), viewId: z.string(), values }),
  z.strictObject({ kind: z.literal('close'), viewId: z.string() }),
  z.strictObject({
    kind: z.literal('shortcut'),
    callbackId: z.string(),
    channelId: z.string().optional(),
    ts: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('open_home') }),
  z.strictObject({ kind: z.literal('open_direct') }),
  z.strictObject({ kind: z.literal('join'), channelId }),
  z.strictObject({ kind: z.literal('read'), channelId, ts }),
]);

/** Something a person did on the page. */
export type Act = z.output<typeof act>;

/** What came of it, for the page: words to show when it went wrong, and the channel to go to when one was opened. */
export interface ActResult {
  readonly words?: string;
  readonly channelId?: string;
}

/** Reads what the page sent. Throws when it is no act. */
export function readAct(body: unknown): Act {
  return act.parse(body);
}

/** Does what a person did on the page. Throws, with words for the person, for what is not on the screen. */
export async function doAct(parts: WorkspaceParts, person: Person, done: Act): Promise<ActResult> {
  const { world } = parts;
  const channel = (id: string) => channelOnScreen(world, person, id);
  const message = (id: string, at: string) => messageIn(channel(id), at);
  switch (done.kind) {
    case 'say':
      return speak(parts, person, { ...done, channel: channel(done.channelId) });
    case 'edit':
      correct(world, person, { message: message(done.channelId, done.ts), text: done.text });
      return {};
    case 'delete':
      takeBack(world, person, message(done.channelId, done.ts));
      return {};
    case 'dismiss': {
      const shown = world.ephemerals.find((one) => one.ts === done.ts && one.userId === person.id);
      if (shown !== undefined) dismissEphemeral(world, shown);
      return {};
    }
    case 'react':
      (done.isOn ? react : unreact)(world, person, {
        message: message(done.channelId, done.ts),
        name: done.name,
      });
      return {};
    case 'press':
      return pressMessage(parts, person, { ...done, channel: channel(done.channelId) });
    case 'press_view':
      return pressView(parts, person, done);
    case 'submit':
      return submit(parts, person, done);
    case 'close':
      await dismissModal(parts, person, openView(parts, person, done.viewId));
      return {};
    case 'shortcut': {
      const { callbackId, channelId: where, ts: at } = done;
      const on =
        where === undefined || at === undefined
          ? undefined
          : { channel: channel(where), message: message(where, at) };
      return wordsOf(await takeShortcut(parts, person, { callbackId, on }));
    }
    case 'open_home':
      world.tell({ kind: 'home_opened', userId: person.id, tab: 'home' });
      return {};
    case 'open_direct':
      return { channelId: directChannel(world, [person.id, world.app.botUserId]).id };
    case 'join':
      if (!channel(done.channelId).members.has(person.id)) {
        joinChannel(world, channel(done.channelId), { userId: person.id });
      }
      return {};
    case 'read': {
      const reads = world.reads.get(person.id) ?? new Map<string, string>();
      world.reads.set(person.id, reads.set(done.channelId, done.ts));
      world.tell({ kind: 'screen_changed', userId: person.id });
      return {};
    }
  }
}

async function speak(
  parts: WorkspaceParts,
  person: Person,
  { channel, text, threadTs }: { channel: Channel; text: string; threadTs?: string | undefined },
): Promise<ActResult> {
  const [, command, rest = ''] = /^(\/[\w-]+)(?:\s+([\s\S]*))?$/.exec(text) ?? [];
  if (command === undefined) {
    say(parts.world, person, { channel, text, threadTs });
    return {};
  }
  // What went wrong with a command is shown in the channel, to this person only.
  await runSlash(parts, person, { command, text: rest.trim(), channel, threadTs });
  return {};
}

async function pressMessage(
  parts: WorkspaceParts,
  person: Person,
  pressed: Extract<Act, { kind: 'press' }> & { readonly channel: Channel },
): Promise<ActResult> {
  const { channel } = pressed;
  const seen = pickMessage(seenMessages(parts.world, person, channel), { ts: pressed.ts });
  const on = seen === undefined ? undefined : originalOf(parts.world, seen);
  if (seen === undefined || on === undefined) throw new Error('This message is gone.');
  const placed = elementAt(seen.blocks, pressed);
  const confirm = asks(placed) ? 'accept' : undefined;
  return wordsOf(await pressInMessage(parts, person, { placed, given: pressed.given, confirm, channel, on }));
}

async function pressView(
  parts: WorkspaceParts,
  person: Person,
  pressed: Extract<Act, { kind: 'press_view' }>,
): Promise<ActResult> {
  const view = openView(parts, person, pressed.viewId);
  fill(view, pressed.values);
  const placed = elementAt(view.content.blocks, pressed);
  const confirm = asks(placed) ? 'accept' : undefined;
  return wordsOf(await pressInView(parts, person, { placed, given: pressed.given, confirm, view }));
}

async function submit(
  parts: WorkspaceParts,
  person: Person,
  { viewId, values: filled }: Extract<Act, { kind: 'submit' }>,
): Promise<ActResult> {
  const view = openView(parts, person, viewId);
  fill(view, filled);
  return wordsOf(await submitModal(parts, person, view));
}

function fill(view: OpenView, filled: z.output<typeof values>): void {
  for (const [block, inputs] of Object.entries(filled)) {
    for (const [action, value] of Object.entries(inputs)) {
      const { element } = elementAt(view.content.blocks, { blockId: block, actionId: action });
      view.values[block] = { ...view.values[block], [action]: givenValue(element, value) };
    }
  }
}

function elementAt(blocks: readonly Block[], at: { blockId: string; actionId: string }): PlacedElement {
  const placed = interactiveElements(blocks).find(
    ({ block, element }) => block.block_id === at.blockId && element.action_id === at.actionId,
  );
  if (placed === undefined) throw new Error('This has changed meanwhile. Look again.');
  return placed;
}

/** The page shows the dialog itself, and sends only what was accepted. */
function asks({ element }: PlacedElement): boolean {
  return 'confirm' in element && element.confirm !== undefined;
}

function openView({ world }: WorkspaceParts, person: Person, viewId: string): OpenView {
  const home = world.homes.get(person.id);
  const view = [...modalStack(world, person.id), ...(home === undefined ? [] : [home])].find(
    ({ id }) => id === viewId,
  );
  if (view === undefined) throw new Error('This window is closed.');
  return view;
}

function messageIn(channel: Channel, at: string): Message {
  const message = findMessage(channel, at);
  if (message === undefined) throw new Error('This message is gone.');
  return message;
}

function wordsOf(result: { readonly kind: string; readonly words?: string }): ActResult {
  return result.words === undefined ? {} : { words: result.words };
}
