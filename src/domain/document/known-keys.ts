import { z } from 'zod';
import type { Path } from './fault.ts';
import { alternatives, asSchema, type JsonSchema } from './json-schema.ts';

/**
 * Answers which keys a schema allows in the map at a path, over all its alternatives; none when any key goes. The schema is
 * only taken apart at the first question, and once for all of them: a text can have a thousand faults.
 */
export function allowedKeys(schema: z.ZodType): (path: Path) => string[] {
  let root: JsonSchema[] | undefined;
  return (path) => {
    root ??= alternatives(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    const found = path.reduce((at, step) => at.flatMap((one) => below(one, step)), root);
    return [...new Set(found.flatMap((one) => Object.keys(asSchema(one['properties']) ?? {})))];
  };
}

function below(schema: JsonSchema, step: string | number): JsonSchema[] {
  const next =
    typeof step === 'number'
      ? asSchema(schema['items'])
      : (asSchema(asSchema(schema['properties'])?.[step]) ?? asSchema(schema['additionalProperties']));
  return next ? alternatives(next) : [];
}
