import { isComplete } from './conditions.ts';
import { REASON, WORKLOAD_GENERATION } from './names.ts';
import type { Rollout, RolloutPhase, RolloutStatus } from './rollout-object.ts';
import { isRouted, replicasOf } from './settings.ts';

/** A phase with the words that explain it. */
export interface PhaseAndMessage {
  phase: RolloutPhase;
  message: string;
}

const progressing = (message: string): PhaseAndMessage => ({ phase: 'Progressing', message });

/**
 * The phase the controller writes (`CalculateRolloutPhase`). It knows an abort by its condition only, so it says Degraded
 * one reconcile after somebody set `status.abort`.
 */
export function phaseToWrite(rollout: Rollout, status: RolloutStatus): PhaseAndMessage {
  for (const condition of status.conditions ?? []) {
    if (condition.type === 'InvalidSpec') {
      return { phase: 'Degraded', message: `InvalidSpec: ${condition.message}` };
    }
    if (condition.reason === REASON.aborted || condition.reason === REASON.timedOut) {
      return { phase: 'Degraded', message: `${condition.reason}: ${condition.message}` };
    }
  }
  if (rollout.spec.paused === true) return { phase: 'Paused', message: 'manually paused' };
  const [pause] = status.pauseConditions ?? [];
  if (pause !== undefined) return { phase: 'Paused', message: pause.reason };
  const { restartAt } = rollout.spec;
  if (restartAt !== undefined && Date.parse(restartAt) !== Date.parse(status.restartedAt ?? '')) {
    return progressing('rollout is restarting');
  }
  if ((status.updatedReplicas ?? 0) < replicasOf(rollout)) {
    return progressing('more replicas need to be updated');
  }
  if ((status.availableReplicas ?? 0) < (status.updatedReplicas ?? 0)) {
    return progressing('updated replicas are still becoming available');
  }
  return rollout.spec.strategy.blueGreen === undefined
    ? canaryPhase(rollout, status)
    : blueGreenPhase(rollout, status);
}

function canaryPhase(rollout: Rollout, status: RolloutStatus): PhaseAndMessage {
  if (!isRouted(rollout) && (status.replicas ?? 0) > (status.updatedReplicas ?? 0)) {
    return progressing('old replicas are pending termination');
  }
  if (!isComplete(status)) return progressing('waiting for all steps to complete');
  return { phase: 'Healthy', message: '' };
}

function blueGreenPhase(rollout: Rollout, status: RolloutStatus): PhaseAndMessage {
  const active = status.blueGreen?.activeSelector ?? '';
  if (active === '' || active !== status.currentPodHash) return progressing('active service cutover pending');
  if (isComplete(status)) return { phase: 'Healthy', message: '' };
  const run = status.blueGreen?.postPromotionAnalysisRunStatus?.status;
  const analysisIsOpen = run === undefined || run === '' || run === 'Pending' || run === 'Running';
  if (rollout.spec.strategy.blueGreen?.postPromotionAnalysis !== undefined && analysisIsOpen) {
    return progressing('waiting for analysis to complete');
  }
  return progressing('waiting for post-promotion verification to complete');
}

/** The phase a client should show (`GetRolloutPhase`): what the controller wrote, unless it has yet to see something. */
export function phaseToShow(rollout: Rollout): PhaseAndMessage {
  const status = rollout.status ?? {};
  const observed = Number(status.observedGeneration ?? Number.NaN);
  if (Number.isInteger(observed) && observed < (rollout.metadata.generation ?? 0)) {
    return progressing('waiting for rollout spec update to be observed');
  }
  if (status.controllerPause === true && (status.pauseConditions ?? []).length === 0) {
    return progressing('waiting for rollout to unpause');
  }
  if (rollout.spec.workloadRef !== undefined && !workloadIsObserved(rollout, status)) {
    return progressing('waiting for rollout spec update to be observed for the reference workload');
  }
  return status.phase === undefined
    ? phaseToWrite(rollout, status)
    : { phase: status.phase, message: status.message ?? '' };
}

function workloadIsObserved(rollout: Rollout, status: RolloutStatus): boolean {
  const generation = rollout.metadata.annotations?.[WORKLOAD_GENERATION];
  const observed = Number(status.workloadObservedGeneration ?? Number.NaN);
  return generation === undefined || Number.isNaN(observed) || observed === Number(generation);
}
