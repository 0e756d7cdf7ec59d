import type { AnalysisRun, AnalysisTemplate } from './analysis-object.ts';
import { podTemplateHash } from './hash.ts';
import { POD_HASH_LABEL } from './names.ts';
import type { KubeObject, Pod, ReplicaSet, Service } from './objects.ts';
import { findByHash, findStable, others } from './replica-sets.ts';
import type { Rollout, RolloutStatus } from './rollout-object.ts';
import type { RolloutEvent, Write } from './writes.ts';

/** What the controller knows when it looks at one Rollout. */
export interface ReconcileInput {
  rollout: Rollout;
  /** The ReplicaSets this Rollout controls. */
  replicaSets: readonly ReplicaSet[];
  /** The AnalysisRuns this Rollout controls. */
  analysisRuns?: readonly AnalysisRun[];
  /** Services of its namespace. Absent: a canary's services are not looked at; blue-green cannot work without. */
  services?: readonly Service[];
  /** Templates by `name`, those of the cluster by `cluster/name`. Absent: templates are not looked at. */
  templates?: ReadonlyMap<string, AnalysisTemplate>;
  /** Pods of its ReplicaSets; only `spec.restartAt` needs them. */
  pods?: readonly Pod[];
  /** The object that `spec.workloadRef` names. */
  workload?: KubeObject | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/** The runs that `status` names, by what they are for. */
export interface CurrentRuns {
  step?: AnalysisRun | undefined;
  background?: AnalysisRun | undefined;
  prePromotion?: AnalysisRun | undefined;
  postPromotion?: AnalysisRun | undefined;
}

/** What this look decided about pausing and aborting. */
export interface PauseDecisions {
  add: Set<string>;
  remove: Set<string>;
  clear: boolean;
  /** Words behind `Rollout aborted update to revision N`; empty when there are none. */
  abort?: string;
  removeAbort: boolean;
}

/** One look at one Rollout: what is known, what was decided, what is to be written. */
export interface Turn {
  readonly input: ReconcileInput;
  readonly now: number;
  /** As the controller sees it: its own writes of this turn change it, except patches of conditions. */
  rollout: Rollout;
  /** The ReplicaSet of the present template; it exists from the start of the turn on. */
  fresh: ReplicaSet;
  stable: ReplicaSet | undefined;
  all: ReplicaSet[];
  /** All but the new one. */
  older: ReplicaSet[];
  /** All but the new and the stable one. */
  others: ReplicaSet[];
  runs: CurrentRuns;
  otherRuns: AnalysisRun[];
  /** Selectors this turn switched, by service. */
  selected: Map<string, string>;
  /** Parts of the next status that are found on the way. */
  draft: Pick<RolloutStatus, 'restartedAt'> & {
    canary: NonNullable<RolloutStatus['canary']>;
    blueGreen: NonNullable<RolloutStatus['blueGreen']>;
  };
  decisions: PauseDecisions;
  writes: Write[];
  events: RolloutEvent[];
  wakeAfterMs: number | undefined;
}

/** The status as last written. */
export function statusOf(turn: Turn): RolloutStatus {
  return turn.rollout.status ?? {};
}

/** Asks to be called again after so many milliseconds; the soonest wish wins. */
export function wakeAfter(turn: Turn, ms: number): void {
  const wish = Math.max(0, Math.ceil(ms));
  turn.wakeAfterMs = turn.wakeAfterMs === undefined ? wish : Math.min(turn.wakeAfterMs, wish);
}

/** Records a Kubernetes event. */
export function tell(
  turn: Turn,
  reason: string,
  message: string,
  type: RolloutEvent['type'] = 'Normal',
): void {
  turn.events.push({ type, reason, message });
}

/** Whether the Rollout is aborted, after what this turn decided. */
export function isAborted(turn: Turn): boolean {
  if (turn.decisions.removeAbort) return false;
  return turn.decisions.abort !== undefined || statusOf(turn).abort === true;
}

/** The pause condition of this reason. */
export function pauseCondition(turn: Turn, reason: string): { startTime: string } | undefined {
  return statusOf(turn).pauseConditions?.find((condition) => condition.reason === reason);
}

/** Why nothing may be scaled or switched: somebody paused the Rollout, or an analysis was inconclusive. */
export function isHalted(turn: Turn): boolean {
  return turn.rollout.spec.paused === true || pauseCondition(turn, 'InconclusiveAnalysisRun') !== undefined;
}

/** The Service of this name, with the selector this turn may have given it. */
export function serviceNamed(turn: Turn, name: string | undefined): Service | undefined {
  if (name === undefined || name === '') return undefined;
  const service = turn.input.services?.find((one) => one.metadata.name === name);
  const podHash = turn.selected.get(name);
  if (service === undefined || podHash === undefined) return service;
  return {
    ...service,
    spec: { ...service.spec, selector: { ...service.spec.selector, [POD_HASH_LABEL]: podHash } },
  };
}

/** The pod hash a Service selects; empty when it selects none. */
export function selectedHash(service: Service | undefined): string {
  return service?.spec.selector?.[POD_HASH_LABEL] ?? '';
}

/** The ReplicaSet of the Rollout's present template. */
export function findFresh(rollout: Rollout, replicaSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const { template } = rollout.spec;
  return template === undefined ? undefined : findByHash(replicaSets, podTemplateHash(template));
}

/** Begins a turn on a Rollout whose new ReplicaSet exists. */
export function beginTurn(
  input: ReconcileInput,
  fresh: ReplicaSet,
  replicaSets: readonly ReplicaSet[],
): Turn {
  const { rollout } = input;
  const stable = findStable(rollout, replicaSets);
  return {
    input,
    now: input.now,
    rollout,
    fresh,
    stable,
    all: [...replicaSets],
    older: others(replicaSets, [fresh]),
    others: others(replicaSets, [fresh, stable]),
    runs: {},
    otherRuns: [],
    selected: new Map(),
    draft: {
      restartedAt: rollout.status?.restartedAt,
      canary: { weights: rollout.status?.canary?.weights },
      blueGreen: {},
    },
    decisions: { add: new Set(), remove: new Set(), clear: false, removeAbort: false },
    writes: [],
    events: [],
    wakeAfterMs: undefined,
  };
}
