import type { z } from 'zod';
import type { Read } from './object-store.ts';

/** Reads an object of the API by its schema: reduced to what is used, or the first thing that is wrong with it. */
export function readObject<S extends z.ZodType>(schema: S, object: unknown): Read<z.infer<S>> {
  const parsed = schema.safeParse(object);
  if (parsed.success) return { kind: 'kept', value: parsed.data };
  const [issue] = parsed.error.issues;
  return { kind: 'unreadable', reason: `${issue?.path.join('.')}: ${issue?.message}` };
}
