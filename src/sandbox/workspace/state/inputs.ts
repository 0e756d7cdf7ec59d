import type { Block } from '../blocks/block.ts';
import type { InteractiveElement } from '../blocks/elements.ts';
import { interactiveElements } from '../blocks/interactive.ts';
import { choicesOf } from '../blocks/rules.ts';
import type { Ephemeral, InputValue, InputValues, Message } from './model.ts';
import type { World } from './world.ts';

/**
 * The values of all inputs of a list of blocks when a person first sees them; `kept` holds what was typed before into
 * inputs that are still there. Buttons and overflow menus hold no value.
 * Shape: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload (`state.values`).
 */
export function startingValues(blocks: readonly Block[], kept: InputValues): InputValues {
  const values: InputValues = {};
  for (const { block, element } of interactiveElements(blocks)) {
    const starting = startingValue(element);
    if (starting === undefined) continue;
    const blockId = block.block_id ?? '';
    const actionId = element.action_id ?? '';
    const before = kept[blockId]?.[actionId];
    const value = before?.type === element.type ? before : starting;
    values[blockId] = { ...values[blockId], [actionId]: value };
  }
  return values;
}

function startingValue(element: InteractiveElement): InputValue | undefined {
  switch (element.type) {
    case 'button':
    case 'overflow':
      return undefined;
    case 'plain_text_input':
      return { type: element.type, value: element.initial_value ?? null };
    case 'static_select':
    case 'radio_buttons':
      return { type: element.type, selected_option: element.initial_option ?? null };
    case 'multi_static_select':
    case 'checkboxes':
      return { type: element.type, selected_options: element.initial_options ?? [] };
    case 'users_select':
      return { type: element.type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type: element.type, selected_users: element.initial_users ?? [] };
    case 'conversations_select':
      return { type: element.type, selected_conversation: element.initial_conversation ?? null };
    case 'channels_select':
      return { type: element.type, selected_channel: element.initial_channel ?? null };
    case 'datepicker':
      return { type: element.type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type: element.type, selected_time: element.initial_time ?? null };
  }
}

/** What the inputs of a message hold for one person. */
export function messageValues(
  world: World,
  userId: string,
  shown: Pick<Message | Ephemeral, 'channelId' | 'ts' | 'blocks'>,
): InputValues {
  return startingValues(shown.blocks, world.messageInputs.get(inputsKey(userId, shown)) ?? {});
}

/** Keeps what a person has chosen in one input of a message. */
export function keepMessageValue(
  world: World,
  shown: Pick<Message | Ephemeral, 'channelId' | 'ts' | 'blocks'>,
  chosenValue: {
    readonly userId: string;
    readonly blockId: string;
    readonly actionId: string;
    readonly value: InputValue;
  },
): void {
  const { userId, blockId, actionId, value } = chosenValue;
  const values = messageValues(world, userId, shown);
  values[blockId] = { ...values[blockId], [actionId]: value };
  world.messageInputs.set(inputsKey(userId, shown), values);
}

function inputsKey(userId: string, { channelId, ts }: Pick<Message, 'channelId' | 'ts'>): string {
  return `${userId} ${channelId} ${ts}`;
}

/** What a person gives to an input: a text, or several. Choices are named by their value or by the words on them. */
export type GivenInput = string | readonly string[] | null;

/** The value of an input after a person has given it something. Throws when the element offers no such choice. */
export function givenValue(element: InteractiveElement, given: GivenInput): InputValue {
  const one = typeof given === 'string' ? given : (given?.[0] ?? null);
  const many = given === null ? [] : typeof given === 'string' ? [given] : given;
  switch (element.type) {
    case 'button':
    case 'overflow':
      throw new Error(`a ${element.type} takes no value`);
    case 'plain_text_input':
      return { type: element.type, value: one === '' ? null : one };
    case 'static_select':
    case 'radio_buttons':
      return { type: element.type, selected_option: one === null ? null : chosen(element, one) };
    case 'multi_static_select':
    case 'checkboxes':
      return { type: element.type, selected_options: many.map((name) => chosen(element, name)) };
    case 'users_select':
      return { type: element.type, selected_user: one };
    case 'multi_users_select':
      return { type: element.type, selected_users: many };
    case 'conversations_select':
      return { type: element.type, selected_conversation: one };
    case 'channels_select':
      return { type: element.type, selected_channel: one };
    case 'datepicker':
      return { type: element.type, selected_date: one };
    case 'timepicker':
      return { type: element.type, selected_time: one };
  }
}

/** The choice of an element that has this value or these words. Throws with the list when there is none. */
export function chosen(element: InteractiveElement, name: string) {
  const choices = choicesOf(element);
  const choice = choices.find(({ value, text }) => value === name || text.text === name);
  if (choice !== undefined) return choice;
  const offered = choices.map(({ text }) => text.text).join(', ');
  throw new Error(`${element.type} ${element.action_id} offers no "${name}", only: ${offered}`);
}

/** Whether an input has been left empty. */
export function isEmptyValue(value: InputValue): boolean {
  const [, content] = Object.entries(value).find(([key]) => key !== 'type') ?? [];
  return content === null || content === '' || (Array.isArray(content) && content.length === 0);
}
