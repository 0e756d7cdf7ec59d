import { z } from 'zod';

/** What users of a service are promised, with the two queries that measure it. */
export const Objective = z.strictObject({
  /** Share of requests that is to succeed, such as 0.999. */
  ratio: z.number().gt(0).lt(1),
  /** Time it is counted over. */
  periodMs: z.int().positive(),
  /** PromQL with `[{{window}}]`: what failed, and everything. */
  errorQuery: z.string(),
  totalQuery: z.string(),
});
export type Objective = z.infer<typeof Objective>;
