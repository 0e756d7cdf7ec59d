import type { Digest } from '../ids.ts';
import type { ReplicaSetView, RolloutView } from './rollout-view.ts';

/** Which ReplicaSet's pod template brings given images back. */
export type UndoTarget =
  /** The template that is asked for now has them already. */
  | { kind: 'current' }
  | { kind: 'found'; podHash: string; revision: number }
  | { kind: 'none'; reason: string };

/**
 * The ReplicaSet to go back to, found by what it runs and never by its number: `undo` without a revision picks an
 * aborted version, and numbers move with every undo. The stable one is preferred, then the newest.
 */
export function undoTarget(
  view: RolloutView,
  images: Readonly<Record<string, readonly Digest[]>>,
): UndoTarget {
  const current = view.replicaSets.find((each) => each.podHash === view.currentPodHash);
  const pods = view.observed ? (current?.readyPods ?? []) : [];
  if (runs({ images: view.images, readyPods: pods }, images)) return { kind: 'current' };
  const matching = view.replicaSets.filter((each) => each.podHash !== '' && runs(each, images));
  const [target] = matching.sort((a, b) => rank(b, view) - rank(a, view) || b.revision - a.revision);
  if (target) return { kind: 'found', podHash: target.podHash, revision: target.revision };
  const kept = view.replicaSets.length;
  return { kind: 'none', reason: `none of the ${kept} ReplicaSets that are kept has these images` };
}

function rank(replicaSet: ReplicaSetView, view: RolloutView): number {
  return replicaSet.podHash === view.stablePodHash ? 1 : 0;
}

/** By the digests in the template; where it names a tag instead, by what ready pods report. */
function runs(
  { images, readyPods }: Pick<ReplicaSetView, 'images' | 'readyPods'>,
  wanted: Readonly<Record<string, readonly Digest[]>>,
): boolean {
  return Object.entries(wanted).every(([container, digests]) => {
    const pinned = /@(sha256:[0-9a-f]{64})$/.exec(images[container] ?? '')?.[1];
    if (pinned !== undefined) return digests.includes(pinned);
    return readyPods.length > 0 && readyPods.every((pod) => digests.includes(pod.digests[container] ?? ''));
  });
}
