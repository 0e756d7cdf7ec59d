import { z } from 'zod';
import { controlledBy, objectMeta } from './metadata.ts';
import { POD_HASH_LABEL } from './replica-set-object.ts';

const TYPE = 'rollout-type';
const STEP = 'step-index';

/** What we read of an AnalysisRun, flat. Labels: argoproj/argo-rollouts utils/analysis/helpers.go. */
export const AnalysisRunObject = z
  .object({
    metadata: z.object({
      ...objectMeta,
      ownerReferences: controlledBy('Rollout'),
      labels: z
        .object({
          [POD_HASH_LABEL]: z.string().nullish(),
          [TYPE]: z.string().nullish(),
          [STEP]: z.string().nullish(),
        })
        .nullish(),
    }),
    status: z.object({ phase: z.string().nullish(), message: z.string().nullish() }).nullish(),
  })
  .transform(({ metadata, status }) => {
    const step = Number.parseInt(metadata.labels?.[STEP] ?? '', 10);
    return {
      name: metadata.name,
      namespace: metadata.namespace,
      uid: metadata.uid,
      rollout: metadata.ownerReferences,
      podHash: metadata.labels?.[POD_HASH_LABEL] ?? '',
      /** `Step`, `Background`, `PrePromotion` or `PostPromotion`; empty for a run made by hand. */
      type: metadata.labels?.[TYPE] ?? '',
      ...(Number.isNaN(step) ? {} : { step }),
      /** A run that has not been looked at yet has no phase: it is pending. */
      phase: status?.phase || 'Pending',
      message: status?.message ?? '',
    };
  });
export type AnalysisRunObject = z.infer<typeof AnalysisRunObject>;
