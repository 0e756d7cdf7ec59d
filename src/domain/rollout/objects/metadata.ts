import { z } from 'zod';

/** An owner of an object; `controller` marks the one that manages it. */
const OwnerReference = z.object({ uid: z.string(), kind: z.string(), controller: z.boolean().nullish() });

/** What we read of every object's metadata. Everything else, `managedFields` above all, is dropped at once (a Rollout keeps their newest time). */
export const objectMeta = {
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
};

/** The uid of the controlling owner of a kind; absent for objects that nobody of that kind controls. */
export function controlledBy(kind: string) {
  return z
    .array(OwnerReference)
    .nullish()
    .transform((owners) => owners?.find((owner) => owner.kind === kind && owner.controller)?.uid);
}

/** The containers of a pod template as container name to image reference. Init containers serve nobody: left out. */
export const templateImages = z
  .object({
    spec: z
      .object({
        containers: z.array(z.object({ name: z.string(), image: z.string().default('') })).nullish(),
      })
      .nullish(),
  })
  .nullish()
  .transform(
    (template): Record<string, string> =>
      Object.fromEntries((template?.spec?.containers ?? []).map(({ name, image }) => [name, image])),
  );
