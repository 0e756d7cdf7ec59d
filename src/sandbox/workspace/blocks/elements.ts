import { z } from 'zod';
import { imageSource } from './image-source.ts';
import { boxOption, confirmDialog, menuOption, optionGroup, overflowOption, plainText } from './text.ts';

// Every limit in this file: `@slack/types` `block-elements.d.ts` and `extensions.d.ts`, the JSDoc of the element's interface.

const actionId = z.string().min(1).max(255).optional();
const confirm = confirmDialog.optional();
const focus = z.boolean().optional();
const placeholder = plainText(150).optional();
const maxSelected = z.int().min(1).optional();

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: actionId,
  value: z.string().max(2000).optional(),
  url: z.string().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().max(75).optional(),
  confirm,
});

const menu = { action_id: actionId, placeholder, confirm, focus_on_load: focus };
const choices = {
  options: z.array(menuOption).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};

const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  ...menu,
  ...choices,
  initial_option: menuOption.optional(),
});

const multiStaticSelect = z.strictObject({
  type: z.literal('multi_static_select'),
  ...menu,
  ...choices,
  initial_options: z.array(menuOption).min(1).max(100).optional(),
  max_selected_items: maxSelected,
});

const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  ...menu,
  initial_user: z.string().optional(),
});

const multiUsersSelect = z.strictObject({
  type: z.literal('multi_users_select'),
  ...menu,
  initial_users: z.array(z.string()).optional(),
  max_selected_items: maxSelected,
});

const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  ...menu,
  initial_conversation: z.string().optional(),
  default_to_current_conversation: z.boolean().optional(),
  response_url_enabled: z.boolean().optional(),
  filter: z
    .strictObject({
      include: z
        .array(z.enum(['im', 'mpim', 'private', 'public']))
        .min(1)
        .optional(),
      exclude_external_shared_channels: z.boolean().optional(),
      exclude_bot_users: z.boolean().optional(),
    })
    .optional(),
});

const channelsSelect = z.strictObject({
  type: z.literal('channels_select'),
  ...menu,
  initial_channel: z.string().optional(),
  response_url_enabled: z.boolean().optional(),
});

const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: actionId,
  options: z.array(overflowOption).min(1).max(5),
  confirm,
});

const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  action_id: actionId,
  options: z.array(boxOption).min(1).max(10),
  initial_options: z.array(boxOption).min(1).max(10).optional(),
  confirm,
  focus_on_load: focus,
});

const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  action_id: actionId,
  options: z.array(boxOption).min(1).max(10),
  initial_option: boxOption.optional(),
  confirm,
  focus_on_load: focus,
});

const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  ...menu,
  initial_date: z.iso.date().optional(),
});

const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  ...menu,
  initial_time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .optional(),
  timezone: z.string().optional(),
});

const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: actionId,
  placeholder,
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
  focus_on_load: focus,
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z
        .array(z.enum(['on_enter_pressed', 'on_character_entered']))
        .min(1)
        .optional(),
    })
    .optional(),
});

/** A picture inside a context or beside a section. */
export const imageElement = z.strictObject({
  type: z.literal('image'),
  alt_text: z.string().min(1).max(2000),
  ...imageSource,
});

const selects = [
  staticSelect,
  multiStaticSelect,
  usersSelect,
  multiUsersSelect,
  conversationsSelect,
  channelsSelect,
] as const;
const pickers = [checkboxes, radioButtons, datepicker, timepicker] as const;

/** What an actions block may hold: `@slack/types` `blocks.d.ts`, ActionsBlockElement. */
export const actionsElement = z.discriminatedUnion('type', [button, overflow, ...selects, ...pickers]);

/** What may stand beside a section's text: `@slack/types` `blocks.d.ts`, SectionBlockAccessory. */
export const accessory = z.discriminatedUnion('type', [
  button,
  overflow,
  imageElement,
  ...selects,
  ...pickers,
]);

/** What an input block may ask with: `@slack/types` `blocks.d.ts`, InputBlockElement. */
export const inputElement = z.discriminatedUnion('type', [plainTextInput, ...selects, ...pickers]);

/** An element a person can press, choose from or fill in. */
export type InteractiveElement =
  | z.output<typeof actionsElement>
  | Exclude<z.output<typeof accessory>, { type: 'image' }>
  | z.output<typeof inputElement>;
