import type { RolloutView } from '../rollout/rollout-view.ts';

/** Whether an abort takes effect: a Rollout that is also paused by its spec is not scaled, and its canary goes on serving. */
export function isStopped(view: Pick<RolloutView, 'abort' | 'pausedBySpec'>): boolean {
  return view.abort && !view.pausedBySpec;
}
