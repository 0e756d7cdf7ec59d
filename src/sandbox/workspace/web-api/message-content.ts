import { z } from 'zod';
import type { Block } from '../blocks/block.ts';
import { checkBlocks } from '../blocks/check-blocks.ts';
import type { BlockFault } from '../blocks/rules.ts';
import type { MessageMetadata } from '../state/model.ts';
import type { World } from '../state/world.ts';
import { type Refused, refuse, refuseBlocks } from './answer.ts';

/** What a message says, judged. */
export interface MessageContent {
  readonly kind: 'content';
  readonly text: string;
  readonly blocks: Block[];
}

/** "Text … longer than 40,000 characters is truncated": https://docs.slack.dev/changelog/2018-truncating-really-long-messages. */
const TRUNCATED_AT = 40_000;

/** `markdown_text`: "Limit this field to 12,000 characters", `@slack/web-api` `types/request/chat.d.ts`. */
const MAX_MARKDOWN = 12_000;

/**
 * Reads `text`, `blocks` and `markdown_text` of whatever posts a message. Refusals are those of
 * https://docs.slack.dev/reference/methods/chat.postMessage.
 */
export function readContent(
  world: World,
  given: {
    readonly text?: string | undefined;
    readonly blocks?: unknown;
    readonly markdownText?: string | undefined;
  },
): MessageContent | Refused {
  const { text = '', markdownText } = given;
  if (markdownText !== undefined) return readMarkdown(markdownText, given);
  if (given.blocks === undefined) {
    return text === ''
      ? refuse('no_text')
      : { kind: 'content', text: text.slice(0, TRUNCATED_AT), blocks: [] };
  }
  const checked = checkBlocks(given.blocks, 'message');
  switch (checked.kind) {
    case 'malformed':
      return refuse('invalid_blocks_format');
    case 'too_long':
      return refuse('msg_blocks_too_long');
    case 'invalid':
      return refuseBlocks('invalid_blocks', checked.faults);
    case 'valid': {
      if (checked.blocks.length === 0 && text === '') return refuse('no_text');
      const missing = missingFiles(world, checked.blocks, '/blocks');
      if (missing.length > 0) return refuseBlocks('invalid_blocks', missing);
      return { kind: 'content', text: text.slice(0, TRUNCATED_AT), blocks: checked.blocks };
    }
  }
}

function readMarkdown(
  markdownText: string,
  given: { readonly text?: string | undefined; readonly blocks?: unknown },
): MessageContent | Refused {
  if (given.text !== undefined || given.blocks !== undefined) return refuse('markdown_text_conflict');
  if (markdownText === '') return refuse('no_text');
  if (markdownText.length > MAX_MARKDOWN) return refuse('msg_too_long');
  return { kind: 'content', text: markdownText, blocks: [{ type: 'markdown', text: markdownText }] };
}

/** "The user posting these blocks must have access to this file": `@slack/types` `composition-objects.d.ts`, SlackFile. */
function missingFiles(world: World, value: unknown, pointer: string): BlockFault[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const at = `${pointer}/${key}`;
    if (key !== 'slack_file') return missingFiles(world, part, at);
    const id = z.object({ id: z.string() }).safeParse(part).data?.id;
    return world.files.get(id ?? '')?.isComplete === true
      ? []
      : [{ reason: 'invalid slack file', pointer: at }];
  });
}

const metadataShape = z.strictObject({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.unknown()),
});

/** What became of `metadata`: absent when it was not given, null when it is to be removed. */
export type ReadMetadata =
  | { readonly kind: 'metadata'; readonly metadata?: MessageMetadata | null }
  | Refused;

/**
 * Reads `metadata`: `@slack/types` `message-metadata.d.ts`. "To remove previous `metadata`, include an empty object":
 * https://docs.slack.dev/reference/methods/chat.update; the refusal's name is on the same page.
 */
export function readMetadata(given: unknown): ReadMetadata {
  if (given === undefined) return { kind: 'metadata' };
  if (z.strictObject({}).safeParse(given).success) return { kind: 'metadata', metadata: null };
  const parsed = metadataShape.safeParse(given);
  return parsed.success ? { kind: 'metadata', metadata: parsed.data } : refuse('invalid_metadata_format');
}
