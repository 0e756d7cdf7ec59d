import type { AnalysisRunObject } from './objects/analysis-run-object.ts';
import type { ApplicationObject } from './objects/application-object.ts';
import type { PodObject } from './objects/pod-object.ts';
import type { ReplicaSetObject } from './objects/replica-set-object.ts';
import type { RolloutObject } from './objects/rollout-object.ts';
import type { WorkloadObject } from './objects/workload-object.ts';
import { phaseOf } from './phase.ts';
import type { ReplicaSetView, RolloutView } from './rollout-view.ts';
import { canarySteps } from './steps.ts';
import { weightsOf } from './weights.ts';

/** Objects of a namespace; those of other owners are left out by uid, so whole lists may be given. */
export interface RolloutParts {
  rollout: RolloutObject;
  replicaSets: readonly ReplicaSetObject[];
  pods: readonly PodObject[];
  analysisRuns: readonly AnalysisRunObject[];
  /** Absent: no Argo CD here. */
  application?: Pick<ApplicationObject, 'sync' | 'health' | 'revision' | 'message'>;
  /** The object of `spec.workloadRef`; absent: the images are those of the current ReplicaSet. */
  workload?: Pick<WorkloadObject, 'images' | 'generation'>;
}

/** A Rollout with what belongs to it, as decisions and people need it. */
export function rolloutView(parts: RolloutParts): RolloutView {
  const { rollout } = parts;
  const { metadata, spec, status } = rollout;
  const replicaSets = parts.replicaSets.filter((each) => each.rollout === metadata.uid);
  const currentPodHash = status.currentPodHash ?? '';
  return {
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    generation: metadata.generation,
    ...(metadata.writtenAt !== undefined && { writtenAt: metadata.writtenAt }),
    ...phaseOf(rollout),
    ...strategyOf(rollout, replicaSets),
    currentPodHash,
    stablePodHash: status.stableRS ?? '',
    abort: status.abort ?? false,
    promoteFull: status.promoteFull ?? false,
    pausedBySpec: spec.paused ?? false,
    controllerPause: status.controllerPause ?? false,
    pauses: status.pauseConditions ?? [],
    desiredReplicas: spec.replicas ?? 1,
    availableReplicas: status.availableReplicas ?? 0,
    updatedReplicas: status.updatedReplicas ?? 0,
    images: presentImages(parts, replicaSets),
    replicaSets: replicaSets
      .map((each) => replicaSetView(each, parts.pods))
      .sort((a, b) => b.revision - a.revision),
    analysisRuns: analysisRunsOf(parts),
    ...(spec.workloadRef && { workloadRef: spec.workloadRef }),
    ...(parts.application && { application: applicationOf(parts.application) }),
  };
}

type StrategyFields = Pick<
  RolloutView,
  'strategy' | 'steps' | 'stepIndex' | 'weight' | 'desiredWeight' | 'activePodHash' | 'autoPromotion'
>;

function strategyOf(rollout: RolloutObject, replicaSets: readonly ReplicaSetObject[]): StrategyFields {
  const { spec, status } = rollout;
  const weights = weightsOf(rollout, replicaSets);
  if (weights) {
    const steps = canarySteps(rollout);
    return {
      strategy: 'canary',
      steps,
      weight: weights.actual,
      desiredWeight: weights.desired,
      ...(steps.length > 0 &&
        typeof status.currentStepIndex === 'number' && { stepIndex: status.currentStepIndex }),
    };
  }
  const blueGreen = spec.strategy?.blueGreen;
  if (!blueGreen) return { strategy: 'none', steps: [] };
  const activePodHash = status.blueGreen?.activeSelector;
  return {
    strategy: 'blueGreen',
    steps: [],
    autoPromotion: blueGreen.autoPromotionEnabled ?? true,
    ...(activePodHash && { activePodHash }),
  };
}

function presentImages(
  parts: RolloutParts,
  replicaSets: readonly ReplicaSetObject[],
): Record<string, string> {
  const { spec, status } = parts.rollout;
  if (!spec.workloadRef) return spec.template;
  if (parts.workload) return parts.workload.images;
  return replicaSets.find(({ podHash }) => podHash === status.currentPodHash)?.images ?? {};
}

function replicaSetView(replicaSet: ReplicaSetObject, pods: readonly PodObject[]): ReplicaSetView {
  const { podHash, revision, images, replicas, leaving, uid } = replicaSet;
  const readyPods = pods
    .filter((pod) => pod.ready && pod.replicaSet === uid)
    .map(({ name, digests }) => ({ name, digests }))
    .sort(byName);
  return { podHash, revision, images, replicas, leaving, readyPods };
}

function analysisRunsOf({ rollout, analysisRuns }: RolloutParts): RolloutView['analysisRuns'] {
  const { metadata, status } = rollout;
  return analysisRuns
    .filter(
      (run) =>
        run.rollout === metadata.uid &&
        (run.podHash === status.currentPodHash || run.podHash === status.stableRS),
    )
    .map(({ name, type, phase, message, podHash, step }) => ({
      name,
      type,
      phase,
      message,
      podHash,
      ...(step !== undefined && { step }),
    }))
    .sort(byName);
}

/** Lists and watches give objects in orders of their own; a view must not change with them. */
function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function applicationOf(
  application: NonNullable<RolloutParts['application']>,
): NonNullable<RolloutView['application']> {
  const { sync, health, revision, message } = application;
  return { sync, health, revision, ...(message !== undefined && { message }) };
}
