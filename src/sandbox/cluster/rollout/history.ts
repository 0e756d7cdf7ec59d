import { POD_HASH_LABEL } from './names.ts';
import { byCreation, createdOf, podHashOf, wantedOf } from './replica-sets.ts';
import { revisionHistoryLimit } from './settings.ts';
import type { Turn } from './turn.ts';

/** Deletes the oldest empty ReplicaSets above the limit, and the AnalysisRuns of theirs that nothing names any more. */
export function deleteOldReplicaSets(turn: Turn): void {
  const surplus = turn.others.length - revisionHistoryLimit(turn.rollout);
  if (surplus <= 0) return;
  for (const replicaSet of turn.others.toSorted(byCreation).slice(0, surplus)) {
    if (createdOf(replicaSet) !== 0 || wantedOf(replicaSet) !== 0) continue;
    turn.writes.push({ kind: 'replicaSet.delete', name: replicaSet.metadata.name });
    for (const run of turn.otherRuns) {
      if (run.metadata.labels?.[POD_HASH_LABEL] !== podHashOf(replicaSet)) continue;
      turn.writes.push({ kind: 'analysisRun.delete', name: run.metadata.name });
    }
  }
}
