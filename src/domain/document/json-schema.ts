/** A JSON Schema as plain data, as zod writes it: without references. */
export type JsonSchema = Record<string, unknown>;

/** A schema and everything it may be instead: a map can have keys of its own beside alternatives that only ask for one of two. */
export function alternatives(schema: JsonSchema): JsonSchema[] {
  const branches = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(branches)) return [schema];
  return [schema, ...branches.flatMap((branch) => alternatives(asSchema(branch) ?? {}))];
}

/** A value as a schema; absent when it is none, as `additionalProperties: false` is not. */
export function asSchema(value: unknown): JsonSchema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonSchema)
    : undefined;
}
