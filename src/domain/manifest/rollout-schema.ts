import { z } from 'zod';
import { WrittenDuration } from '../gate/duration.ts';
import { Anything, line, maybe, yesOrNo } from './fields.ts';

/** What Argo Rollouts understands by them is not ours to check. */
const passedThrough = (name: string) =>
  maybe(Anything, `Step ${name} of Argo Rollouts, passed through unchanged.`);

const STEP_KEYS = {
  setWeight: maybe(z.int().min(0).max(100), 'Percent of the traffic.'),
  pause: maybe(
    z.strictObject({ duration: maybe(WrittenDuration, 'Such as 5m, or seconds.') }),
    'Without a duration: until somebody lets it go on.',
  ),
  analysis: passedThrough('analysis'),
  gate: line('Name of a gate that is judged at the pause next to this entry. No step of the Rollout itself.'),
  setCanaryScale: passedThrough('setCanaryScale'),
  setHeaderRoute: passedThrough('setHeaderRoute'),
  setMirrorRoute: passedThrough('setMirrorRoute'),
  experiment: passedThrough('experiment'),
  plugin: passedThrough('plugin'),
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
  strategy: z.enum(['canary', 'blueGreen', 'batch', 'rolling']).describe('The kind of rollout.'),
  maxDuration: maybe(WrittenDuration, 'How long all of it may take.'),
  steps: maybe(z.array(WrittenStep), 'Steps of a canary.'),
  batches: maybe(
    z.array(
      z.union([
        z.int().min(1),
        z.string().regex(/^\d{1,3}%$/, { error: 'must be replicas such as 1, or a share such as 50%' }),
      ]),
    ),
    'Strategy batch: replicas or percentages.',
  ).meta({ default: [1, '50%', '100%'] }),
  autoPromotion: yesOrNo('Strategy blueGreen: whether traffic is switched without a person.'),
  audience: maybe(Anything, 'Who gets it first; passed through.'),
});
export type WrittenRollout = z.infer<typeof WrittenRollout>;
