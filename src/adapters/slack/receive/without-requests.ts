import type { Block, Message } from '../../../ports/message.ts';

/** The message without buttons that would have to be kept: what is said at once must need nothing but itself. */
export function withoutRequests(message: Message): Message {
  return { ...message, blocks: message.blocks.map(plainBlock) };
}

function plainBlock(block: Block): Block {
  if (block.kind === 'buttons')
    return { ...block, buttons: block.buttons.filter((button) => 'url' in button) };
  if (block.kind !== 'section' || !block.button || 'url' in block.button) return block;
  return { kind: 'section', text: block.text };
}
