import type { AnalysisRun } from './analysis-object.ts';
import { applyMergePatch } from './merge-patch.ts';
import { MANAGED_BY, POD_HASH_LABEL } from './names.ts';
import type { ReplicaSet, Service } from './objects.ts';
import { reconcileRollout } from './reconcile.ts';
import { wantedOf } from './replica-sets.ts';
import type { Rollout } from './rollout-object.ts';
import { timestamp } from './time.ts';
import type { ReplicaSetChange, RolloutEvent, Write } from './writes.ts';

/** A pod reduced to when it was made and when it serves. */
export interface SmallPod {
  name: string;
  replicaSet: string;
  createdAt: number;
  /** Milliseconds since 1970; infinite: it never serves. */
  readyAt: number;
}

/** One Rollout with all that belongs to it, in memory and without an API server: for simulations in virtual time. */
export interface SmallWorld {
  rollout: Rollout;
  replicaSets: readonly ReplicaSet[];
  services: readonly Service[];
  analysisRuns: readonly AnalysisRun[];
  pods: readonly SmallPod[];
}

/** Milliseconds until a new pod of this ReplicaSet serves; infinite for a version that never starts. */
export type PodStart = (replicaSet: ReplicaSet) => number;

/** A world with nothing but the Rollout, generation 1. */
export function smallWorld(rollout: Rollout, services: readonly Service[] = []): SmallWorld {
  const metadata = { uid: `uid-${rollout.metadata.name}`, generation: 1, ...rollout.metadata };
  return { rollout: { ...rollout, metadata }, replicaSets: [], services, analysisRuns: [], pods: [] };
}

/** The Rollout with another spec, as a write to the main resource leaves it: the next generation. */
export function withSpec(world: SmallWorld, spec: Partial<Rollout['spec']>): SmallWorld {
  const { metadata } = world.rollout;
  const generation = (metadata.generation ?? 0) + 1;
  const rollout = {
    ...world.rollout,
    metadata: { ...metadata, generation },
    spec: { ...world.rollout.spec, ...spec },
  };
  return { ...world, rollout };
}

/** The Rollout with a merge patch on its status, as a write to the status subresource leaves it. */
export function withStatusPatch(world: SmallWorld, patch: Record<string, unknown>): SmallWorld {
  const status = applyMergePatch(world.rollout.status ?? {}, patch) as NonNullable<Rollout['status']>;
  return { ...world, rollout: { ...world.rollout, status } };
}

/** More looks than any real change takes; beyond it the machine would be going round in circles. */
const MOST_LOOKS = 200;

/**
 * Lets controllers work until nothing more happens at this moment. Answers the world then, the events, and after how many
 * milliseconds something is due by itself (a pod, the end of a pause, a deadline).
 */
export function settle(
  world: SmallWorld,
  options: { now: number; podStart: PodStart },
): { world: SmallWorld; events: RolloutEvent[]; wakeAfterMs: number | undefined } {
  const { now } = options;
  const events: RolloutEvent[] = [];
  let current = world;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    current = runPods(current, options);
    const { rollout, replicaSets, services, analysisRuns } = current;
    const outcome = reconcileRollout({ rollout, replicaSets, services, analysisRuns, now });
    events.push(...outcome.events);
    if (outcome.writes.length === 0) {
      return { world: current, events, wakeAfterMs: soonest(current, outcome.wakeAfterMs, now) };
    }
    current = outcome.writes.reduce((next, write) => applyWrite(next, write, now), current);
  }
  throw new Error(`${world.rollout.metadata.name} does not come to rest`);
}

function soonest(world: SmallWorld, wakeAfterMs: number | undefined, now: number): number | undefined {
  const due = world.pods.filter(({ readyAt }) => readyAt > now && Number.isFinite(readyAt));
  const waits = [
    ...due.map(({ readyAt }) => readyAt - now),
    ...(wakeAfterMs === undefined ? [] : [wakeAfterMs]),
  ];
  return waits.length === 0 ? undefined : Math.min(...waits);
}

