import { z } from 'zod';

/** How a file of the GitOps repository says which image runs. */
export const FileFormat = z.enum(['kustomize', 'helm', 'manifest']);
export type FileFormat = z.infer<typeof FileFormat>;

/** Where in Git a placement's content lives. */
export const GitLocation = z.strictObject({
  /** Name of a repository of `signalbox.yaml`. */
  repository: z.string(),
  /** Path of the file from the repository's root. */
  file: z.string(),
  format: FileFormat,
  /** Dotted paths of the keys that the release owns; all but `releaseId` for Helm only. */
  keys: z
    .strictObject({
      repository: z.string().optional(),
      digest: z.string().default('image.digest'),
      tag: z.string().optional(),
      chartVersion: z.string().optional(),
      /** Where the pod template carries the release's id, inside the Rollout for plain manifests; absent: nowhere. */
      releaseId: z.string().optional(),
    })
    .optional(),
});
export type GitLocation = z.infer<typeof GitLocation>;

/** One place where a service runs: a Rollout in a namespace of a cluster, and the file that decides what it runs. */
export const Placement = z.strictObject({
  /** Name of a cluster of `signalbox.yaml`. */
  cluster: z.string(),
  namespace: z.string(),
  /** Name of the Rollout. */
  rollout: z.string(),
  /** Absent: Git does not own this Rollout, so a rollback uses undo, and nothing can be released forward here. */
  git: GitLocation.optional(),
  /** Absent: no Argo CD; something else applies what Git says. */
  argocd: z.strictObject({ application: z.string(), namespace: z.string().default('argocd') }).optional(),
});
export type Placement = z.infer<typeof Placement>;

/** The placement's name in messages, facts and effect ids: `<cluster>/<namespace>/<rollout>`. */
export function placementId(placement: Placement): string {
  return `${placement.cluster}/${placement.namespace}/${placement.rollout}`;
}
