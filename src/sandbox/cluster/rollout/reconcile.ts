import { sortRuns } from './analysis.ts';
import { reconcileBlueGreen, scaleBlueGreen } from './blue-green.ts';
import { reconcileCanary, scaleCanary } from './canary.ts';
import { isFullyPromoted } from './canary-weight.ts';
import { findCondition, newCondition, removeCondition, setCondition } from './conditions.ts';
import { DESIRED_REPLICAS, REASON } from './names.ts';
import { announceNewReplicaSet, newReplicaSet, syncRevision } from './new-replica-set.ts';
import type { PodTemplate, ReplicaSet } from './objects.ts';
import { checkPausedConditions, persist } from './persist.ts';
import { phaseToWrite } from './phase.ts';
import { findByHash, totals, wantedOf } from './replica-sets.ts';
import type { Rollout, RolloutStatus } from './rollout-object.ts';
import { writeSelectors } from './services.ts';
import { replicasOf } from './settings.ts';
import { statusPatch, tidyStatus } from './status-fields.ts';
import { beginTurn, findFresh, isAborted, type ReconcileInput, statusOf, type Turn } from './turn.ts';
import { findFault } from './validate.ts';
import { type Resolved, resolveWorkload } from './workload.ts';
import type { RolloutEvent, Write } from './writes.ts';

/** What one look at a Rollout comes to. */
export interface Reconciled {
  /** In the order in which they are to be made. Empty: nothing to do. */
  writes: Write[];
  events: RolloutEvent[];
  /** Look again after so many milliseconds even if nothing changes; absent: only on a change. */
  wakeAfterMs: number | undefined;
}

/** An invalid Rollout is looked at again, because what it names may have come meanwhile (argo-rollouts `syncHandler`). */
const LOOK_AGAIN_AT_INVALID_MS = 20_000;

/**
 * The Argo Rollouts controller (v1.9.1) as a pure function: one reconcile of one Rollout. Whoever calls it makes the writes,
 * and calls again on every change of the Rollout, its ReplicaSets and its AnalysisRuns, as the controller does.
 * Not covered: experiments, step plugins, ping-pong services, injected anti-affinity and metadata, ALB verification.
 */
export function reconcileRollout(given: ReconcileInput): Reconciled {
  const resolved = resolveWorkload(given.rollout, given.workload);
  const input = { ...given, rollout: resolved.rollout };
  if (input.rollout.metadata.deletionTimestamp !== undefined) return nothing();
  const fault = resolved.fault ?? findFault(input);
  const { template } = input.rollout.spec;
  if (fault !== undefined || template === undefined) {
    return reportFault(input, fault ?? 'spec.template: Required value');
  }
  const turn = openTurn(input, template, resolved);
  if (given.rollout.spec.replicas === undefined) {
    turn.writes.push({ kind: 'rollout.scale', replicas: replicasOf(given.rollout) });
    return outcome(turn);
  }
  look(turn);
  return outcome(turn);
}

function nothing(): Reconciled {
  return { writes: [], events: [], wakeAfterMs: undefined };
}

function outcome({ writes, events, wakeAfterMs }: Turn): Reconciled {
  return { writes, events, wakeAfterMs };
}

/** Begins the turn, with the new ReplicaSet made when nobody has made it yet. */
function openTurn(input: ReconcileInput, template: PodTemplate, resolved: Resolved): Turn {
  const found = findFresh(input.rollout, input.replicaSets);
  const rollout = { ...input.rollout, spec: { ...input.rollout.spec, template } };
  const fresh = found ?? newReplicaSet(rollout, input.replicaSets, input.now);
  const turn = beginTurn(
    input,
    fresh,
    found === undefined ? [...input.replicaSets, fresh] : input.replicaSets,
  );
  if (resolved.annotations !== undefined) {
    turn.writes.push({ kind: 'rollout.annotate', annotations: resolved.annotations });
  }
  if (found === undefined) announceNewReplicaSet(turn);
  sortRuns(turn, input.analysisRuns ?? []);
  if (isFullyPromoted(turn.rollout) && isAborted(turn)) turn.decisions.removeAbort = true;
  return turn;
}

function look(turn: Turn): void {
  checkPausedConditions(turn);
  syncRevision(turn);
  if (isScalingEvent(turn)) scaleOnly(turn);
  else if (turn.rollout.spec.strategy.blueGreen !== undefined) reconcileBlueGreen(turn);
  else reconcileCanary(turn);
  writeSelectors(turn);
}

/** Whether somebody changed `spec.replicas`: then pods are brought to number first, and the update goes on later. */
function isScalingEvent(turn: Turn): boolean {
  const wanted = replicasOf(turn.rollout);
  const isOutdated = (replicaSet: ReplicaSet | undefined): boolean => {
    const noted = replicaSet?.metadata.annotations?.[DESIRED_REPLICAS];
    return (
      replicaSet !== undefined && wantedOf(replicaSet) > 0 && noted !== undefined && Number(noted) !== wanted
    );
  };
  return isOutdated(turn.fresh) || isOutdated(turn.stable);
}

function scaleOnly(turn: Turn): void {
  const next = tidyStatus(statusOf(turn));
  let counted: readonly ReplicaSet[] = turn.all;
  if (turn.rollout.spec.strategy.blueGreen === undefined) {
    scaleCanary(turn);
  } else {
    scaleBlueGreen(turn);
    const active = findByHash(turn.all, next.blueGreen?.activeSelector ?? '');
    if (active !== undefined) counted = [active];
  }
  const { created, available } = totals(counted);
  next.HPAReplicas = created;
  next.availableReplicas = available;
  persist(turn, next);
}

/** An invalid spec stops everything but the condition that says so. */
function reportFault(input: ReconcileInput, fault: string): Reconciled {
  const { rollout, now } = input;
  const before = rollout.status ?? {};
  const message = `The Rollout "${rollout.metadata.name}" is invalid: ${fault}`;
  const wakeAfterMs = LOOK_AGAIN_AT_INVALID_MS;
  const known = findCondition(before, 'InvalidSpec');
  const isObserved = before.observedGeneration === String(rollout.metadata.generation);
  if (isObserved && known?.message === message) return { ...nothing(), wakeAfterMs };
  const next = tidyStatus(before);
  if (known?.message !== message) removeCondition(next, 'InvalidSpec');
  setCondition(next, newCondition('InvalidSpec', 'True', { reason: REASON.invalidSpec, message, now }));
  return { ...nothing(), writes: faultWrites(rollout, before, next), wakeAfterMs };
}

function faultWrites(rollout: Rollout, before: RolloutStatus, next: RolloutStatus): Write[] {
  const status = { ...next, observedGeneration: String(rollout.metadata.generation ?? 0) };
  const patch = statusPatch(before, { ...status, ...phaseToWrite(rollout, status) });
  return patch === undefined ? [] : [{ kind: 'rollout.status', patch }];
}
