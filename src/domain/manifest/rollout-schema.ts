import { z } from 'zod';
import { WrittenDuration } from '../gate/duration.ts';

/** Passed through unchanged: what Argo Rollouts understands by it is not ours to check. */
const Anything = z.record(z.string(), z.unknown());

const STEP_KEYS = {
  /** Percent of the traffic. */
  setWeight: z.int().min(0).max(100).optional(),
  /** Without a duration: until somebody lets it go on. */
  pause: z.strictObject({ duration: WrittenDuration.optional() }).optional(),
  analysis: Anything.optional(),
  /** Name of a gate that is judged at the pause next to this entry. No step of the Rollout itself. */
  gate: z.string().optional(),
  setCanaryScale: Anything.optional(),
  setHeaderRoute: Anything.optional(),
  setMirrorRoute: Anything.optional(),
  experiment: Anything.optional(),
  plugin: Anything.optional(),
};

/** One step of a canary: exactly one act. */
export const WrittenStep = z
  .strictObject(STEP_KEYS)
  .refine((step) => Object.keys(step).length === 1, {
    error: `must be exactly one of ${Object.keys(STEP_KEYS).join(', ')}`,
  })
  .meta({ minProperties: 1, maxProperties: 1 });
export type WrittenStep = z.infer<typeof WrittenStep>;

/** How a service is brought out, as the manifest declares it. The Rollout in Git owns the steps: this is compared with it. */
export const WrittenRollout = z.strictObject({
  strategy: z.enum(['canary', 'blueGreen', 'batch', 'rolling']),
  steps: z.array(WrittenStep).optional(),
  /** Strategy `batch`: replicas or percentages. */
  batches: z.array(z.union([z.int().min(1), z.string().regex(/^\d+%$/)])).optional(),
  autoPromotion: z.boolean().optional(),
  maxDuration: WrittenDuration.optional(),
  audience: Anything.optional(),
});
export type WrittenRollout = z.infer<typeof WrittenRollout>;
