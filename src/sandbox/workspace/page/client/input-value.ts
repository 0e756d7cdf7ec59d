import type { GivenInput } from '../../state/inputs.ts';
import type { InputValue } from '../../state/model.ts';

/** What an input holds, as a person would give it: texts and ids, choices by their value. */
export function asGiven(value: InputValue | undefined): GivenInput {
  const [, content] = Object.entries(value ?? {}).find(([key]) => key !== 'type') ?? [];
  if (Array.isArray(content)) return content.map(textOf);
  return content === null || content === undefined ? null : textOf(content);
}

function textOf(content: unknown): string {
  if (typeof content === 'object' && content !== null && 'value' in content) return String(content.value);
  return String(content);
}
