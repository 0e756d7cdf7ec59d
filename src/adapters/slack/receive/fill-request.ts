import { z } from 'zod';
import { Request } from '../../../domain/request.ts';
import { FIELD } from '../render/inputs.ts';

/** A field's value as it comes out of Slack: text, one choice, several; undefined when left empty. */
export type FieldValue = string | string[] | undefined;

export type Filled =
  | { kind: 'filled'; request: Request }
  /** What was typed does not do; by field name. A fault that belongs to no field is under the first one. */
  | { kind: 'faulty'; faults: { field: string; wrong: string }[] };

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

/** The request of a form with its fields' values put in, judged by the request's own schema. */
export function fillRequest(does: Request, fields: Record<string, FieldValue>): Filled {
  // A field that was emptied takes away what the form had put there.
  const asked = Object.entries({ ...does, ...fields }).filter(([, value]) => value !== undefined);
  const read = Request.safeParse(Object.fromEntries(asked));
  if (read.success) return { kind: 'filled', request: read.data };
  const names = Object.keys(fields);
  const faults = read.error.issues.map((issue) => {
    const at = String(issue.path[0] ?? '');
    return { field: names.includes(at) ? at : (names[0] ?? at), wrong: issue.message };
  });
  return { kind: 'faulty', faults };
}
