import { PODS, ROLLOUTS } from '../api/resources.ts';
import type { Store } from '../api/store.ts';
import { isReady } from '../controllers/pod-status.ts';
import { POD_HASH_LABEL } from '../rollout/names.ts';
import type { Pod } from '../rollout/objects.ts';
import type { Rollout } from '../rollout/rollout-object.ts';

/** A pod with the share of its service's traffic it gets, 0 to 1. */
export interface ServingPod {
  pod: Pod;
  rollout: Rollout;
  podHash: string;
  share: number;
}

/**
 * Who serves how much: by the router's weights where there is a router, by the active Service for blue-green, else each ready
 * pod its part. Shares of one Rollout add up to 1, or there are none because nobody is ready.
 */
export function servingPods(store: Pick<Store, 'list'>): ServingPod[] {
  return store.list(ROLLOUTS).flatMap((rollout) => sharesOf(rollout, podsOf(store, rollout)));
}

function podsOf(store: Pick<Store, 'list'>, { metadata, spec }: Rollout): Pod[] {
  const labels = Object.entries(spec.selector?.matchLabels ?? {});
  return store
    .list(PODS, metadata.namespace)
    .filter((pod) => isReady(pod) && labels.every(([key, value]) => pod.metadata.labels?.[key] === value));
}

function sharesOf(rollout: Rollout, pods: readonly Pod[]): ServingPod[] {
  const shares = hashShares(rollout, pods);
  return pods.flatMap((pod) => {
    const podHash = hashOf(pod);
    const siblings = pods.filter((one) => hashOf(one) === podHash).length;
    const share = (shares.get(podHash) ?? 0) / siblings;
    return share > 0 ? [{ pod, rollout, podHash, share }] : [];
  });
}

function hashOf({ metadata }: Pod): string {
  return metadata.labels?.[POD_HASH_LABEL] ?? '';
}

/** The share of each version; a version that has weight and no pods leaves it to the others. */
function hashShares({ spec, status }: Rollout, pods: readonly Pod[]): Map<string, number> {
  const shares = new Map<string, number>();
  const add = (podHash: string, weight: number): void => {
    if (pods.some((pod) => hashOf(pod) === podHash)) shares.set(podHash, (shares.get(podHash) ?? 0) + weight);
  };
  const weights = status?.canary?.weights;
  const active = status?.blueGreen?.activeSelector;
  if (spec.strategy.blueGreen !== undefined && active !== undefined) {
    add(active, 1);
  } else if (spec.strategy.canary?.trafficRouting !== undefined && weights !== undefined) {
    for (const { podTemplateHash = '', weight } of [weights.canary, weights.stable])
      add(podTemplateHash, weight);
  } else {
    for (const pod of pods) shares.set(hashOf(pod), (shares.get(hashOf(pod)) ?? 0) + 1);
  }
  const whole = [...shares.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map(
    [...shares].filter(([, weight]) => weight > 0).map(([podHash, weight]) => [podHash, weight / whole]),
  );
}
