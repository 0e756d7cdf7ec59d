import { currentStep } from './canary-weight.ts';
import { findCondition, isHealthy, newCondition, setCondition } from './conditions.ts';
import { type PAUSE, REASON, WORKLOAD_GENERATION } from './names.ts';
import { phaseToWrite } from './phase.ts';
import type { PauseCondition, RolloutCondition, RolloutStatus } from './rollout-object.ts';
import { progressDeadlineSeconds } from './settings.ts';
import { statusPatch, tidyStatus } from './status-fields.ts';
import { timestamp } from './time.ts';
import { statusOf, type Turn, tell, wakeAfter } from './turn.ts';

/** Ends a turn: pauses and abort as decided, observed generation, phase, and one merge patch if anything changed. */
export function persist(turn: Turn, next: RolloutStatus): void {
  const before = statusOf(turn);
  applyDecisions(turn, next);
  const { spec, metadata } = turn.rollout;
  next.workloadObservedGeneration =
    spec.workloadRef === undefined ? undefined : metadata.annotations?.[WORKLOAD_GENERATION];
  const patch = finish(turn, before, next);
  if (patch === undefined) {
    wakeBeforeDeadline(turn, next);
    return;
  }
  turn.writes.push({ kind: 'rollout.status', patch });
  tellPauses(turn, before, next);
}

/**
 * Writes conditions ahead of the turn's own status, as the controller does for pause, resume and retry. The turn goes on with
 * the old status in hand, so a later write of this turn may hide them until the next look: as in the real one.
 */
export function persistConditions(turn: Turn, conditions: readonly RolloutCondition[]): void {
  if (conditions.length === 0) return;
  const before = statusOf(turn);
  const next = tidyStatus(before);
  for (const condition of conditions) setCondition(next, condition);
  const patch = finish(turn, before, next);
  if (patch !== undefined) turn.writes.push({ kind: 'rollout.status', patch });
}

function finish(turn: Turn, before: RolloutStatus, next: RolloutStatus): Record<string, unknown> | undefined {
  const { rollout } = turn;
  next.observedGeneration = String(rollout.metadata.generation ?? 0);
  const { phase, message } = phaseToWrite(rollout, next);
  next.phase = phase;
  next.message = message;
  return statusPatch(before, next);
}

/** An abort clears every pause; otherwise pauses are kept, added and removed, and none at all ends the controller's pause. */
function applyDecisions(turn: Turn, next: RolloutStatus): void {
  const before = statusOf(turn);
  const { abort, removeAbort, clear } = turn.decisions;
  if (abort !== undefined || (!removeAbort && before.abort === true)) {
    next.abort = true;
    next.abortedAt = before.abortedAt ?? timestamp(turn.now);
    return;
  }
  next.abort = false;
  next.abortedAt = undefined;
  if (clear) return;
  const pauses = pausesAfter(turn, before.pauseConditions ?? []);
  if (pauses.conditions.length === 0) return;
  next.pauseConditions = pauses.conditions;
  next.controllerPause = pauses.added || before.controllerPause === true;
}

function pausesAfter(
  turn: Turn,
  before: readonly PauseCondition[],
): { conditions: PauseCondition[]; added: boolean } {
  const { add, remove } = turn.decisions;
  const conditions = before.filter(({ reason }) => !remove.has(reason));
  const fresh = [...add].filter((reason) => !before.some((condition) => condition.reason === reason));
  for (const reason of fresh) conditions.push({ reason, startTime: timestamp(turn.now) });
  return { conditions, added: fresh.length > 0 };
}

function tellPauses(turn: Turn, before: RolloutStatus, next: RolloutStatus): void {
  const wasPaused = (before.pauseConditions ?? []).length > 0;
  const [pause] = next.pauseConditions ?? [];
  if (wasPaused === (pause !== undefined)) return;
  if (pause !== undefined) tell(turn, REASON.paused, `Rollout is paused (${pause.reason})`);
  else if (next.abortedAt === undefined) tell(turn, REASON.resumed, 'Rollout is resumed');
}

/** A stuck Rollout is looked at again when its deadline has passed; one that waits on purpose is not stuck. */
function wakeBeforeDeadline(turn: Turn, next: RolloutStatus): void {
  const progressing = findCondition(statusOf(turn), 'Progressing');
  if (progressing === undefined || progressing.reason === REASON.timedOut) return;
  if (isHealthy(turn.rollout, next) || isPaused(turn) || statusOf(turn).abort === true) return;
  if (isIndefinite(turn)) return;
  const deadlineMs = Date.parse(progressing.lastUpdateTime) + progressDeadlineSeconds(turn.rollout) * 1000;
  wakeAfter(turn, deadlineMs - turn.now + 1000);
}

/** Whether the Rollout is paused, by its spec or by the controller. */
export function isPaused(turn: Turn): boolean {
  return turn.rollout.spec.paused === true || (statusOf(turn).pauseConditions ?? []).length > 0;
}

/** Whether the Rollout is at a step that takes as long as it takes, so that no deadline runs. */
export function isIndefinite(turn: Turn): boolean {
  const { step } = currentStep(turn.rollout);
  if (step?.experiment !== undefined || step?.analysis !== undefined || step?.pause !== undefined)
    return true;
  return findCondition(statusOf(turn), 'Paused')?.status === 'True';
}

/** Keeps the Progressing and Paused conditions in step with pauses, resumes and retries. */
export function checkPausedConditions(turn: Turn): void {
  const status = statusOf(turn);
  const progressing = findCondition(status, 'Progressing');
  const paused = isPaused(turn);
  const aborted = progressing?.reason === REASON.aborted;
  const isCompleted = (status.stableRS ?? '') !== '' && status.stableRS === status.currentPodHash;
  const conditions: RolloutCondition[] = [];
  const progress = (reason: string, message: string): void => {
    conditions.push(newCondition('Progressing', 'Unknown', { reason, message, now: turn.now }));
  };
  if (paused !== (progressing?.reason === REASON.paused) && !aborted && !isCompleted) {
    if (paused) progress(REASON.paused, 'Rollout is paused');
    else progress(REASON.resumed, 'Rollout is resumed');
  }
  if (status.abort !== true && aborted) progress(REASON.retry, 'Retrying Rollout after abort');
  if (paused !== (findCondition(status, 'Paused')?.status === 'True') && !aborted) {
    const text = { reason: REASON.paused, message: 'Rollout is paused', now: turn.now };
    conditions.push(newCondition('Paused', paused ? 'True' : 'False', text));
  }
  persistConditions(turn, conditions);
}

/** Whether a pause that the controller made has been cleared by somebody. */
export function wasUnpaused(turn: Turn, reason: (typeof PAUSE)[keyof typeof PAUSE]): boolean {
  const status = statusOf(turn);
  return status.controllerPause === true && !status.pauseConditions?.some((one) => one.reason === reason);
}
