import type { PlacedElement } from '../blocks/interactive.ts';
import { chosen, type GivenInput, givenValue } from '../state/inputs.ts';
import type { ActionEntry } from './interactions.ts';

/**
 * What somebody did to an element, as a payload's `actions` says it:
 * https://docs.slack.dev/reference/interaction-payloads/block_actions-payload. `given` is what was chosen; a button needs nothing.
 */
export function actionEntry(
  { block, element }: PlacedElement,
  given: GivenInput,
  actionTs: string,
): ActionEntry {
  const common = {
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    action_ts: actionTs,
    ...('placeholder' in element && element.placeholder !== undefined
      ? { placeholder: element.placeholder }
      : {}),
  };
  switch (element.type) {
    case 'button':
      return {
        ...common,
        text: element.text,
        ...(element.value === undefined ? {} : { value: element.value }),
        ...(element.style === undefined ? {} : { style: element.style }),
      };
    case 'overflow':
      return { ...common, selected_option: chosen(element, String(given)) };
    default:
      return { ...common, ...givenValue(element, given) };
  }
}
