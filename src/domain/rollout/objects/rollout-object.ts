import { z } from 'zod';
import { objectMeta, templateImages } from './metadata.ts';

/** Written by the controller when it resolves a `workloadRef`: the generation of the workload that it should observe. */
export const WORKLOAD_GENERATION = 'rollout.argoproj.io/workload-generation';

const present = z.unknown();

/** One step of a canary: exactly one of these keys. */
const CanaryStepObject = z.object({
  setWeight: z.int().nullish(),
  pause: z.object({ duration: z.union([z.int(), z.string()]).nullish() }).nullish(),
  analysis: present.optional(),
  experiment: present.optional(),
  setCanaryScale: present.optional(),
  setHeaderRoute: present.optional(),
  setMirrorRoute: present.optional(),
  plugin: present.optional(),
});
export type CanaryStepObject = z.infer<typeof CanaryStepObject>;

const AnalysisRunStatus = z.object({ status: z.string().nullish() });

const RolloutStatus = z.object({
  abort: z.boolean().nullish(),
  availableReplicas: z.int().nullish(),
  blueGreen: z
    .object({
      activeSelector: z.string().nullish(),
      previewSelector: z.string().nullish(),
      postPromotionAnalysisRunStatus: AnalysisRunStatus.nullish(),
    })
    .nullish(),
  canary: z
    .object({
      currentStepAnalysisRunStatus: AnalysisRunStatus.nullish(),
      weights: z.object({ canary: z.object({ weight: z.number() }) }).nullish(),
    })
    .nullish(),
  conditions: z
    .array(z.object({ type: z.string(), reason: z.string().nullish(), message: z.string().nullish() }))
    .nullish(),
  controllerPause: z.boolean().nullish(),
  currentPodHash: z.string().nullish(),
  currentStepIndex: z.int().nullish(),
  message: z.string().nullish(),
  /** A string: see `isGenerationObserved` in argoproj/argo-rollouts utils/rollout/rolloututil.go. */
  observedGeneration: z.string().nullish(),
  pauseConditions: z.array(z.object({ reason: z.string(), startTime: z.string() })).nullish(),
  phase: z.enum(['Healthy', 'Progressing', 'Paused', 'Degraded', '']).nullish(),
  promoteFull: z.boolean().nullish(),
  replicas: z.int().nullish(),
  restartedAt: z.string().nullish(),
  stableRS: z.string().nullish(),
  updatedReplicas: z.int().nullish(),
  workloadObservedGeneration: z.string().nullish(),
});

const RolloutSpec = z.object({
  paused: z.boolean().nullish(),
  replicas: z.int().nonnegative().nullish(),
  restartAt: z.string().nullish(),
  strategy: z
    .object({
      blueGreen: z
        .object({
          autoPromotionEnabled: z.boolean().nullish(),
          postPromotionAnalysis: present.optional(),
        })
        .nullish(),
      canary: z
        .object({
          steps: z.array(CanaryStepObject).nullish(),
          trafficRouting: z.object({ maxTrafficWeight: z.int().positive().nullish() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
  template: templateImages,
  workloadRef: z.object({ kind: z.string(), name: z.string() }).nullish(),
});

/** When anybody last wrote to it, in milliseconds since 1970: whole seconds by the API server's clock. */
function lastWritten(fields: readonly { time?: string | null | undefined }[]): { writtenAt?: number } {
  const writtenAt = Math.max(...fields.map(({ time }) => Date.parse(time ?? '')).filter(Number.isFinite));
  return Number.isFinite(writtenAt) ? { writtenAt } : {};
}

/**
 * What we read of a Rollout. Unknown fields are dropped, known ones must have their type: a Rollout whose abort flag
 * cannot be read is not a Rollout that was not aborted.
 * Source: argoproj/argo-rollouts pkg/apis/rollouts/v1alpha1/types.go.
 */
export const RolloutObject = z.object({
  metadata: z
    .object({
      ...objectMeta,
      resourceVersion: z.string(),
      generation: z.int().default(0),
      annotations: z.object({ [WORKLOAD_GENERATION]: z.string().nullish() }).nullish(),
      managedFields: z.array(z.object({ time: z.string().nullish() })).nullish(),
    })
    .transform(({ managedFields, ...metadata }) => ({ ...metadata, ...lastWritten(managedFields ?? []) })),
  spec: RolloutSpec,
  status: RolloutStatus.nullish().transform((status) => status ?? {}),
});
export type RolloutObject = z.infer<typeof RolloutObject>;
