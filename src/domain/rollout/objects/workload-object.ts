import { z } from 'zod';
import { objectMeta, templateImages } from './metadata.ts';

/** The Deployment that a Rollout refers to by `spec.workloadRef` instead of holding a pod template of its own. */
export const WorkloadObject = z
  .object({
    metadata: z.object({ ...objectMeta, generation: z.int().default(0) }),
    spec: z.object({ template: templateImages }),
  })
  .transform(({ metadata, spec }) => ({ ...metadata, images: spec.template }));
export type WorkloadObject = z.infer<typeof WorkloadObject>;
