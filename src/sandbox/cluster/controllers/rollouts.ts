import type { StoreEvent } from '../api/event-log.ts';
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
  resourceOfKind,
  SERVICES,
} from '../api/resources.ts';
import type { AnalysisTemplate } from '../rollout/analysis-object.ts';
import type { KubeObject } from '../rollout/objects.ts';
import { reconcileRollout } from '../rollout/reconcile.ts';
import type { Rollout } from '../rollout/rollout-object.ts';
import type { ReconcileInput } from '../rollout/turn.ts';
import {
  type Controller,
  type ControllerContext,
  controllerKey,
  isControlledBy,
  keyOf,
  partsOf,
} from './controller.ts';
import { recordEvent } from './events.ts';
import { makeWrite } from './rollout-writes.ts';
import { createWorkQueue } from './work-queue.ts';

/** The Rollouts controller, which can be made to miss something. */
export interface RolloutsController extends Controller {
  /**
   * Makes it miss the next change of a Rollout, until something else makes it look. The real one does: a write that comes
   * while it works on its own last one is covered by the older copy that it puts back into its cache (argo-rollouts 1.9,
   * `writeBackToInformer`; seen on a real control plane within 100 ms of the controller's own writes).
   */
  overlook(namespace: string, name: string): void;
}

/** Runs the Rollout machine on every Rollout of the cluster. */
export function startRollouts(context: ControllerContext): RolloutsController {
  const { store, scheduler, reactionMs, failed } = context;
  const queue = createWorkQueue({
    scheduler,
    delayMs: reactionMs,
    failed,
    work(key) {
      const { namespace, name } = partsOf(key);
      const rollout = store.get(ROLLOUTS, namespace, name);
      if (rollout === undefined) return;
      const { writes, events, wakeAfterMs } = reconcileRollout(inputFor(context, rollout));
      for (const write of writes) makeWrite(context, rollout, write);
      for (const event of events) recordEvent(context, rollout, event);
      if (wakeAfterMs !== undefined) queue.addAfter(key, wakeAfterMs);
    },
  });
  for (const rollout of store.list(ROLLOUTS)) queue.add(keyOf(rollout.metadata));
  const overlooked = new Set<string>();
  const unsubscribe = store.subscribe((event) => {
    for (const key of concerned(context, event)) {
      const isMissed = event.resource === ROLLOUTS && overlooked.delete(key);
      if (!isMissed) queue.add(key);
    }
  });
  return {
    overlook: (namespace, name) => void overlooked.add(`${namespace}/${name}`),
    stop() {
      unsubscribe();
      queue.stop();
    },
  };
}

/** The Rollouts a change concerns, as the controller's informers have it. */
function concerned({ store }: ControllerContext, event: StoreEvent): string[] {
  const { resource, object, previous } = event;
  const owner = controllerKey(object, 'Rollout');
  if (resource === ROLLOUTS) return [keyOf(object.metadata)];
  if (resource === REPLICA_SETS) return owner === undefined ? [] : [owner];
  if (resource === ANALYSIS_RUNS) {
    const isNews =
      previous === undefined || phaseOf(previous) !== phaseOf(object) || event.type === 'DELETED';
    return isNews && owner !== undefined ? [owner] : [];
  }
  const { namespace, name } = object.metadata;
  const mentions = (rollout: Rollout): boolean => {
    if (resource === SERVICES) return servicesOf(rollout).includes(name);
    return rollout.spec.workloadRef?.kind === object.kind && rollout.spec.workloadRef.name === name;
  };
  if (resource !== SERVICES && !WORKLOAD_KINDS.has(object.kind)) return [];
  return store
    .list(ROLLOUTS, namespace)
    .filter(mentions)
    .map(({ metadata }) => keyOf(metadata));
}

/** Kinds that `spec.workloadRef` may name (argo-rollouts `infoByGroupKind`). */
const WORKLOAD_KINDS = new Set(['Deployment', 'ReplicaSet']);

function phaseOf(run: KubeObject): unknown {
  return (run['status'] as { phase?: string } | undefined)?.phase;
}

function servicesOf({ spec }: Rollout): (string | undefined)[] {
  const { blueGreen, canary } = spec.strategy;
  return [blueGreen?.activeService, blueGreen?.previewService, canary?.canaryService, canary?.stableService];
}

function inputFor({ store, scheduler }: ControllerContext, rollout: Rollout): ReconcileInput {
  const { namespace } = rollout.metadata;
  const replicaSets = store.list(REPLICA_SETS, namespace).filter((one) => isControlledBy(one, rollout));
  const templates = new Map<string, AnalysisTemplate>();
  for (const one of store.list(ANALYSIS_TEMPLATES, namespace)) templates.set(one.metadata.name, one);
  for (const one of store.list(CLUSTER_ANALYSIS_TEMPLATES))
    templates.set(`cluster/${one.metadata.name}`, one);
  return {
    rollout,
    replicaSets,
    analysisRuns: store.list(ANALYSIS_RUNS, namespace).filter((one) => isControlledBy(one, rollout)),
    services: store.list(SERVICES, namespace),
    templates,
    pods: rollout.spec.restartAt === undefined ? [] : store.list(PODS, namespace),
    workload: workloadOf(store, rollout),
    now: scheduler.now(),
  };
}

function workloadOf(store: ControllerContext['store'], { spec, metadata }: Rollout): KubeObject | undefined {
  const reference = spec.workloadRef;
  if (reference === undefined) return undefined;
  const resource = resourceOfKind(reference.apiVersion, reference.kind);
  return resource === undefined ? undefined : store.get(resource, metadata.namespace, reference.name);
}
