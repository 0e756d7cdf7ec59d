import { IMAGE_DIGEST_ANNOTATION } from './stages.ts';

/** What a test decides about its Rollout. */
export interface RolloutFixture {
  readonly name: string;
  readonly replicas: number;
  readonly image: string;
  /** Name of the container. Absent: `app`. */
  readonly container?: string;
  /** Annotations of the Pod template: the knobs of `stages.ts`. Absent: none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Absent: a quarter, and a pause until somebody promotes. */
  readonly steps?: readonly object[];
}

/** Digest that is nobody's, for Pods that run something else than they should. */
export const OTHER_DIGEST = `sha256:${'e'.repeat(64)}`;

/** Annotations of Pods that report another digest than their image reference names. */
export const runsOtherDigest = { [IMAGE_DIGEST_ANNOTATION]: OTHER_DIGEST };

/**
 * A canary Rollout without a traffic router, in namespace `default`, in the form that the Rollouts controller writes back: replicas and the resources
 * of containers said, no map empty that may be left out. Any other form in Git is drift to self-heal, which takes the controller's back in the middle
 * of the update; and a write that comes while the controller is at its own may be overlooked for a quarter of an hour
 * (https://github.com/argoproj/argo-rollouts/issues/4694).
 */
export function rolloutObject(fixture: RolloutFixture): object {
  const { name, replicas, image, container = 'app', annotations, steps } = fixture;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      strategy: { canary: { steps: steps ?? [{ setWeight: 25 }, { pause: {} }] } },
      template: {
        metadata: { labels: { app: name }, ...(annotations && { annotations }) },
        spec: { containers: [{ name: container, image, resources: {} }] },
      },
    },
  };
}
