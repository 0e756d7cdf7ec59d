import { z } from 'zod';

/** Keys that a document may carry for other tools: read by nobody here, part of the hash of the document. */
const EXTENSION = /^x-/;

/**
 * A map that refuses unknown keys, so that a typo never drops a gate in silence, and lets `x-` keys pass. Parsing leaves
 * the `x-` keys out.
 */
export function extensible<S extends z.core.$ZodShape>(shape: S) {
  const strict = z.strictObject(shape).meta({ patternProperties: { [EXTENSION.source]: true } });
  return z.preprocess(withoutExtensions, strict);
}

function withoutExtensions(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !EXTENSION.test(key)));
}
