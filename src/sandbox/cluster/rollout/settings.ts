import type { CanaryStep, Rollout } from './rollout-object.ts';
import { durationSeconds } from './time.ts';

/** Argo's `DefaultScaleDownDelaySeconds` and `DefaultAbortScaleDownDelaySeconds`. */
const DEFAULT_SCALE_DOWN_DELAY_SECONDS = 30;

/** Pods wanted; 1 where the spec says nothing. */
export function replicasOf(rollout: Rollout): number {
  return rollout.spec.replicas ?? 1;
}

/** ReplicaSets of the past that are kept. */
export function revisionHistoryLimit(rollout: Rollout): number {
  return rollout.spec.revisionHistoryLimit ?? 10;
}

/** Seconds without progress after which a Rollout counts as timed out. */
export function progressDeadlineSeconds(rollout: Rollout): number {
  return rollout.spec.progressDeadlineSeconds ?? 600;
}

/** The whole of the traffic in the router's units. */
export function maxTrafficWeight(rollout: Rollout): number {
  return rollout.spec.strategy.canary?.trafficRouting?.maxTrafficWeight ?? 100;
}

/** Whether a traffic router decides shares, not the number of pods. */
export function isRouted(rollout: Rollout): boolean {
  return rollout.spec.strategy.canary?.trafficRouting !== undefined;
}

/** Steps of the canary; none for blue-green. */
export function stepsOf(rollout: Rollout): CanaryStep[] {
  return rollout.spec.strategy.canary?.steps ?? [];
}

/** Seconds a former stable or active ReplicaSet stays up; 0 for a basic canary. */
export function scaleDownDelaySeconds(rollout: Rollout): number {
  const { blueGreen, canary } = rollout.spec.strategy;
  if (blueGreen !== undefined) return blueGreen.scaleDownDelaySeconds ?? DEFAULT_SCALE_DOWN_DELAY_SECONDS;
  if (!isRouted(rollout)) return 0;
  return canary?.scaleDownDelaySeconds ?? DEFAULT_SCALE_DOWN_DELAY_SECONDS;
}

/** How many ReplicaSets may be in their scale-down delay at once. */
export function scaleDownRevisionLimit(rollout: Rollout): number {
  const { blueGreen, canary } = rollout.spec.strategy;
  return (blueGreen ?? canary)?.scaleDownDelayRevisionLimit ?? Number.MAX_SAFE_INTEGER;
}

/**
 * Seconds the aborted ReplicaSet stays up. `never`: somebody wrote 0, which leaves it up for good. `written` tells a value
 * from the spec apart from the default.
 */
export function abortScaleDownDelay(rollout: Rollout): { seconds: number | 'never'; written: boolean } {
  const { blueGreen, canary } = rollout.spec.strategy;
  if (blueGreen === undefined && !isRouted(rollout)) return { seconds: 0, written: false };
  const seconds = (blueGreen ?? canary)?.abortScaleDownDelaySeconds;
  if (seconds === undefined) return { seconds: DEFAULT_SCALE_DOWN_DELAY_SECONDS, written: false };
  return { seconds: seconds === 0 ? 'never' : seconds, written: true };
}

/** Pods that may be added above the wanted number during an update. */
export function maxSurge(rollout: Rollout): number {
  if (rollout.spec.strategy.canary === undefined) return 0;
  return fenceposts(rollout).surge;
}

/** Pods that may be missing during an update. */
export function maxUnavailable(rollout: Rollout): number {
  const replicas = replicasOf(rollout);
  if (replicas === 0) return 0;
  const { blueGreen, canary } = rollout.spec.strategy;
  const unavailable =
    canary === undefined
      ? share(blueGreen?.maxUnavailable ?? '25%', replicas, Math.floor)
      : fenceposts(rollout).unavailable;
  return Math.min(unavailable, replicas);
}

/** Both limits together, because both at zero would stand still: then one pod may be missing. */
function fenceposts(rollout: Rollout): { surge: number; unavailable: number } {
  const replicas = replicasOf(rollout);
  const canary = rollout.spec.strategy.canary;
  const surge = share(canary?.maxSurge ?? '25%', replicas, Math.ceil);
  const unavailable = share(canary?.maxUnavailable ?? '25%', replicas, Math.floor);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

function share(value: number | string, total: number, round: (exact: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = Number.parseInt(value.replaceAll('%', ''), 10);
  return Number.isNaN(percent) ? 0 : round((percent * total) / 100);
}

/** Whole seconds of a pause step (Argo cuts fractions off); absent when it waits for somebody, -1 when unreadable. */
export function pauseSeconds(step: CanaryStep): number | undefined {
  const duration = step.pause?.duration;
  return duration === undefined || duration === null ? undefined : Math.trunc(durationSeconds(duration));
}
