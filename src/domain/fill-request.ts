import { Request } from './request.ts';

/** A field's value as a person left it: text, one choice, several; undefined when left empty. */
export type FieldValue = string | string[] | undefined;

export type Filled =
  | { kind: 'filled'; request: Request }
  /** What was typed does not do; by field name. A fault that belongs to no field is under the first one. */
  | { kind: 'faulty'; faults: { field: string; wrong: string }[] };

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
