import { z } from 'zod';

/**
 * Text objects. Limits: `@slack/types` `composition-objects.d.ts`, PlainTextElement and MrkdwnElement
 * ("The minimum length is 1 and maximum length is 3000 characters"), lowered where an element says less.
 */
const MAX_TEXT = 3000;

/** A `plain_text` object of at most `max` characters. */
export function plainText(max = MAX_TEXT) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
}

/** A `mrkdwn` object of at most `max` characters. */
export function mrkdwn(max = MAX_TEXT) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
}

/** Either kind of text object, of at most `max` characters. */
export function textObject(max = MAX_TEXT) {
  return z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);
}

/** The dialog that asks once more before an element acts. Limits: `@slack/types` `composition-objects.d.ts`, Confirm. */
export const confirmDialog = z.strictObject({
  title: plainText(100).optional(),
  text: textObject(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

/** See {@link confirmDialog}. */
export type ConfirmDialog = z.output<typeof confirmDialog>;

/** One choice of a select or overflow menu. Limits: `@slack/types` `composition-objects.d.ts`, OptionDescriptor. */
export const menuOption = z.strictObject({
  text: plainText(75),
  value: z.string().min(1).max(75),
  description: plainText(75).optional(),
});

/** One choice of radio buttons or checkboxes, which may be mrkdwn. Same limits. */
export const boxOption = z.strictObject({
  text: textObject(75),
  value: z.string().min(1).max(75),
  description: textObject(75).optional(),
});

/** One choice of an overflow menu, the only kind that may carry a `url` (same source). */
export const overflowOption = z.strictObject({ ...menuOption.shape, url: z.string().max(3000).optional() });

/** Choices under a label. Limits: `@slack/types` `composition-objects.d.ts`, OptionGroup. */
export const optionGroup = z.strictObject({
  label: plainText(75),
  options: z.array(menuOption).min(1).max(100),
});

/** A choice, of whichever element. */
export type Choice = z.output<typeof boxOption>;
