import { z } from 'zod';
import { controlledBy, objectMeta, templateImages } from './metadata.ts';

/** Label that the controller puts on the ReplicaSets, pods and AnalysisRuns of a Rollout. */
export const POD_HASH_LABEL = 'rollouts-pod-template-hash';
const REVISION = 'rollout.argoproj.io/revision';
/** Set while a ReplicaSet that no longer serves waits to be scaled down; an RFC 3339 time. */
const SCALE_DOWN_DEADLINE = 'scale-down-deadline';

/**
 * What we read of a ReplicaSet, flat, because a cluster holds ten of them for each Rollout.
 * Source of the annotations: argoproj/argo-rollouts pkg/apis/rollouts/v1alpha1/types.go, utils/annotations.
 */
export const ReplicaSetObject = z
  .object({
    metadata: z.object({
      ...objectMeta,
      ownerReferences: controlledBy('Rollout'),
      labels: z.object({ [POD_HASH_LABEL]: z.string().nullish() }).nullish(),
      annotations: z
        .object({ [REVISION]: z.string().nullish(), [SCALE_DOWN_DEADLINE]: z.string().nullish() })
        .nullish(),
    }),
    spec: z.object({ replicas: z.int().nullish(), template: templateImages }),
    status: z.object({ replicas: z.int().nullish(), availableReplicas: z.int().nullish() }).nullish(),
  })
  .transform(({ metadata, spec, status }) => ({
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    /** Uid of the Rollout; absent for a ReplicaSet of something else. */
    rollout: metadata.ownerReferences,
    podHash: metadata.labels?.[POD_HASH_LABEL] ?? '',
    /** 0 where the controller has not numbered it yet. */
    revision: Number.parseInt(metadata.annotations?.[REVISION] ?? '0', 10) || 0,
    leaving: (metadata.annotations?.[SCALE_DOWN_DEADLINE] ?? '') !== '',
    images: spec.template,
    replicas: status?.replicas ?? 0,
    availableReplicas: status?.availableReplicas ?? 0,
  }));
export type ReplicaSetObject = z.infer<typeof ReplicaSetObject>;
