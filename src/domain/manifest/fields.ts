import { z } from 'zod';

/*
 * The kinds of fields a release document has, each with a bound: whatever stands in one is carried through messages, facts and
 * commits. What a field is when it is left out stands beside it for editors only: the document keeps what was written, because its
 * hash does.
 */

/** Characters of a name, a path or an address. */
const MAX_LINE = 1_024;

/** Characters of what people explain; also longer than any query that is kept in a file. */
const MAX_PROSE = 8_192;

/** A text of at most so many characters. Counted as people and JSON Schema do, where a string's length counts some of them twice. */
export function bounded(most: number) {
  return z
    .string()
    .refine((text) => text.length <= most || [...text].length <= most, {
      error: `must be at most ${most} characters long`,
    })
    .meta({ maxLength: most });
}

/** A name, a path or an address. */
export const Line = bounded(MAX_LINE);

/** A query: something, and not a book. */
export const Query = bounded(MAX_PROSE).min(1);

/** A name, a path or an address that may be left out. */
export function line(description: string) {
  return Line.describe(description).optional();
}

/** An explanation that may be left out. */
export function prose(description: string) {
  return bounded(MAX_PROSE).describe(description).optional();
}

/** A query that may be left out. */
export function query(description: string) {
  return Query.describe(description).optional();
}

/** Names that may be left out. */
export function lines(description: string) {
  return z.array(Line).describe(description).optional();
}

/** Yes or no, which may be left out. */
export function yesOrNo(description: string) {
  return z.boolean().describe(description).optional();
}

/** Any field that may be left out. */
export function maybe<S extends z.ZodType>(schema: S, description: string) {
  return schema.describe(description).optional();
}

/** Any field that may be left out, with what it is then. */
export function absentMeans<S extends z.ZodType>(
  schema: S,
  { is, for: description }: { is: unknown; for: string },
) {
  return schema.meta({ description, default: is }).optional();
}

/** A map that others give a meaning to: passed through unchanged. */
export const Anything = z.record(z.string(), z.unknown());

/** Texts by name. */
export const StringMap = z.record(z.string(), Line);
