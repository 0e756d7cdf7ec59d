import { type RolloutObject, WORKLOAD_GENERATION } from './objects/rollout-object.ts';
import type { RolloutView } from './rollout-view.ts';

/** A Rollout's phase with Argo's own message. */
export interface RolloutPhase {
  phase: RolloutView['phase'];
  message: string;
  /** Whether the controller has seen the present spec; before that, no field of the status is about it. */
  observed: boolean;
}

/**
 * The phase as every Argo client computes it; the controller's own `status.phase` alone is wrong for the moment between
 * a write and the controller's look at it.
 * Source: `GetRolloutPhase` of argoproj/argo-rollouts utils/rollout/rolloututil.go, order and messages.
 */
export function phaseOf(rollout: RolloutObject): RolloutPhase {
  if (!generationObserved(rollout)) return unobserved('waiting for rollout spec update to be observed');
  const { status } = rollout;
  if (status.controllerPause && (status.pauseConditions ?? []).length === 0) {
    return { phase: 'Progressing', message: 'waiting for rollout to unpause', observed: true };
  }
  if (!workloadObserved(rollout)) {
    return unobserved('waiting for rollout spec update to be observed for the reference workload');
  }
  if (status.phase) return { phase: status.phase, message: status.message ?? '', observed: true };
  return { ...calculatePhase(rollout), observed: true };
}

function unobserved(message: string): RolloutPhase {
  return { phase: 'Progressing', message, observed: false };
}

/** A number of its own or a text that is no number (controllers before 0.10 wrote a hash) counts as observed. */
function generationObserved({ metadata, status }: RolloutObject): boolean {
  const text = status.observedGeneration ?? '';
  return !/^[+-]?\d+$/.test(text) || Number(text) >= metadata.generation;
}

function workloadObserved({ metadata, spec, status }: RolloutObject): boolean {
  const wanted = metadata.annotations?.[WORKLOAD_GENERATION] ?? '';
  const seen = status.workloadObservedGeneration ?? '';
  if (!spec.workloadRef || !/^\d+$/.test(wanted) || !/^\d+$/.test(seen)) return true;
  return Number(seen) === Number(wanted);
}

/**
 * `CalculateRolloutPhase`, for Rollouts whose controller has not written a phase yet. Messages are Argo's.
 */
function calculatePhase(rollout: RolloutObject): { phase: RolloutView['phase']; message: string } {
  const { spec, status } = rollout;
  const degraded = (status.conditions ?? []).find(
    ({ type, reason }) =>
      type === 'InvalidSpec' || reason === 'RolloutAborted' || reason === 'ProgressDeadlineExceeded',
  );
  if (degraded) {
    const label = degraded.type === 'InvalidSpec' ? 'InvalidSpec' : degraded.reason;
    return { phase: 'Degraded', message: `${label}: ${degraded.message ?? ''}` };
  }
  if (spec.paused) return { phase: 'Paused', message: 'manually paused' };
  const [pause] = status.pauseConditions ?? [];
  if (pause) return { phase: 'Paused', message: pause.reason };
  const message = unfinished(rollout);
  return message === undefined ? { phase: 'Healthy', message: '' } : { phase: 'Progressing', message };
}

function unfinished({ spec, status }: RolloutObject): string | undefined {
  const updated = status.updatedReplicas ?? 0;
  if (spec.restartAt && !sameInstant(spec.restartAt, status.restartedAt)) return 'rollout is restarting';
  if (updated < (spec.replicas ?? 1)) return 'more replicas need to be updated';
  if ((status.availableReplicas ?? 0) < updated) return 'updated replicas are still becoming available';
  const promoted = Boolean(status.stableRS) && status.stableRS === status.currentPodHash;
  const { blueGreen, canary } = spec.strategy ?? {};
  if (blueGreen) {
    const active = status.blueGreen?.activeSelector;
    if (!active || active !== status.currentPodHash) return 'active service cutover pending';
    if (promoted) return undefined;
    return awaitsAnalysis(blueGreen, status.blueGreen)
      ? 'waiting for analysis to complete'
      : 'waiting for post-promotion verification to complete';
  }
  if (!canary) return undefined;
  if (!canary.trafficRouting && (status.replicas ?? 0) > updated)
    return 'old replicas are pending termination';
  return promoted ? undefined : 'waiting for all steps to complete';
}

/** Phases of an analysis that goes on no more. */
const COMPLETED = ['Successful', 'Failed', 'Error', 'Inconclusive'];

function awaitsAnalysis(
  { postPromotionAnalysis }: { postPromotionAnalysis?: unknown },
  status: RolloutObject['status']['blueGreen'],
): boolean {
  if (postPromotionAnalysis === undefined || postPromotionAnalysis === null) return false;
  return !COMPLETED.includes(status?.postPromotionAnalysisRunStatus?.status ?? '');
}

function sameInstant(a: string, b: string | null | undefined): boolean {
  return Boolean(b) && Date.parse(a) === Date.parse(b ?? '');
}
