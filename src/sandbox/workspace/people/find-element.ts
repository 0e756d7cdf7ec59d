import type { Block } from '../blocks/block.ts';
import { interactiveElements, type PlacedElement } from '../blocks/interactive.ts';
import { findChannel } from '../state/channels.ts';
import type { GivenInput } from '../state/inputs.ts';
import type { World } from '../state/world.ts';

/** The button a person means by its label or action id. Throws with the list of buttons when there is none or several. */
export function findButton(blocks: readonly Block[], name: string): PlacedElement {
  const buttons = interactiveElements(blocks).filter(({ element }) => element.type === 'button');
  return only(buttons, name, `button "${name}"`);
}

/** The input or menu a person means by the label of its block, its block id or its action id. */
export function findInput(blocks: readonly Block[], name: string): PlacedElement {
  const inputs = interactiveElements(blocks).filter(({ element }) => element.type !== 'button');
  return only(inputs, name, `input "${name}"`);
}

function only(placed: readonly PlacedElement[], name: string, what: string): PlacedElement {
  const fits = placed.filter((candidate) => namesOf(candidate).includes(name));
  const [first] = fits;
  if (first === undefined)
    throw new Error(`there is no ${what}, only: ${placed.map(describe).join(', ') || 'nothing'}`);
  if (fits.length > 1) throw new Error(`there are ${fits.length} of ${what}: say which by action id`);
  return first;
}

function namesOf({ block, element }: PlacedElement): string[] {
  const label = element.type === 'button' ? [element.text.text] : [];
  const around = block.type === 'input' ? [block.label.text] : [];
  const blockId = element.type === 'button' || block.block_id === undefined ? [] : [block.block_id];
  return [...label, ...around, ...blockId, element.action_id ?? ''];
}

function describe({ block, element }: PlacedElement): string {
  if (element.type === 'button') return `"${element.text.text}" (${element.action_id})`;
  return block.type === 'input'
    ? `"${block.label.text}" (${element.action_id})`
    : `${element.type} ${element.action_id}`;
}

/** What is chosen, with names of people and channels turned into the ids that those menus hold. */
export function resolveGiven(world: World, { element }: PlacedElement, given: GivenInput): GivenInput {
  const resolve = (name: string) => {
    switch (element.type) {
      case 'users_select':
      case 'multi_users_select':
        return [...world.people.values()].find((person) => person.name === name)?.id ?? name;
      case 'conversations_select':
      case 'channels_select':
        return findChannel(world, name)?.id ?? name;
      default:
        return name;
    }
  };
  if (given === null) return null;
  return typeof given === 'string' ? resolve(given) : given.map(resolve);
}
