import { z } from 'zod';
import { accessory, actionsElement, imageElement, inputElement } from './elements.ts';
import { imageSource } from './image-source.ts';
import { richText } from './rich-text.ts';
import { mrkdwn, plainText, textObject } from './text.ts';

// Every limit in this file: `@slack/types` `blocks.d.ts`, the JSDoc of the block's interface.

const blockId = z.string().min(1).max(255).optional();

const section = z.strictObject({
  type: z.literal('section'),
  block_id: blockId,
  text: textObject(3000).optional(),
  fields: z.array(textObject(2000)).min(1).max(10).optional(),
  accessory: accessory.optional(),
  expand: z.boolean().optional(),
});

const header = z.strictObject({ type: z.literal('header'), block_id: blockId, text: plainText(150) });

const divider = z.strictObject({ type: z.literal('divider'), block_id: blockId });

const context = z.strictObject({
  type: z.literal('context'),
  block_id: blockId,
  elements: z
    .array(z.discriminatedUnion('type', [plainText(), mrkdwn(), imageElement]))
    .min(1)
    .max(10),
});

const actions = z.strictObject({
  type: z.literal('actions'),
  block_id: blockId,
  elements: z.array(actionsElement).min(1).max(25),
});

const input = z.strictObject({
  type: z.literal('input'),
  block_id: blockId,
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
});

const image = z.strictObject({
  type: z.literal('image'),
  block_id: blockId,
  alt_text: z.string().min(1).max(2000),
  title: plainText(2000).optional(),
  ...imageSource,
});

const tableCell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().min(1) }),
  richText,
]);

const columnSetting = z.strictObject({
  align: z.enum(['left', 'center', 'right']).optional(),
  is_wrapped: z.boolean().optional(),
});

const table = z.strictObject({
  type: z.literal('table'),
  block_id: blockId,
  rows: z.array(z.array(tableCell).min(1).max(20)).min(1).max(100),
  column_settings: z.array(columnSetting.nullable()).max(20).optional(),
});

const markdown = z.strictObject({
  type: z.literal('markdown'),
  block_id: blockId,
  text: z.string().min(1).max(12_000),
});

/**
 * Every block this workspace knows. Blocks that Slack has beside these (video, file, card, plan …) are refused here
 * as an unsupported type: the page could not show them.
 */
export const block = z.discriminatedUnion('type', [
  section,
  header,
  divider,
  context,
  actions,
  input,
  image,
  table,
  richText,
  markdown,
]);

/** See {@link block}. */
export type Block = z.output<typeof block>;

/** Where blocks are shown. Each place takes other blocks and another number of them. */
export type Surface = 'message' | 'modal' | 'home';

/**
 * How many blocks each place takes: 50 in a message, 100 in a view
 * (https://docs.slack.dev/reference/block-kit/blocks; `@slack/types` `views.d.ts`, "Max of 100 blocks").
 */
export const MAX_BLOCKS: Record<Surface, number> = { message: 50, modal: 100, home: 100 };

/**
 * Blocks that only messages may hold ("Available in: Messages",
 * https://docs.slack.dev/reference/block-kit/blocks/table-block and …/markdown-block).
 */
export const MESSAGE_ONLY: ReadonlySet<Block['type']> = new Set(['table', 'markdown']);
