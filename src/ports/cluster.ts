import type { Actor } from '../domain/actor.ts';
import type { Placement } from '../domain/catalog/placement.ts';
import type { Effect, Receipt } from '../domain/effect.ts';
import type { RolloutObserved } from '../domain/rollout/rollout-view.ts';

export type ClusterEffect = Extract<Effect, { kind: `rollout.${string}` } | { kind: 'argocd.refresh' }>;

/** How an act ended. Whatever was written, or tried, stands in the receipt. */
export type ClusterDone =
  | { kind: 'done'; receipt: Receipt }
  /** The object already is as asked. */
  | { kind: 'found'; receipt: Receipt }
  /** The world moved on: a test of the patch failed, or the object is another one. */
  | { kind: 'stale'; reason: string; receipt?: Receipt }
  /** The API server refuses this person. */
  | { kind: 'forbidden'; reason: string; receipt: Receipt }
  | { kind: 'missing'; reason: string; receipt?: Receipt };

/** One or more clusters. */
export interface Cluster {
  /** From the watch's memory; never blocks on the network. */
  observe(placement: Placement): RolloutObserved;
  /** Reads this one object and its ReplicaSets and pods from the API server now. */
  look(placement: Placement): Promise<RolloutObserved>;
  /** Looks, then writes, impersonating `onBehalfOf`. Throws `UnavailableError` (ambiguous when it may have been done). */
  perform(effect: ClusterEffect, onBehalfOf: Actor): Promise<ClusterDone>;
  /** Calls back with the placements' names (`cluster/namespace/rollout`) that changed. Answers how to stop. */
  onChange(listener: (placement: string) => void): () => void;
}
