import { AnalysisRunObject } from '../../../src/domain/rollout/objects/analysis-run-object.ts';
import { PodObject } from '../../../src/domain/rollout/objects/pod-object.ts';
import { ReplicaSetObject } from '../../../src/domain/rollout/objects/replica-set-object.ts';
import { RolloutObject } from '../../../src/domain/rollout/objects/rollout-object.ts';
import { type RolloutParts, rolloutView } from '../../../src/domain/rollout/read-rollout.ts';
import type { RolloutView } from '../../../src/domain/rollout/rollout-view.ts';

/** A digest whose 64 digits are all one letter. */
export function digest(letter: string): string {
  return `sha256:${letter.repeat(64)}`;
}

const meta = (name: string) => ({ name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '1' });

/** A canary Rollout `cart` of four replicas as the API server gives it; `spec` and `status` are laid over it. */
export function rolloutObject(
  over: { spec?: object; status?: object; metadata?: object } = {},
): RolloutObject {
  return RolloutObject.parse({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { ...meta('cart'), generation: 7, managedFields: [{ manager: 'argocd' }], ...over.metadata },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'cart' } },
      strategy: {
        canary: {
          steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: '1h' } }],
        },
      },
      template: { spec: { containers: [{ name: 'cart', image: `reg/cart@${digest('b')}` }] } },
      ...over.spec,
    },
    status: {
      observedGeneration: '7',
      phase: 'Paused',
      message: 'CanaryPauseStep',
      currentPodHash: 'new',
      stableRS: 'old',
      currentStepIndex: 1,
      availableReplicas: 4,
      controllerPause: true,
      pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '2026-01-01T10:00:00Z' }],
      ...over.status,
    },
  });
}

/** A ReplicaSet of the Rollout `cart` that runs the image of one digest. */
export function replicaSet(
  podHash: string,
  is: { revision: number; image: string; available?: number; leaving?: boolean; owner?: string },
): ReplicaSetObject {
  return ReplicaSetObject.parse({
    metadata: {
      ...meta(`cart-${podHash}`),
      labels: { 'rollouts-pod-template-hash': podHash, app: 'cart' },
      annotations: {
        'rollout.argoproj.io/revision': String(is.revision),
        ...(is.leaving && { 'scale-down-deadline': '2026-01-01T10:00:30Z' }),
      },
      ownerReferences: [{ kind: 'Rollout', uid: is.owner ?? 'uid-cart', controller: true, name: 'cart' }],
    },
    spec: {
      template: {
        spec: {
          containers: [
            { name: 'cart', image: is.image },
            { name: 'proxy', image: 'mesh:1' },
          ],
        },
      },
    },
    status: { replicas: is.available ?? 0, availableReplicas: is.available ?? 0 },
  });
}

/** Pods of a ReplicaSet, all alike. */
export function pods(
  podHash: string,
  is: { count: number; imageID: string; ready?: boolean; deleting?: boolean },
): PodObject[] {
  return Array.from({ length: is.count }, (_, i) =>
    PodObject.parse({
      metadata: {
        ...meta(`cart-${podHash}-${i}`),
        ownerReferences: [{ kind: 'ReplicaSet', uid: `uid-cart-${podHash}`, controller: true }],
        ...(is.deleting && { deletionTimestamp: '2026-01-01T10:00:00Z' }),
      },
      status: {
        conditions: [{ type: 'Ready', status: (is.ready ?? true) ? 'True' : 'False' }],
        containerStatuses: [
          { name: 'cart', imageID: is.imageID },
          { name: 'proxy', imageID: `docker-pullable://mesh@${digest('f')}` },
        ],
      },
    }),
  );
}

export function analysisRun(
  name: string,
  is: { podHash: string; step?: number; phase?: string },
): AnalysisRunObject {
  return AnalysisRunObject.parse({
    metadata: {
      ...meta(name),
      labels: {
        'rollouts-pod-template-hash': is.podHash,
        'rollout-type': 'Step',
        ...(is.step !== undefined && { 'step-index': String(is.step) }),
      },
      ownerReferences: [{ kind: 'Rollout', uid: 'uid-cart', controller: true }],
    },
    status: { phase: is.phase },
  });
}

/** A canary at 25 %: three pods of the old ReplicaSet (digest a), one of the new (digest b). */
export function canaryAtQuarter(over: Partial<RolloutParts> = {}): RolloutView {
  return rolloutView({
    rollout: rolloutObject(),
    replicaSets: [
      replicaSet('old', { revision: 1, image: `reg/cart@${digest('a')}`, available: 3 }),
      replicaSet('new', { revision: 2, image: `reg/cart@${digest('b')}`, available: 1 }),
    ],
    pods: [
      ...pods('old', { count: 3, imageID: `reg/cart@${digest('a')}` }),
      ...pods('new', { count: 1, imageID: `reg/cart@${digest('b')}` }),
    ],
    analysisRuns: [],
    ...over,
  });
}
