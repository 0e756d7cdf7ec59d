import { asksFor, type Content } from '../content.ts';
import { servingPodHash } from './prove-content.ts';
import type { RolloutView } from './rollout-view.ts';

/** For people, after the name of a service and "is". */
export const NOTHING_TO_PROVE = 'scaled to zero: nothing to prove';

/**
 * The ReplicaSet that would serve a content if any pod were asked for; absent while there is a pod, or something is still on its
 * way. Such a Rollout serves nobody, neither what was released nor what was there before, and no waiting brings a proof.
 */
export function scaledToZero(view: RolloutView, content: Content): { podHash: string } | undefined {
  const podHash = servingPodHash(view);
  const isSettled =
    view.observed && view.phase === 'Healthy' && podHash !== '' && podHash === view.currentPodHash;
  const isEmpty = view.desiredReplicas === 0 && view.replicaSets.every((each) => each.readyPods.length === 0);
  return isSettled && isEmpty && asksFor(view.images, content) ? { podHash } : undefined;
}
