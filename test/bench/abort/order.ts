import { z } from 'zod';

/** How the process that patches directly is set up. */
export const PatchOrder = z.strictObject({
  server: z.string(),
  token: z.string(),
  /** In whose name. */
  user: z.string(),
  group: z.string(),
  /** Of the object. */
  path: z.string(),
});
export type PatchOrder = z.infer<typeof PatchOrder>;

export const Patched = z.strictObject({ tookMs: z.number() });
