import { canaryGoal, weightToReplicas } from './canary-weight.ts';
import type { ReplicaSet } from './objects.ts';
import { availableOf, totals, wantedOf } from './replica-sets.ts';
import type { Rollout, TrafficWeights } from './rollout-object.ts';
import { isRouted, maxSurge, maxTrafficWeight, maxUnavailable, replicasOf } from './settings.ts';

/** The ReplicaSets of a canary in the middle of an update. */
export interface CanarySets {
  fresh: ReplicaSet | undefined;
  stable: ReplicaSet | undefined;
  others: readonly ReplicaSet[];
}

/** Pods wanted of the new and of the stable ReplicaSet. */
export interface CanaryCounts {
  fresh: number;
  stable: number;
}

/** Whether there is a stable ReplicaSet beside the new one. */
export function hasOtherStable(sets: CanarySets): sets is CanarySets & { stable: ReplicaSet } {
  return sets.stable !== undefined && sets.stable.metadata.name !== sets.fresh?.metadata.name;
}

/** How many pods each ReplicaSet should have now, one move nearer to the step's goal. */
export function canaryCounts(rollout: Rollout, sets: CanarySets, weights?: TrafficWeights): CanaryCounts {
  return isRouted(rollout) ? routedCounts(rollout, sets, weights) : basicCounts(rollout, sets);
}

/** `CalculateReplicaCountsForTrafficRoutedCanary` of argo-rollouts. */
function routedCounts(rollout: Rollout, sets: CanarySets, weights?: TrafficWeights): CanaryCounts {
  const replicas = replicasOf(rollout);
  const whole = maxTrafficWeight(rollout);
  const canary = rollout.spec.strategy.canary;
  const floor = canary?.minPodsPerReplicaSet ?? 0;
  const atLeast = (count: number): number => (count === 0 ? 0 : Math.max(count, floor));
  const goal = canaryGoal(rollout, sets);
  let fresh = 'replicas' in goal ? goal.replicas : atLeast(weightToReplicas(replicas, goal.weight, whole));
  if (canary?.dynamicStableScale !== true) return { fresh, stable: replicas };
  const desiredWeight = 'replicas' in goal ? 0 : goal.weight;
  let stable = weightToReplicas(replicas, whole - desiredWeight, whole);
  if (weights !== undefined) {
    stable = Math.max(stable, weightToReplicas(replicas, weights.stable.weight, whole));
    if (rollout.status?.abort === true) {
      fresh = Math.max(fresh, weightToReplicas(replicas, weights.canary.weight, whole));
    }
  }
  return { fresh: atLeast(fresh), stable: atLeast(stable) };
}

/** `CalculateReplicaCountsForBasicCanary` of argo-rollouts: up within the surge first, then down within availability. */
function basicCounts(rollout: Rollout, sets: CanarySets): CanaryCounts {
  const replicas = replicasOf(rollout);
  const besideStable = hasOtherStable(sets);
  const goal = besideStable ? basicGoal(rollout, sets) : { fresh: replicas, stable: 0 };
  const now: CanaryCounts = {
    fresh: sets.fresh === undefined ? 0 : wantedOf(sets.fresh),
    stable: besideStable ? wantedOf(sets.stable) : 0,
  };
  const allowed = replicas + maxSurge(rollout);
  const counts = scaledUp({ sets, goal, now, allowed });
  if (totals(sets.others).wanted > 0) return counts;
  const minAvailable = replicas - maxUnavailable(rollout);
  const increasing = sets.fresh === undefined || goal.fresh >= now.fresh;
  const removable = removableFrom(sets.fresh, !increasing) + removableFrom(sets.stable, increasing);
  if (removable <= minAvailable) return counts;
  return scaledDown({
    sets,
    goal,
    counts,
    allowed,
    minAvailable,
    increasing,
    most: removable - minAvailable,
  });
}

function basicGoal(rollout: Rollout, sets: CanarySets): CanaryCounts {
  const goal = canaryGoal(rollout, sets);
  const weight = 'replicas' in goal ? 0 : goal.weight;
  return nearestCounts({
    replicas: replicasOf(rollout),
    weight,
    whole: maxTrafficWeight(rollout),
    surge: maxSurge(rollout),
  });
}

