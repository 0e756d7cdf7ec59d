import { z } from 'zod';
import { type Block, block, MAX_BLOCKS, MESSAGE_ONLY, type Surface } from './block.ts';
import { describeIssue } from './describe-issue.ts';
import { type BlockFault, RULES } from './rules.ts';
import { visibleStrings } from './visible-text.ts';

/** What a list of blocks turned out to be. */
export type CheckedBlocks =
  | { readonly kind: 'valid'; readonly blocks: Block[] }
  /** Not even a list of objects: Slack's `invalid_blocks_format`. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'invalid'; readonly faults: readonly BlockFault[] }
  /** All of them together are too much for one message: Slack's `msg_blocks_too_long`. */
  | { readonly kind: 'too_long' };

/**
 * The undocumented total over all blocks of a message, fitted to what was measured in slackapi/bolt-js#2509:
 * one markdown block passes up to 13,297 characters, with one divider beside it up to 13,172. So each block costs
 * 125 beside its text, and the whole may cost 13,422. (slackapi/bolt-js#2867, 11,341 characters in many blocks
 * and still refused, agrees.)
 */
const MESSAGE_BUDGET = 13_422;
const COST_PER_BLOCK = 125;

/** What a list of blocks costs of a message's budget of 13,422. */
export function blocksCost(blocks: readonly Block[]): number {
  return blocks.length * COST_PER_BLOCK + visibleStrings(blocks).join('').length;
}

/** Judges blocks as Slack does for a place: shapes, limits, rules between blocks, what the place takes. */
export function checkBlocks(input: unknown, surface: Surface): CheckedBlocks {
  if (!Array.isArray(input) || input.some((entry) => typeof entry !== 'object' || entry === null)) {
    return { kind: 'malformed' };
  }
  if (input.length > MAX_BLOCKS[surface]) {
    const reason = `no more than ${MAX_BLOCKS[surface]} items allowed`;
    return { kind: 'invalid', faults: [{ reason, pointer: '/blocks' }] };
  }
  const parsed = z.array(block).safeParse(input, { reportInput: true });
  if (!parsed.success) {
    return { kind: 'invalid', faults: parsed.error.issues.map((issue) => describeIssue(issue, '/blocks')) };
  }
  const faults = [...misplaced(parsed.data, surface), ...RULES.flatMap((rule) => rule(parsed.data))];
  if (faults.length > 0) return { kind: 'invalid', faults };
  if (surface === 'message' && blocksCost(parsed.data) > MESSAGE_BUDGET) return { kind: 'too_long' };
  return { kind: 'valid', blocks: parsed.data };
}

function misplaced(blocks: readonly Block[], surface: Surface): BlockFault[] {
  if (surface === 'message') return [];
  return blocks.flatMap(({ type }, index) =>
    MESSAGE_ONLY.has(type) ? [{ reason: `unsupported type: ${type}`, pointer: `/blocks/${index}` }] : [],
  );
}
