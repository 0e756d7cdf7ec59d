import { z } from 'zod';

/** What the process that makes the load is asked for. */
export const LoadOrder = z.strictObject({
  url: z.string(),
  secret: z.string(),
  perSecond: z.int().positive(),
  seconds: z.int().positive(),
});
export type LoadOrder = z.infer<typeof LoadOrder>;

/** How a receiver that is an anchor is set up. */
export const BareOrder = z.strictObject({
  secret: z.string(),
  /** Where each command is written down before its ack; absent: nowhere. */
  redisUrl: z.string().optional(),
});
export type BareOrder = z.infer<typeof BareOrder>;

/** What came of it. */
export const Load = z.strictObject({
  latenciesMs: z.array(z.number()),
  /** Some of the answers that were no acknowledgement. */
  refused: z.array(z.string()),
});
export type Load = z.infer<typeof Load>;
