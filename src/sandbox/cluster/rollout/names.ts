/** Label that ties ReplicaSets, pods, services and runs to one pod template of a Rollout. */
export const POD_HASH_LABEL = 'rollouts-pod-template-hash';

/** Annotation of the Rollout and its ReplicaSets: which update this is. */
export const REVISION = 'rollout.argoproj.io/revision';

/** Annotation of a ReplicaSet: the numbers it had before it was rolled back to. */
export const REVISION_HISTORY = 'rollout.argoproj.io/revision-history';

/** Annotation of a ReplicaSet: `spec.replicas` of the Rollout when it was last scaled. */
export const DESIRED_REPLICAS = 'rollout.argoproj.io/desired-replicas';

/** Annotation of a Rollout: generation of the workload that `spec.workloadRef` names. */
export const WORKLOAD_GENERATION = 'rollout.argoproj.io/workload-generation';

/** Annotation of a Service: the one Rollout that may switch its selector. */
export const MANAGED_BY = 'argo-rollouts.argoproj.io/managed-by-rollouts';

/** Annotation of a ReplicaSet: when it will be scaled to zero (RFC 3339). */
export const SCALE_DOWN_DEADLINE = 'scale-down-deadline';

/** What `kubectl apply` keeps on an object; never copied to a ReplicaSet. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Label of an AnalysisRun: Step, Background, PrePromotion or PostPromotion. */
export const ROLLOUT_TYPE_LABEL = 'rollout-type';

/** Label of a step's AnalysisRun. */
export const STEP_INDEX_LABEL = 'step-index';

/** Reasons for a pause, as the controller writes them. */
export const PAUSE = {
  canaryStep: 'CanaryPauseStep',
  blueGreen: 'BlueGreenPause',
  inconclusive: 'InconclusiveAnalysisRun',
} as const;

/** Reasons of conditions and events (argo-rollouts v1.9.1, `utils/conditions/conditions.go`). */
export const REASON = {
  aborted: 'RolloutAborted',
  available: 'AvailableReason',
  completed: 'RolloutCompleted',
  foundNewReplicaSet: 'FoundNewReplicaSet',
  healthy: 'RolloutHealthy',
  invalidSpec: 'InvalidSpec',
  newReplicaSet: 'NewReplicaSetCreated',
  newReplicaSetAvailable: 'NewReplicaSetAvailable',
  notCompleted: 'RolloutNotCompleted',
  paused: 'RolloutPaused',
  replicaSetNotAvailable: 'ReplicaSetNotAvailable',
  replicaSetUpdated: 'ReplicaSetUpdated',
  resumed: 'RolloutResumed',
  retry: 'RolloutRetry',
  scaling: 'ScalingReplicaSet',
  stepCompleted: 'RolloutStepCompleted',
  timedOut: 'ProgressDeadlineExceeded',
  updated: 'RolloutUpdated',
  weightUpdated: 'TrafficWeightUpdated',
} as const;
