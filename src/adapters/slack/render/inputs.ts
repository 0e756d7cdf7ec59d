import type { InputBlock, PlainTextOption } from '@slack/types';
import type { Input } from '../../../ports/message.ts';
import { cutPlain } from './cut.ts';
import { MAX_BOXES, MAX_CHOICE_VALUE, MAX_CHOICES, MAX_INPUT_LABEL, MAX_LABEL, MAX_TEXT } from './limits.ts';
import { plain } from './text-object.ts';

/** What the block and the element of a field are named after: the field is read back from it. */
export const FIELD = 'field.';

type Choices = { value: string; label: string; hint?: string }[];

/** A form's field as an input block, which modals and messages both take. No block for a list without choices. */
export function renderInput(input: Input): InputBlock[] {
  const element = renderElement(input);
  if (!element) return [];
  const id = `${FIELD}${input.field}`;
  return [
    {
      type: 'input',
      block_id: id,
      label: plain(cutPlain(input.label || input.field, MAX_INPUT_LABEL)),
      // Nothing ticked is an answer; Slack would refuse it of a field that must be filled in.
      optional: input.kind === 'tick' || (input.optional ?? false),
      element: { ...element, action_id: id },
    },
  ];
}

function renderElement(input: Input): InputBlock['element'] | undefined {
  switch (input.kind) {
    case 'text': {
      const most = Math.min(Math.max(input.maxLength ?? MAX_TEXT, 1), MAX_TEXT);
      return {
        type: 'plain_text_input',
        multiline: input.multiline ?? false,
        max_length: most,
        ...(input.initial ? { initial_value: cutPlain(input.initial, most) } : {}),
      };
    }
    case 'choose': {
      const options = choices(input.options);
      const initial = options.find(({ value }) => value === input.initial);
      if (options.length === 0) return undefined;
      return { type: 'static_select', options, ...(initial ? { initial_option: initial } : {}) };
    }
    case 'tick':
      return renderTicks(input.options, new Set(input.initial));
  }
}

/** Boxes as long as Slack takes that many of them, a menu beyond. */
function renderTicks(offered: Choices, ticked: ReadonlySet<string>): InputBlock['element'] | undefined {
  const options = choices(offered);
  const initial = options.filter(({ value }) => ticked.has(value ?? ''));
  if (options.length === 0) return undefined;
  return {
    type: options.length > MAX_BOXES ? 'multi_static_select' : 'checkboxes',
    options,
    ...(initial.length > 0 ? { initial_options: initial } : {}),
  };
}

/** Slack's choices. One whose value Slack does not take is left out: cut short, it would mean another thing. */
function choices(offered: Choices): PlainTextOption[] {
  return offered
    .filter(({ value }) => value !== '' && value.length <= MAX_CHOICE_VALUE)
    .slice(0, MAX_CHOICES)
    .map(({ value, label, hint }) => ({
      text: plain(cutPlain(label || value, MAX_LABEL)),
      value,
      ...(hint ? { description: plain(cutPlain(hint, MAX_LABEL)) } : {}),
    }));
}
