import type { KnownBlock } from '@slack/types';
import type { Block } from '../../../ports/message.ts';
import { type IdOf, renderButton } from './button.ts';
import { cutPlain } from './cut.ts';
import {
  MAX_ACTIONS,
  MAX_ALT,
  MAX_CONTEXT_ELEMENTS,
  MAX_FIELD,
  MAX_FIELDS,
  MAX_HEADER,
  MAX_TEXT,
  MAX_URL,
} from './limits.ts';
import { isEmpty, marked, plain } from './text-object.ts';

/**
 * Our blocks as Slack's, each inside its own limits and with ids fixed by position: the third block is `b2`, the second
 * button in it `press.2.1`. What Slack's blocks hold no more of continues in a further block (`b2.1`).
 */
export function renderBlocks(blocks: readonly Block[], idOf: IdOf): KnownBlock[] {
  return blocks.flatMap((block, i) => renderBlock(block, { position: String(i), idOf }));
}

interface Place {
  position: string;
  idOf: IdOf;
}

function renderBlock(block: Block, place: Place): KnownBlock[] {
  const id = `b${place.position}`;
  switch (block.kind) {
    case 'header':
      if (block.text.trim() === '') return [];
      return [{ type: 'header', block_id: id, text: plain(cutPlain(block.text, MAX_HEADER)) }];
    case 'section':
      return renderSection(block, place);
    case 'fields':
      return chunks(
        block.fields.filter((field) => !isEmpty(field)).map((field) => marked(field, MAX_FIELD)),
        MAX_FIELDS,
      ).map((fields, k) => ({ type: 'section', block_id: nth(id, k), fields }));
    case 'context':
      return chunks(
        block.texts.filter((text) => !isEmpty(text)).map((text) => marked(text, MAX_TEXT)),
        MAX_CONTEXT_ELEMENTS,
      ).map((elements, k) => ({ type: 'context', block_id: nth(id, k), elements }));
    case 'buttons':
      return chunks(
        block.buttons.flatMap((button, j) =>
          renderButton(button, { ...place, position: `${place.position}.${j}` }),
        ),
        MAX_ACTIONS,
      ).map((elements, k) => ({ type: 'actions', block_id: nth(id, k), elements }));
    case 'image':
      if (block.url.length > MAX_URL) return [];
      return [
        {
          type: 'image',
          block_id: id,
          image_url: block.url,
          alt_text: cutPlain(block.alt || 'a picture', MAX_ALT),
        },
      ];
    case 'divider':
      return [{ type: 'divider', block_id: id }];
  }
}

function renderSection(block: Extract<Block, { kind: 'section' }>, place: Place): KnownBlock[] {
  const id = `b${place.position}`;
  const [accessory] = block.button
    ? renderButton(block.button, { ...place, position: `${place.position}.0` })
    : [];
  if (isEmpty(block.text)) return accessory ? [{ type: 'actions', block_id: id, elements: [accessory] }] : [];
  const text = marked(block.text, MAX_TEXT);
  return [{ type: 'section', block_id: id, text, ...(accessory ? { accessory } : {}) }];
}

function nth(id: string, index: number): string {
  return index === 0 ? id : `${id}.${index}`;
}

/** So that one block never eats a message's room: this many characters of it at most stand in one chunk. */
const CHUNK_CHARACTERS = 3000;

function chunks<T>(items: readonly T[], most: number): T[][] {
  const made: T[][] = [];
  let characters = 0;
  for (const item of items) {
    const size = JSON.stringify(item).length;
    const last = made.at(-1);
    if (last && last.length < most && characters + size <= CHUNK_CHARACTERS) {
      last.push(item);
      characters += size;
    } else {
      made.push([item]);
      characters = size;
    }
  }
  return made;
}