/** The numbers of canary and stable pods whose ratio is nearest to a weight; between ties the larger canary. */
function nearestCounts(wish: {
  replicas: number;
  weight: number;
  whole: number;
  surge: number;
}): CanaryCounts {
  const { replicas, weight, whole, surge } = wish;
  if (replicas === 0) return { fresh: 0, stable: 0 };
  const ceiling = Math.ceil((replicas * weight) / whole);
  const floor = Math.floor((replicas * weight) / whole);
  const zeroAllowed = weight === whole || weight === 0 || (replicas === 1 && surge === 0);
  const isTied = (total: number): boolean => (total * (weight / whole)) % 1 === 0.5;
  const options: { canary: number; total: number }[] = [];
  if (ceiling < replicas || zeroAllowed) options.push({ canary: ceiling, total: replicas });
  if (!isTied(replicas) && (floor !== 0 || zeroAllowed)) options.push({ canary: floor, total: replicas });
  if (surge > 0) {
    options.push({ canary: ceiling, total: replicas + 1 });
    if (!isTied(replicas + 1) && (floor !== 0 || zeroAllowed)) {
      options.push({ canary: floor, total: replicas + 1 });
    }
  }
  const distance = (option: { canary: number; total: number }): number =>
    Math.abs((option.canary * whole) / option.total - weight);
  const [first, ...rest] = options;
  if (first === undefined) return { fresh: 0, stable: replicas };
  const best = rest.reduce((nearest, one) => (distance(one) < distance(nearest) ? one : nearest), first);
  return { fresh: best.canary, stable: best.total - best.canary };
}

function scaledUp(move: {
  sets: CanarySets;
  goal: CanaryCounts;
  now: CanaryCounts;
  allowed: number;
}): CanaryCounts {
  const { sets, goal, now, allowed } = move;
  let room = allowed - totals(sets.others).wanted - now.fresh - now.stable;
  let { fresh, stable } = now;
  if (stable < goal.stable && room > 0 && hasOtherStable(sets)) {
    const added = Math.min(room, goal.stable - stable);
    stable += added;
    room -= added;
  }
  if (sets.fresh !== undefined && fresh < goal.fresh && room > 0) fresh = Math.min(fresh + room, goal.fresh);
  return { fresh, stable };
}

/** Pods to count as serving when deciding how many may go; those already leaving do not. */
function removableFrom(replicaSet: ReplicaSet | undefined, ignoreAvailability: boolean): number {
  if (replicaSet === undefined) return 0;
  const wanted = wantedOf(replicaSet);
  return ignoreAvailability ? wanted : Math.min(wanted, availableOf(replicaSet));
}

function scaledDown(move: {
  sets: CanarySets;
  goal: CanaryCounts;
  counts: CanaryCounts;
  allowed: number;
  minAvailable: number;
  increasing: boolean;
  most: number;
}): CanaryCounts {
  const { sets, goal, counts, allowed, minAvailable, increasing, most } = move;
  const limits = { allowed, minAvailable };
  if (!increasing) {
    const drained = drain(sets.fresh, { goal: goal.fresh, most, count: counts.fresh });
    const both = withinLimits(
      { set: sets.fresh, count: drained },
      { set: sets.stable, count: counts.stable },
      limits,
    );
    return { fresh: both.drained, stable: both.kept };
  }
  if (!hasOtherStable(sets)) return counts;
  const drained = drain(sets.stable, { goal: goal.stable, most, count: counts.stable });
  const both = withinLimits(
    { set: sets.stable, count: drained },
    { set: sets.fresh, count: counts.fresh },
    limits,
  );
  return { fresh: both.kept, stable: both.drained };
}

function drain(
  replicaSet: ReplicaSet | undefined,
  move: { goal: number; most: number; count: number },
): number {
  if (replicaSet === undefined || wantedOf(replicaSet) <= move.goal) return move.count;
  return Math.max(move.goal, wantedOf(replicaSet) - move.most);
}

/** `adjustReplicaWithinLimits` of argo-rollouts: never above the surge, and never fewer available than allowed for it. */
function withinLimits(
  drained: { set: ReplicaSet | undefined; count: number },
  kept: { set: ReplicaSet | undefined; count: number },
  limits: { allowed: number; minAvailable: number },
): { drained: number; kept: number } {
  if (kept.set === undefined) return { drained: drained.count, kept: kept.count };
  const over = Math.max(0, kept.count + drained.count - limits.allowed);
  const adjusted = kept.count - over;
  const keptAvailable = availableOf(kept.set);
  const available =
    (drained.set === undefined ? 0 : Math.min(availableOf(drained.set), drained.count)) +
    Math.min(keptAvailable, adjusted);
  const missing = Math.max(0, limits.minAvailable - available);
  const final = adjusted + Math.min(Math.max(0, keptAvailable - adjusted), missing);
  const stillOver = Math.max(0, final + drained.count - limits.allowed);
  return { drained: drained.count - stillOver, kept: final };
}

/** Whether every ReplicaSet has the pods the current step wants. */
export function atDesiredCounts(rollout: Rollout, sets: CanarySets, weights?: TrafficWeights): boolean {
  const goal = canaryCounts(rollout, sets, weights);
  const { fresh, stable } = sets;
  if (fresh === undefined || goal.fresh !== wantedOf(fresh) || goal.fresh !== availableOf(fresh))
    return false;
  const routed = isRouted(rollout);
  if (!routed || rollout.spec.strategy.canary?.dynamicStableScale !== true) {
    const created = stable?.status?.replicas ?? 0;
    if (stable === undefined || goal.stable !== wantedOf(stable) || goal.stable !== created) return false;
  }
  return routed || totals(sets.others).available === 0;
}
