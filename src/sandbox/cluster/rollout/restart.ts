import type { Pod } from './objects.ts';
import { byCreation, totals } from './replica-sets.ts';
import { maxUnavailable, replicasOf } from './settings.ts';
import { statusOf, type Turn, wakeAfter } from './turn.ts';

/** How often a restart that could not do all pods at once is taken up again (argo-rollouts `restartPodCheckTime`). */
const CHECK_AGAIN_MS = 30_000;

/**
 * Evicts pods older than `spec.restartAt`, as many as may be missing at once (at least one), stable ones first. Answers
 * whether any went: then the counters in hand are no longer true, and the turn ends.
 */
export function restartPods(turn: Turn): boolean {
  const { restartAt } = turn.rollout.spec;
  if (restartAt === undefined) return false;
  const due = Date.parse(restartAt);
  if (due > turn.now) wakeAfter(turn, due - turn.now + 1);
  if (due >= turn.now || Date.parse(statusOf(turn).restartedAt ?? '') === due) return false;
  const pods = podsInOrder(turn);
  const old = pods.filter((pod) => Date.parse(pod.metadata.creationTimestamp ?? '') < due);
  const evicted = old
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .slice(0, room(turn, pods));
  for (const pod of evicted) turn.writes.push({ kind: 'pod.evict', name: pod.metadata.name });
  if (old.length === evicted.length) turn.draft.restartedAt = restartAt;
  else wakeAfter(turn, CHECK_AGAIN_MS);
  return evicted.length > 0;
}

/** Pods that may go now. */
function room(turn: Turn, pods: readonly Pod[]): number {
  const available = pods.filter(isServing).length;
  const atOnce = Math.max(maxUnavailable(turn.rollout), 1);
  const wanted = Math.max(replicasOf(turn.rollout), totals(turn.all).wanted);
  return Math.max(0, available - (wanted - atOnce));
}

function isServing(pod: Pod): boolean {
  const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return isReady === true && pod.metadata.deletionTimestamp === undefined;
}

/** Stable's pods, then the new ones, then the rest. */
function podsInOrder(turn: Turn): Pod[] {
  const rank = (name: string): number => {
    if (name === turn.stable?.metadata.name) return 0;
    return name === turn.fresh.metadata.name ? 1 : 2;
  };
  const sets = turn.all.toSorted((a, b) => rank(a.metadata.name) - rank(b.metadata.name) || byCreation(a, b));
  const pods = turn.input.pods ?? [];
  return sets.flatMap((set) =>
    pods.filter((pod) => pod.metadata.ownerReferences?.some((owner) => owner.name === set.metadata.name)),
  );
}
