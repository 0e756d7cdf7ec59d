import { z } from 'zod';
import type { FieldValue } from '../../../domain/fill-request.ts';
import { FIELD } from '../render/inputs.ts';

const Choice = z.looseObject({ value: z.string() });

/** `state.values` of a view or of a message's payload: block id → action id → what stands in the element. */
const StateValues = z.record(
  z.string(),
  z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      value: z.string().nullish(),
      selected_option: Choice.nullish(),
      selected_options: z.array(Choice).nullish(),
    }),
  ),
);

/** The values of our own fields, by field name. Anything else in the state is ignored. */
export function readFields(state: unknown): Record<string, FieldValue> {
  const values = StateValues.safeParse(state).data ?? {};
  const fields = Object.entries(values).filter(([block]) => block.startsWith(FIELD));
  return Object.fromEntries(
    fields.map(([block, elements]) => [block.slice(FIELD.length), fieldValue(elements[block])] as const),
  );
}

type Element = z.infer<typeof StateValues>[string][string];

function fieldValue(element: Element | undefined): FieldValue {
  if (!element) return undefined;
  if (element.selected_options) return element.selected_options.map(({ value }) => value);
  if (element.selected_option) return element.selected_option.value;
  return element.value?.trim() || undefined;
}
