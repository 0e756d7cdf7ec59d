import type { ToldField } from '../../domain/told.ts';
import { TerminalError } from '../../errors.ts';

/** What goes into a form: what was said with `--set field=value`, else what it held. Throws `TerminalError` for what is missing. */
export function fieldsOf(
  fields: readonly ToldField[],
  set: readonly string[],
): Record<string, string | string[]> {
  const said = saidBy(fields, set);
  const missing = fields.filter(
    ({ field, isOptional, initial }) => !isOptional && initial === undefined && !said.has(field),
  );
  if (missing.length > 0) {
    const how = missing.map(({ field, label }) => `--set ${field}=… (${label})`).join(', ');
    throw new TerminalError(`Nothing was sent: say ${how}.`);
  }
  return Object.fromEntries(
    fields.flatMap((one) => {
      const value = said.get(one.field) ?? one.initial;
      return value === undefined ? [] : [[one.field, value] as const];
    }),
  );
}

function saidBy(fields: readonly ToldField[], set: readonly string[]): Map<string, string | string[]> {
  const said = new Map<string, string | string[]>();
  for (const pair of set) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, at));
    const field = fields.find((one) => one.field === name);
    if (field === undefined) {
      const known = fields.map((one) => one.field).join(', ') || 'none';
      throw new TerminalError(
        `--set ${pair}: the form has no such field; it has ${known}. Write --set field=value.`,
      );
    }
    said.set(name, chosenFrom(field, pair.slice(at + 1)));
  }
  return said;
}

function chosenFrom(field: ToldField, text: string): string | string[] {
  const values = field.isList ? text.split(',').filter(Boolean) : [text];
  const wrong = values.find((value) => field.options?.every((option) => option.value !== value));
  if (wrong !== undefined) {
    const known = field.options?.map(({ value }) => value).join(', ');
    throw new TerminalError(`--set ${field.field}=${text}: ${wrong} is none of ${known}.`);
  }
  return field.isList ? values : text;
}
