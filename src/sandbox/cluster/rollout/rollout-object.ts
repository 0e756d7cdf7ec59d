import type { AnalysisArgument, AnalysisPhase, DryRun } from './analysis-object.ts';
import type { KubeObject, LabelSelector, PodTemplate } from './objects.ts';

/** Names of templates and the arguments they get. */
export interface RolloutAnalysis {
  templates?: { templateName: string; clusterScope?: boolean | undefined }[] | undefined;
  args?: AnalysisArgument[] | undefined;
  dryRun?: DryRun[] | undefined;
  analysisRunMetadata?:
    | { labels?: Record<string, string> | undefined; annotations?: Record<string, string> | undefined }
    | undefined;
}

/** One step of a canary; exactly one member is set. */
export interface CanaryStep {
  setWeight?: number | undefined;
  /** No duration: waits for somebody. A number is seconds; a string is seconds or a Go duration (`1m30s`). */
  pause?: { duration?: number | string | undefined } | undefined;
  analysis?: RolloutAnalysis | undefined;
  setCanaryScale?:
    | { weight?: number | undefined; replicas?: number | undefined; matchTrafficWeight?: boolean | undefined }
    | undefined;
  experiment?: unknown;
  setHeaderRoute?: { name: string } | undefined;
  setMirrorRoute?: { name: string } | undefined;
  plugin?: { name: string } | undefined;
}

/** `spec.strategy.canary`. Percentages are strings such as `25%`; delays are seconds, and a delay of zero means never for aborts. */
export interface CanaryStrategy {
  steps?: CanaryStep[] | undefined;
  canaryService?: string | undefined;
  stableService?: string | undefined;
  /** Absent: the basic canary, whose weight is its share of the pods. */
  trafficRouting?: { maxTrafficWeight?: number | undefined; [router: string]: unknown } | undefined;
  maxSurge?: number | string | undefined;
  maxUnavailable?: number | string | undefined;
  analysis?: (RolloutAnalysis & { startingStep?: number | undefined }) | undefined;
  dynamicStableScale?: boolean | undefined;
  scaleDownDelaySeconds?: number | undefined;
  scaleDownDelayRevisionLimit?: number | undefined;
  abortScaleDownDelaySeconds?: number | undefined;
  minPodsPerReplicaSet?: number | undefined;
}

/** `spec.strategy.blueGreen`. */
export interface BlueGreenStrategy {
  activeService: string;
  previewService?: string | undefined;
  previewReplicaCount?: number | undefined;
  autoPromotionEnabled?: boolean | undefined;
  autoPromotionSeconds?: number | undefined;
  maxUnavailable?: number | string | undefined;
  scaleDownDelaySeconds?: number | undefined;
  scaleDownDelayRevisionLimit?: number | undefined;
  abortScaleDownDelaySeconds?: number | undefined;
  prePromotionAnalysis?: RolloutAnalysis | undefined;
  postPromotionAnalysis?: RolloutAnalysis | undefined;
}

/** `spec` of a Rollout. `replicas` and `progressDeadlineSeconds` default to 1 and 600. */
export interface RolloutSpec {
  replicas?: number | undefined;
  selector?: LabelSelector | undefined;
  template?: PodTemplate | undefined;
  workloadRef?:
    | { apiVersion: string; kind: string; name: string; scaleDown?: string | undefined }
    | undefined;
  strategy: { canary?: CanaryStrategy | undefined; blueGreen?: BlueGreenStrategy | undefined };
  paused?: boolean | undefined;
  minReadySeconds?: number | undefined;
  revisionHistoryLimit?: number | undefined;
  progressDeadlineSeconds?: number | undefined;
  progressDeadlineAbort?: boolean | undefined;
  restartAt?: string | undefined;
  rollbackWindow?: { revisions?: number | undefined } | undefined;
  analysis?:
    | { successfulRunHistoryLimit?: number | undefined; unsuccessfulRunHistoryLimit?: number | undefined }
    | undefined;
}

/** One condition; a list holds at most one of each type. */
export interface RolloutCondition {
  type: 'InvalidSpec' | 'Available' | 'Progressing' | 'Paused' | 'Healthy' | 'Completed' | 'ReplicaFailure';
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  lastUpdateTime: string;
  lastTransitionTime: string;
}

/** Why and since when (RFC 3339, whole seconds) the controller holds a Rollout. */
export interface PauseCondition {
  reason: string;
  startTime: string;
}

/** What a Rollout remembers of an AnalysisRun. */
export interface RunStatus {
  name: string;
  status: AnalysisPhase;
  message?: string | undefined;
}

/** A share of the traffic (percent, or parts of `maxTrafficWeight`) and who gets it. */
export interface WeightDestination {
  weight: number;
  serviceName?: string | undefined;
  podTemplateHash?: string | undefined;
}

/** How the traffic router splits. */
export interface TrafficWeights {
  canary: WeightDestination;
  stable: WeightDestination;
  verified?: boolean | undefined;
}

/** The four phases a Rollout can show. */
export type RolloutPhase = 'Healthy' | 'Progressing' | 'Paused' | 'Degraded';

/** `status` of a Rollout; as in Go, a zero value is absent. */
export interface RolloutStatus {
  abort?: boolean | undefined;
  abortedAt?: string | undefined;
  pauseConditions?: PauseCondition[] | null | undefined;
  controllerPause?: boolean | undefined;
  currentPodHash?: string | undefined;
  currentStepHash?: string | undefined;
  currentStepIndex?: number | undefined;
  replicas?: number | undefined;
  updatedReplicas?: number | undefined;
  readyReplicas?: number | undefined;
  availableReplicas?: number | undefined;
  HPAReplicas?: number | undefined;
  /** A string, unlike everywhere else in Kubernetes. */
  observedGeneration?: string | undefined;
  workloadObservedGeneration?: string | undefined;
  conditions?: RolloutCondition[] | undefined;
  canary?:
    | {
        weights?: TrafficWeights | undefined;
        currentStepAnalysisRunStatus?: RunStatus | undefined;
        currentBackgroundAnalysisRunStatus?: RunStatus | undefined;
      }
    | undefined;
  blueGreen?:
    | {
        activeSelector?: string | undefined;
        previewSelector?: string | undefined;
        scaleUpPreviewCheckPoint?: boolean | undefined;
        prePromotionAnalysisRunStatus?: RunStatus | undefined;
        postPromotionAnalysisRunStatus?: RunStatus | undefined;
      }
    | undefined;
  selector?: string | undefined;
  stableRS?: string | undefined;
  restartedAt?: string | undefined;
  promoteFull?: boolean | undefined;
  phase?: RolloutPhase | undefined;
  message?: string | undefined;
}

/** `argoproj.io/v1alpha1` Rollout. */
export interface Rollout extends KubeObject {
  spec: RolloutSpec;
  status?: RolloutStatus | undefined;
}
