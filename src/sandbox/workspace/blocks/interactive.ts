import type { Block } from './block.ts';
import type { InteractiveElement } from './elements.ts';

/** An element a person can use, and where it stands. */
export interface PlacedElement {
  readonly block: Block;
  readonly element: InteractiveElement;
  /** JSON pointer of the element within the list of blocks, as Slack's errors give it. */
  readonly pointer: string;
}

/** Every interactive element of a list of blocks, in reading order. */
export function interactiveElements(blocks: readonly Block[]): PlacedElement[] {
  return blocks.flatMap((block, index) => elementsOf(block, `/blocks/${index}`));
}

function elementsOf(block: Block, at: string): PlacedElement[] {
  switch (block.type) {
    case 'actions':
      return block.elements.map((element, i) => ({ block, element, pointer: `${at}/elements/${i}` }));
    case 'input':
      return [{ block, element: block.element, pointer: `${at}/element` }];
    case 'section':
      return block.accessory === undefined || block.accessory.type === 'image'
        ? []
        : [{ block, element: block.accessory, pointer: `${at}/accessory` }];
    default:
      return [];
  }
}
