import { z } from 'zod';

/** Something the reader may do next: a button, or the sending of a form. */
export const ToldAction = z.strictObject({
  label: z.string(),
  /** Opaque: sent back to do it. */
  press: z.string(),
  /** What a person is asked before it is done; absent: nothing. */
  confirm: z.string().optional(),
});
export type ToldAction = z.infer<typeof ToldAction>;

/** A field of a form. */
export const ToldField = z.strictObject({
  field: z.string(),
  label: z.string(),
  isOptional: z.boolean(),
  /** Several of `options` may be chosen. */
  isList: z.boolean(),
  /** Values that may be chosen; absent: any text. */
  options: z.array(z.strictObject({ value: z.string(), label: z.string() })).optional(),
  /** What it holds when nothing else is said. */
  initial: z.union([z.string(), z.array(z.string())]).optional(),
});
export type ToldField = z.infer<typeof ToldField>;

/** An answer as it is given outside the chat workspace, for programs and for terminals. */
export const Told = z.strictObject({
  /** `asks`: nothing was done yet; sending `form` does it. */
  outcome: z.enum(['done', 'refused', 'asks']),
  /** The whole state in one line. */
  summary: z.string(),
  /** Everything that is said, in lines. No control characters but line feeds. */
  text: z.string(),
  actions: z.array(ToldAction),
  form: z.strictObject({ fields: z.array(ToldField), submit: ToldAction }).optional(),
  file: z.strictObject({ name: z.string(), text: z.string() }).optional(),
});
export type Told = z.infer<typeof Told>;
