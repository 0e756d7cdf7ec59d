import { pino } from 'pino';
import { z } from 'zod';
import type { ApiClient } from '../../../src/adapters/kubernetes/api-client.ts';
import { listWatch } from '../../../src/adapters/kubernetes/list-watch.ts';
import type { Change } from '../../../src/adapters/kubernetes/object-store.ts';
import { startReflector } from '../../../src/adapters/kubernetes/reflector.ts';
import { REFLECTOR_TIMING } from '../../../src/adapters/kubernetes/reflector-timing.ts';
import {
  ANALYSIS_RUNS,
  DEPLOYMENTS,
  PODS,
  REPLICA_SETS,
  type ResourceKind,
  ROLLOUTS,
} from '../../../src/adapters/kubernetes/resources.ts';
import { NAMESPACE } from './objects.ts';
import type { Snapshot } from './rollout-info.ts';

/** Called with every state in which a Rollout and what belongs to it were seen, in order, as the API server gave them. */
export type OnMoment = (name: string, snapshot: Snapshot) => void;

const Meta = z.object({
  metadata: z.object({
    labels: z.record(z.string(), z.string()).nullish(),
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).nullish(),
  }),
});

/** Follows everything in the namespace by watches. A moment is a version of a Rollout or of one of its ReplicaSets. */
export function startRecorder(client: ApiClient, onMoment: OnMoment): AsyncDisposable {
  const rollouts = new Map<string, object>();
  const belongings = { replicaSets: new Map(), pods: new Map(), analysisRuns: new Map() } satisfies Record<
    string,
    Map<string, object>
  >;
  const workloads = new Map<string, object>();
  const tell = (name: string): void => {
    const rollout = rollouts.get(name);
    if (rollout === undefined) return;
    const workload = workloads.get(name);
    onMoment(name, {
      rollout,
      replicaSets: of(belongings.replicaSets, name),
      pods: of(belongings.pods, name),
      analysisRuns: of(belongings.analysisRuns, name),
      ...(workload !== undefined && { workload }),
    });
  };
  const watch = (kind: ResourceKind, changed: (change: Change<object>) => void): AsyncDisposable =>
    startReflector<object>({
      name: kind.plural,
      source: listWatch(client, { kind, namespace: NAMESPACE, deadlineMs: 20_000 }),
      read: (object) => ({ kind: 'kept', value: z.looseObject({}).parse(object) }),
      onChange: changed,
      onListed: () => undefined,
      timing: REFLECTOR_TIMING,
      clock: { now: () => Date.now() },
      random: Math.random,
      log: pino({ level: 'silent' }),
    });
  const keep =
    (where: Map<string, object>) =>
    ({ key, after }: Change<object>): void => {
      if (after === undefined) where.delete(nameIn(key));
      else where.set(nameIn(key), after);
    };
  const watches = [
    watch(ROLLOUTS, (change) => {
      keep(rollouts)(change);
      tell(nameIn(change.key));
    }),
    watch(REPLICA_SETS, (change) => {
      keep(belongings.replicaSets)(change);
      tell(rolloutOf(change.after ?? change.before ?? {}));
    }),
    watch(PODS, keep(belongings.pods)),
    watch(ANALYSIS_RUNS, keep(belongings.analysisRuns)),
    watch(DEPLOYMENTS, keep(workloads)),
  ];
  return {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(watches.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

function nameIn(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}

function of(objects: ReadonlyMap<string, object>, name: string): object[] {
  return [...objects.values()].filter((each) => rolloutOf(each) === name);
}

/** By its label, as all that is made from a template has it; AnalysisRuns have none. */
function rolloutOf(object: object): string {
  const { metadata } = Meta.parse(object);
  const owner = metadata.ownerReferences?.find(({ kind }) => kind === 'Rollout');
  return metadata.labels?.['app'] ?? owner?.name ?? '';
}
