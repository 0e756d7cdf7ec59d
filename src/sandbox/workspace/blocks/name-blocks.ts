import { secret } from '../ids.ts';
import type { Block } from './block.ts';
import { interactiveElements } from './interactive.ts';

/**
 * Gives a `block_id` and `action_id` to whatever came without: "If not specified, a `block_id` will be generated"
 * (`@slack/types` `blocks.d.ts`, Block). The given list is left alone.
 */
export function nameBlocks(blocks: readonly Block[]): Block[] {
  const named = structuredClone([...blocks]);
  for (const block of named) block.block_id ??= secret(3);
  for (const { element } of interactiveElements(named)) element.action_id ??= secret(3);
  return named;
}
