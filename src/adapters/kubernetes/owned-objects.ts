import type { AnalysisRunObject } from '../../domain/rollout/objects/analysis-run-object.ts';
import type { PodObject } from '../../domain/rollout/objects/pod-object.ts';
import type { ReplicaSetObject } from '../../domain/rollout/objects/replica-set-object.ts';
import type { RolloutParts } from '../../domain/rollout/read-rollout.ts';
import type { Change } from './object-store.ts';
import { createOwnedIndex } from './owned-index.ts';

/** ReplicaSets, pods and AnalysisRuns by the Rollout they belong to in the end. */
export interface OwnedObjects {
  replicaSet(change: Change<ReplicaSetObject>): void;
  pod(change: Change<PodObject>): void;
  analysisRun(change: Change<AnalysisRunObject>): void;
  /** Everything of the Rollout with this uid. */
  of(rolloutUid: string): Pick<RolloutParts, 'replicaSets' | 'pods' | 'analysisRuns'>;
}

/** Calls back with the uid of the Rollout that a change belongs to, whether that Rollout is known or not. */
export function createOwnedObjects(onChanged: (rolloutUid: string) => void): OwnedObjects {
  const rolloutOfReplicaSet = new Map<string, string>();
  const replicaSets = createOwnedIndex<ReplicaSetObject>((each) => each.rollout);
  const pods = createOwnedIndex<PodObject>((each) => each.replicaSet);
  const analysisRuns = createOwnedIndex<AnalysisRunObject>((each) => each.rollout);
  return {
    replicaSet: (change) => {
      const { before, after } = change;
      replicaSets.apply(change);
      if (before) rolloutOfReplicaSet.delete(before.uid);
      if (after?.rollout !== undefined) rolloutOfReplicaSet.set(after.uid, after.rollout);
      onChanged((after ?? before)?.rollout ?? '');
    },
    pod: (change) => {
      pods.apply(change);
      onChanged(rolloutOfReplicaSet.get((change.after ?? change.before)?.replicaSet ?? '') ?? '');
    },
    analysisRun: (change) => {
      analysisRuns.apply(change);
      onChanged((change.after ?? change.before)?.rollout ?? '');
    },
    of: (rolloutUid) => {
      const own = replicaSets.of(rolloutUid);
      return {
        replicaSets: own,
        pods: own.flatMap(({ uid }) => pods.of(uid)),
        analysisRuns: analysisRuns.of(rolloutUid),
      };
    },
  };
}
