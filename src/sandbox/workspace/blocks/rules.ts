import type { Block } from './block.ts';
import type { InteractiveElement } from './elements.ts';
import { interactiveElements } from './interactive.ts';
import { visibleStrings } from './visible-text.ts';

/** One thing Slack would refuse: its words and the JSON pointer it names. */
export interface BlockFault {
  readonly reason: string;
  readonly pointer: string;
}

/** What the shapes alone cannot say: rules between fields and between blocks. */
export const RULES: readonly ((blocks: readonly Block[]) => BlockFault[])[] = [
  uniqueBlockIds,
  uniqueActionIds,
  sectionSaysSomething,
  imagesHaveOneSource,
  menusHaveOneList,
  initialChoicesExist,
  oneFocus,
  oneTable,
];

/** "`block_id` should be unique for each message": `@slack/types` `blocks.d.ts`, Block. */
function uniqueBlockIds(blocks: readonly Block[]): BlockFault[] {
  const seen = new Set<string>();
  return blocks.flatMap(({ block_id }, index) => {
    if (block_id === undefined) return [];
    if (!seen.has(block_id)) {
      seen.add(block_id);
      return [];
    }
    return [{ reason: `\`block_id\` "${block_id}" already exists`, pointer: `/blocks/${index}/block_id` }];
  });
}

/** "Should be unique among all other action_ids in the containing block": `@slack/types` `extensions.d.ts`, Action. */
function uniqueActionIds(blocks: readonly Block[]): BlockFault[] {
  return blocks.flatMap((block, index) => {
    const seen = new Set<string>();
    return interactiveElements([block]).flatMap(({ element, pointer }) => {
      const id = element.action_id;
      if (id === undefined || !seen.has(id)) {
        if (id !== undefined) seen.add(id);
        return [];
      }
      const at = pointer.replace('/blocks/0', `/blocks/${index}`);
      return [{ reason: `\`action_id\` "${id}" already exists`, pointer: `${at}/action_id` }];
    });
  });
}

/** "Required if no `text` is provided": `@slack/types` `blocks.d.ts`, SectionBlock.fields. */
function sectionSaysSomething(blocks: readonly Block[]): BlockFault[] {
  return blocks.flatMap((block, index) =>
    block.type === 'section' && block.text === undefined && block.fields === undefined
      ? [{ reason: 'must define either `text` or `fields`', pointer: `/blocks/${index}` }]
      : [],
  );
}

/** "If both are provided then the payload will be rejected": `@slack/types` `composition-objects.d.ts`, image objects. */
function imagesHaveOneSource(blocks: readonly Block[]): BlockFault[] {
  return blocks.flatMap((block, index) => {
    const at = `/blocks/${index}`;
    const images =
      block.type === 'image'
        ? [{ image: block, pointer: at }]
        : block.type === 'section' && block.accessory?.type === 'image'
          ? [{ image: block.accessory, pointer: `${at}/accessory` }]
          : block.type === 'context'
            ? block.elements.flatMap((e, i) =>
                e.type === 'image' ? [{ image: e, pointer: `${at}/elements/${i}` }] : [],
              )
            : [];
    return images
      .filter(({ image }) => (image.image_url === undefined) === (image.slack_file === undefined))
      .map(({ pointer }) => ({ reason: 'must define either `image_url` or `slack_file`', pointer }));
  });
}

/** "If `option_groups` is specified, this field should not be": `@slack/types` `block-elements.d.ts`, StaticSelect. */
function menusHaveOneList(blocks: readonly Block[]): BlockFault[] {
  return interactiveElements(blocks)
    .filter(
      ({ element }) =>
        (element.type === 'static_select' || element.type === 'multi_static_select') &&
        (element.options === undefined) === (element.option_groups === undefined),
    )
    .map(({ pointer }) => ({ reason: 'must define either `options` or `option_groups`', pointer }));
}

/** "A single option that exactly matches one of the options": `@slack/types` `block-elements.d.ts`, the selects and boxes. */
function initialChoicesExist(blocks: readonly Block[]): BlockFault[] {
  return interactiveElements(blocks).flatMap(({ element, pointer }) => {
    const offered = new Set(choicesOf(element).map((choice) => JSON.stringify(choice)));
    return initialChoices(element)
      .filter((choice) => !offered.has(JSON.stringify(choice)))
      .map(({ value }) => ({ reason: `initial option "${value}" is not one of the options`, pointer }));
  });
}

/** The choices an element offers, groups opened; none for elements that offer people, channels or free text. */
export function choicesOf(element: InteractiveElement) {
  switch (element.type) {
    case 'static_select':
    case 'multi_static_select':
      return element.options ?? element.option_groups?.flatMap((group) => group.options) ?? [];
    case 'overflow':
    case 'checkboxes':
    case 'radio_buttons':
      return element.options;
    default:
      return [];
  }
}

function initialChoices(element: InteractiveElement) {
  if ('initial_option' in element && element.initial_option !== undefined) return [element.initial_option];
  if ('initial_options' in element && element.initial_options !== undefined) return element.initial_options;
  return [];
}

/** "Only one element can be set to `true`": `@slack/types` `extensions.d.ts`, Focusable. */
function oneFocus(blocks: readonly Block[]): BlockFault[] {
  return interactiveElements(blocks)
    .filter(({ element }) => 'focus_on_load' in element && element.focus_on_load === true)
    .slice(1)
    .map(({ pointer }) => ({
      reason: 'only one element may set `focus_on_load`',
      pointer: `${pointer}/focus_on_load`,
    }));
}

/** Characters over all cells of a message's table (https://docs.slack.dev/reference/block-kit/blocks/table-block). */
const MAX_TABLE_CHARACTERS = 10_000;

/** One table for each message, 10,000 characters in it (https://docs.slack.dev/reference/block-kit/blocks/table-block). */
function oneTable(blocks: readonly Block[]): BlockFault[] {
  const tables = blocks.flatMap((block, index) => (block.type === 'table' ? [{ block, index }] : []));
  const more = tables
    .slice(1)
    .map(({ index }) => ({ reason: 'only_one_table_allowed', pointer: `/blocks/${index}` }));
  const long = tables
    .filter(({ block }) => visibleStrings(block.rows).join('').length > MAX_TABLE_CHARACTERS)
    .map(({ index }) => ({
      reason: `must be less than ${MAX_TABLE_CHARACTERS + 1} characters over all cells`,
      pointer: `/blocks/${index}/rows`,
    }));
  return [...more, ...long];
}
