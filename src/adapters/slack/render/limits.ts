// Sizes are counted in UTF-16 units, never fewer than the characters Slack counts.
// Source unless another is named: the JSDoc of `@slack/types`, `block-kit/*.d.ts` and `views.d.ts`.

/** Characters of one section's text, one context element, one text field's initial value. */
export const MAX_TEXT = 3000;
/** Characters of one of a section's fields, and how many fields it takes. */
export const MAX_FIELD = 2000;
export const MAX_FIELDS = 10;
export const MAX_HEADER = 150;
export const MAX_CONTEXT_ELEMENTS = 10;
export const MAX_ACTIONS = 25;
export const MAX_ALT = 2000;
export const MAX_URL = 3000;
/** Labels of buttons and of choices. */
export const MAX_LABEL = 75;
/** Labels of input blocks. */
export const MAX_INPUT_LABEL = 2000;
/** A choice's `value`. */
export const MAX_CHOICE_VALUE = 75;
/** Choices of a list, and of a column of boxes. */
export const MAX_CHOICES = 100;
export const MAX_BOXES = 10;
/** Parts of a confirm dialog. */
export const MAX_CONFIRM_TITLE = 100;
export const MAX_CONFIRM_TEXT = 300;
export const MAX_CONFIRM_BUTTON = 30;
/** A modal's title and its buttons. */
export const MAX_MODAL_WORD = 24;
/** A view's `private_metadata`. */
export const MAX_PRIVATE_METADATA = 3000;

/**
 * The line a notification shows. Slack cuts a message's `text` at 40,000; a lock screen shows far less, and our own
 * lines are one sentence (https://docs.slack.dev/changelog/2018-truncating-really-long-messages).
 */
export const MAX_NOTIFICATION = 1000;

/** What a place takes in all. */
export interface Room {
  readonly blocks: number;
  /** Characters over all blocks, {@link COST_PER_BLOCK} for each block included. */
  readonly characters: number;
}

/**
 * A message inside every documented limit is refused as `msg_blocks_too_long` from about 13,200 characters over all
 * blocks, and one with 11,341 characters in many blocks was refused too: each block costs something beside its text
 * (slackapi/bolt-js#2509: a divider cost 125 characters; #2867). 12,000 with that cost counted keeps clear of it.
 */
export const MESSAGE_ROOM: Room = { blocks: 50, characters: 12_000 };
export const COST_PER_BLOCK = 125;

/**
 * A view has 100 blocks and 250 kB of JSON (https://docs.slack.dev/reference/methods/views.open, `view_too_large`);
 * a character may take three bytes or six of JSON escapes.
 */
export const VIEW_ROOM: Room = { blocks: 100, characters: 40_000 };
