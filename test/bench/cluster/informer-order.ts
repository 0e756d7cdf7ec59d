import { z } from 'zod';

/** How the process with the stock informer is set up. */
export const InformerOrder = z.strictObject({
  kubeconfigFile: z.string(),
  namespace: z.string(),
  /** Rollouts that it waits for. */
  count: z.int(),
  /** How long it rests before its memory is read. */
  settleMs: z.int(),
});
export type InformerOrder = z.infer<typeof InformerOrder>;

export const InformerMemory = z.strictObject({ idleBytes: z.number(), watchingBytes: z.number() });