/** ReplicaSets make and remove pods, those not serving first, and count them. The same world when there was nothing to do. */
function runPods(world: SmallWorld, options: { now: number; podStart: PodStart }): SmallWorld {
  const { now, podStart } = options;
  const pods: SmallPod[] = [];
  const replicaSets = world.replicaSets.map((replicaSet) => {
    const { name } = replicaSet.metadata;
    const wanted = wantedOf(replicaSet);
    const own = world.pods
      .filter((pod) => pod.replicaSet === name)
      .sort((a, b) => a.readyAt - b.readyAt)
      .slice(0, wanted);
    for (let index = own.length; index < wanted; index += 1) {
      const readyAt = now + podStart(replicaSet);
      own.push({ name: `${name}-${now}-${index}`, replicaSet: name, createdAt: now, readyAt });
    }
    pods.push(...own);
    return counted(replicaSet, { own, now });
  });
  const isSame = isSameList(pods, world.pods) && isSameList(replicaSets, world.replicaSets);
  return isSame ? world : { ...world, replicaSets, pods };
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

function counted(replicaSet: ReplicaSet, pods: { own: readonly SmallPod[]; now: number }): ReplicaSet {
  const minReadyMs = (replicaSet.spec.minReadySeconds ?? 0) * 1000;
  const ready = pods.own.filter(({ readyAt }) => readyAt <= pods.now).length;
  const available = pods.own.filter(({ readyAt }) => readyAt + minReadyMs <= pods.now).length;
  const { status } = replicaSet;
  const isSame = status?.replicas === pods.own.length && status.readyReplicas === ready;
  if (isSame && status.availableReplicas === available) return replicaSet;
  return {
    ...replicaSet,
    status: { replicas: pods.own.length, readyReplicas: ready, availableReplicas: available },
  };
}

/** The world after one of the controller's writes. */
export function applyWrite(world: SmallWorld, write: Write, now: number): SmallWorld {
  switch (write.kind) {
    case 'rollout.scale':
      return withSpec(world, { replicas: write.replicas });
    case 'rollout.annotate': {
      const { template, annotations: added } = write;
      const next = template === undefined ? world : withSpec(world, { template });
      const { metadata } = next.rollout;
      const annotations = { ...metadata.annotations, ...added };
      return { ...next, rollout: { ...next.rollout, metadata: { ...metadata, annotations } } };
    }
    case 'rollout.status':
      return withStatusPatch(world, write.patch);
    case 'replicaSet.create': {
      const { metadata } = write.replicaSet;
      const made = { ...metadata, uid: `uid-${metadata.name}`, creationTimestamp: timestamp(now) };
      return { ...world, replicaSets: [...world.replicaSets, { ...write.replicaSet, metadata: made }] };
    }
    case 'replicaSet.update':
      return { ...world, replicaSets: world.replicaSets.map((one) => changed(one, write)) };
    case 'replicaSet.delete':
      return {
        ...world,
        replicaSets: world.replicaSets.filter(({ metadata }) => metadata.name !== write.name),
      };
    case 'service.select':
      return { ...world, services: world.services.map((one) => selecting(one, write)) };
    case 'analysisRun.create':
      return { ...world, analysisRuns: [...world.analysisRuns, write.run] };
    case 'analysisRun.terminate':
      return { ...world, analysisRuns: world.analysisRuns.map((run) => terminated(run, write.name)) };
    case 'analysisRun.delete':
      return {
        ...world,
        analysisRuns: world.analysisRuns.filter(({ metadata }) => metadata.name !== write.name),
      };
    case 'pod.evict':
      return { ...world, pods: world.pods.filter(({ name }) => name !== write.name) };
  }
}

function changed(replicaSet: ReplicaSet, write: { name: string; change: ReplicaSetChange }): ReplicaSet {
  return replicaSet.metadata.name === write.name ? changedReplicaSet(replicaSet, write.change) : replicaSet;
}

/** A ReplicaSet after a change; null annotations are gone. */
export function changedReplicaSet(replicaSet: ReplicaSet, change: ReplicaSetChange): ReplicaSet {
  const { annotations = {}, ...spec } = change;
  const merged = Object.entries({ ...replicaSet.metadata.annotations, ...annotations });
  const kept = merged.filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    ...replicaSet,
    metadata: { ...replicaSet.metadata, annotations: Object.fromEntries(kept) },
    spec: { ...replicaSet.spec, ...spec },
  };
}

/** A Service after its selector was switched. */
export function selecting(
  service: Service,
  write: { name: string; podHash: string; managedBy: string },
): Service {
  const { metadata, spec } = service;
  if (metadata.name !== write.name) return service;
  return {
    ...service,
    metadata: { ...metadata, annotations: { [MANAGED_BY]: write.managedBy, ...metadata.annotations } },
    spec: { ...spec, selector: { ...spec.selector, [POD_HASH_LABEL]: write.podHash } },
  };
}

function terminated(run: AnalysisRun, name: string): AnalysisRun {
  return run.metadata.name === name ? { ...run, spec: { ...run.spec, terminate: true } } : run;
}
