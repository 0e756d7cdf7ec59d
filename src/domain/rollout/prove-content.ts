import { acceptableDigests, type Content } from '../content.ts';
import type { Digest } from '../ids.ts';
import type { Proof } from '../ledger/release-facts.ts';
import type { ReplicaSetView, RolloutView } from './rollout-view.ts';

/** What a Rollout's pods say about a content. */
export type ContentProof = { kind: 'proved'; proof: Proof } | Unproved;

interface Unproved {
  kind: 'unproved';
  /** `scaledToZero` is the only one that time alone never heals: no pod is asked for, so none can prove anything. */
  why: 'unobserved' | 'noStable' | 'scaledToZero' | 'leaving' | 'otherTraffic' | 'otherImage' | 'tooFewPods';
  /** The same for people. */
  reason: string;
}

/**
 * Whether a content is what serves: the ready pods of the ReplicaSet that takes the traffic (stable, or active for
 * blue-green) report acceptable digests for each container that the content names, there are as many as are asked for,
 * and no canary is sent traffic. Sidecars and old pods in their scale-down delay don't count, for or against. Needs no
 * registry: platform digests were recorded when the release was cut.
 */
export function proveContent(view: RolloutView, content: Content, placement: string): ContentProof {
  if (!view.observed) return unproved('unobserved', 'the controller has not seen the latest change yet');
  const podHash = servingPodHash(view);
  const serving = view.replicaSets.find((each) => podHash !== '' && each.podHash === podHash);
  if (serving === undefined) return unproved('noStable', 'no stable ReplicaSet is seen yet');
  const fault = faultOf(serving, view) ?? otherImage(serving, content) ?? tooFew(serving, view);
  if (fault !== undefined) return fault;
  const digests = Object.fromEntries(
    Object.keys(content.images).map((container) => [container, digestsOf(serving, container)]),
  );
  return { kind: 'proved', proof: { placement, podHash, pods: serving.readyPods.length, digests } };
}

/** The ReplicaSet that takes the traffic which no canary takes; empty before the first one is stable. */
export function servingPodHash(view: RolloutView): string {
  return view.strategy === 'blueGreen' ? (view.activePodHash ?? '') : view.stablePodHash;
}

function faultOf(serving: ReplicaSetView, view: RolloutView): Unproved | undefined {
  if (view.desiredReplicas === 0) {
    return unproved('scaledToZero', 'it is scaled to zero: no pod can prove what it would serve');
  }
  if (serving.leaving)
    return unproved('leaving', `the ReplicaSet ${serving.podHash} is about to be scaled down`);
  const weight = view.currentPodHash === view.stablePodHash ? 0 : (view.weight ?? 0);
  if (weight === 0) return undefined;
  return unproved('otherTraffic', `${Math.round(weight)} % of the traffic still goes to another version`);
}

function otherImage(serving: ReplicaSetView, content: Content): Unproved | undefined {
  for (const [container, image] of Object.entries(content.images)) {
    const accepted = acceptableDigests(image);
    const odd = serving.readyPods.find(({ digests }) => !accepted.includes(digests[container] ?? ''));
    if (odd === undefined) continue;
    const reason = `pod ${odd.name} serves ${odd.digests[container] ?? 'no known image'} as ${container}`;
    return unproved('otherImage', reason);
  }
  return undefined;
}

function tooFew(serving: ReplicaSetView, view: RolloutView): Unproved | undefined {
  const ready = serving.readyPods.length;
  if (ready >= view.desiredReplicas) return undefined;
  return unproved('tooFewPods', `${ready} of ${view.desiredReplicas} stable pods are ready`);
}

function digestsOf(serving: ReplicaSetView, container: string): Digest[] {
  return [...new Set(serving.readyPods.flatMap((pod) => pod.digests[container] ?? []))].sort();
}

function unproved(why: Unproved['why'], reason: string): Unproved {
  return { kind: 'unproved', why, reason };
}
