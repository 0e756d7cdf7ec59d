import { AnalysisRunObject } from '../../domain/rollout/objects/analysis-run-object.ts';
import { PodObject } from '../../domain/rollout/objects/pod-object.ts';
import { ReplicaSetObject } from '../../domain/rollout/objects/replica-set-object.ts';
import { RolloutObject } from '../../domain/rollout/objects/rollout-object.ts';
import type { RolloutParts } from '../../domain/rollout/read-rollout.ts';
import type { ReflectorHealth } from './reflector.ts';
import { ANALYSIS_RUNS, PODS, REPLICA_SETS, ROLLOUTS } from './resources.ts';
import { createRolloutMemory, type Remembered } from './rollout-memory.ts';
import { doubt, startWatch, type WatchContext } from './watch-context.ts';
import { watchWorkloads } from './workload-watch.ts';

/** The Rollouts of a namespace, or of all, kept up to date with everything that belongs to them. */
export interface RolloutWatch extends AsyncDisposable {
  /** By `<namespace>/<name>`. */
  find(key: string): WatchedRollout;
  health(): ReflectorHealth[];
  renew(): void;
}

export type WatchedRollout =
  | { kind: 'found'; parts: RolloutParts; staleMs: number }
  | Exclude<Remembered, { kind: 'found' }>
  | { kind: 'unknown'; reason: string };

/**
 * Starts watching. `onChanged` is called with the key of each Rollout that changed, and with nothing once all is known.
 * Rollouts, ReplicaSets and pods must all be known and fresh before anything is said, and of a Rollout that refers to a
 * Deployment that one too; AnalysisRuns only add to it, so that a cluster without them still shows its Rollouts.
 */
export function watchRollouts(
  context: WatchContext,
  { namespace, onChanged }: { namespace: string | undefined; onChanged: (key?: string) => void },
): RolloutWatch {
  const memory = createRolloutMemory(onChanged);
  const workloads = watchWorkloads(context, onChanged);
  const place = { namespace, onListed: () => onChanged() };
  const essential = [
    startWatch(context, {
      ...place,
      kind: ROLLOUTS,
      schema: RolloutObject,
      onChange: (change) => {
        workloads.rollout(change);
        memory.rollout(change);
      },
    }),
    startWatch(context, {
      ...place,
      kind: REPLICA_SETS,
      schema: ReplicaSetObject,
      onChange: memory.replicaSet,
    }),
    startWatch(context, { ...place, kind: PODS, schema: PodObject, onChange: memory.pod }),
  ];
  const more = startWatch(context, {
    ...place,
    kind: ANALYSIS_RUNS,
    schema: AnalysisRunObject,
    onChange: memory.analysisRun,
  });
  const all = [...essential, more];
  return {
    find: (key) => {
      const healths = essential.map((each) => each.health());
      const reason = healths.map(doubt).find((each) => each !== undefined);
      if (reason !== undefined) return { kind: 'unknown', reason };
      const remembered = memory.find(key);
      if (remembered.kind !== 'found') return remembered;
      const referred = workloads.of(key);
      if (referred.kind === 'unknown') return referred;
      const { workload } = referred;
      return {
        kind: 'found',
        parts: { ...remembered.parts, ...(workload && { workload }) },
        staleMs: Math.max(...healths.map(({ staleMs }) => staleMs)),
      };
    },
    health: () => [...all.map((each) => each.health()), ...workloads.health()],
    renew: () => {
      for (const each of [...all, workloads]) each.renew();
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...all, workloads].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}
