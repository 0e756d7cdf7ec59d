import type { Block } from './block.ts';

/**
 * The strings a person reads in a value made of blocks, in reading order: everything under `text`, `alt_text` and
 * `fallback`, at any depth. Button labels and table cells count; ids, values and addresses do not.
 */
export function visibleStrings(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(visibleStrings);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    if (typeof part !== 'string') return visibleStrings(part);
    return key === 'text' || key === 'alt_text' ? [part] : [];
  });
}

/** What a person reads of a message, as one text: its blocks where it has them, else its text. */
export function visibleText(message: { readonly text: string; readonly blocks: readonly Block[] }): string {
  return message.blocks.length === 0 ? message.text : visibleStrings(message.blocks).join('\n');
}
