import { z } from 'zod';
import { digestOfImageId } from '../digest-of-image-id.ts';
import { controlledBy, objectMeta } from './metadata.ts';

/** What we read of a pod, flat: whether it takes traffic and which bytes its containers run. */
export const PodObject = z
  .object({
    metadata: z.object({
      ...objectMeta,
      ownerReferences: controlledBy('ReplicaSet'),
      deletionTimestamp: z.string().nullish(),
    }),
    status: z
      .object({
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish(),
        containerStatuses: z.array(z.object({ name: z.string(), imageID: z.string().nullish() })).nullish(),
      })
      .nullish(),
  })
  .transform(({ metadata, status }) => ({
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    /** Uid of the ReplicaSet; absent for a pod of something else. */
    replicaSet: metadata.ownerReferences,
    /** A pod that is being deleted has left, whatever its condition still says. */
    ready:
      !metadata.deletionTimestamp &&
      (status?.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    digests: Object.fromEntries(
      (status?.containerStatuses ?? []).map(({ name, imageID }) => [name, digestOfImageId(imageID ?? '')]),
    ),
  }));
export type PodObject = z.infer<typeof PodObject>;
