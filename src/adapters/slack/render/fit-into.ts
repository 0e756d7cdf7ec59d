import type { KnownBlock } from '@slack/types';
import { COST_PER_BLOCK, type Room } from './limits.ts';

/** What the line that tells of left out parts costs. */
const NOTICE_COST = COST_PER_BLOCK + 80;

/**
 * Blocks that a place takes. When there are too many, the first block and everything that can be pressed or filled in
 * stay as far as there is room (a board without its Abort button is worse than one without its ninth service); the rest
 * is kept in reading order, and a line in the place of the first part left out says how many are missing.
 */
export function fitInto(blocks: readonly KnownBlock[], room: Room): KnownBlock[] {
  if (fits(blocks, room)) return [...blocks];
  const kept = keep(blocks, { blocks: room.blocks - 1, characters: room.characters - NOTICE_COST });
  const firstMissing = blocks.findIndex((block) => !kept.has(block));
  const notice = leftOut(blocks.length - kept.size);
  return blocks.flatMap((block, i) => {
    const shown = kept.has(block) ? [block] : [];
    return i === firstMissing ? [notice, ...shown] : shown;
  });
}

/** What a block costs of a room's characters: every string in it that is not one of its names. */
export function costOf(block: KnownBlock): number {
  return COST_PER_BLOCK + charactersIn(block);
}

function fits(blocks: readonly KnownBlock[], room: Room): boolean {
  return (
    blocks.length <= room.blocks && blocks.reduce((sum, block) => sum + costOf(block), 0) <= room.characters
  );
}

function keep(blocks: readonly KnownBlock[], room: Room): Set<KnownBlock> {
  const kept = new Set<KnownBlock>();
  let characters = 0;
  const take = (block: KnownBlock): boolean => {
    const cost = costOf(block);
    if (kept.size >= room.blocks || characters + cost > room.characters) return false;
    characters += cost;
    kept.add(block);
    return true;
  };
  const [essential, others] = [blocks.filter(isEssential), blocks.filter((b, i) => !isEssential(b, i))];
  for (const block of essential) take(block);
  // The first that has no room ends it: what is left out is the tail, not holes.
  others.every(take);
  return kept;
}

function isEssential(block: KnownBlock, index: number): boolean {
  return index === 0 || block.type === 'actions' || block.type === 'input';
}

const NAMES = new Set(['type', 'block_id', 'action_id', 'value', 'style']);

function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, part]) => (NAMES.has(key) ? sum : sum + charactersIn(part)),
    0,
  );
}

function leftOut(count: number): KnownBlock {
  const text = `… ${count} more ${count === 1 ? 'part is' : 'parts are'} left out: Slack shows no more in one place.`;
  return { type: 'context', block_id: 'left-out', elements: [{ type: 'plain_text', text }] };
}
