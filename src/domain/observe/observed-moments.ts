import type { Moment, PlannedGate } from '../gate/planned-gate.ts';
import type { GateAtMoment } from '../release/look.ts';
import type { RolloutView } from '../rollout/rollout-view.ts';
import type { ObservedChange } from './observed-change.ts';

/** A moment with what a gate's query needs of it. */
export interface ObservedMoment {
  moment: Moment;
  namespace: string;
  stablePodHash: string;
}

/** The pause at which a canary stands; absent while it stands at none. */
export function pauseSeen(
  view: RolloutView,
  at: { placement: string; namespace: string },
): ObservedMoment | undefined {
  const [pause] = view.pauses;
  if (view.phase !== 'Paused' || pause === undefined || view.abort) return undefined;
  return {
    moment: {
      placement: at.placement,
      podHash: view.currentPodHash,
      step: view.stepIndex ?? 0,
      since: pause.startTime,
    },
    namespace: at.namespace,
    stablePodHash: view.stablePodHash,
  };
}

/**
 * The gates that are to be judged at the moments seen so far, and have not spoken: at pauses those of the canary, once it serves those
 * that ask for it and those that no pause was there for. Nobody here can be asked, so manual ones are left out; which step a gate
 * belongs to only a release document says, so such gates speak at the end.
 */
export function gatesToJudge(
  change: ObservedChange,
  { gates, moments }: { gates: readonly PlannedGate[]; moments: readonly ObservedMoment[] },
): GateAtMoment[] {
  const measured = gates.filter(({ type }) => type !== 'manual');
  return moments.flatMap((seen) => {
    const { moment } = seen;
    const due = measured.filter((gate) =>
      moment.step === 'postDeploy'
        ? gate.phase !== 'canary' || !hadPause(moments, moment.placement)
        : gate.phase === 'canary',
    );
    return due
      .filter((gate) => !hasSpoken(change, gate, moment))
      .map((gate) => ({ gate, service: change.service, ...seen }));
  });
}

function hadPause(moments: readonly ObservedMoment[], placement: string): boolean {
  return moments.some(({ moment }) => moment.placement === placement && moment.step !== 'postDeploy');
}

function hasSpoken(change: ObservedChange, gate: PlannedGate, moment: Moment): boolean {
  return change.judgements.some(
    (said) =>
      said.gate === gate.name &&
      said.moment.placement === moment.placement &&
      said.moment.podHash === moment.podHash &&
      said.moment.step === moment.step &&
      said.moment.since === moment.since,
  );
}
