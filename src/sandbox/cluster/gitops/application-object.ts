import type { KubeObject } from '../rollout/objects.ts';

/** Where an Application's manifests are. */
export interface ApplicationSource {
  repoURL: string;
  path?: string | undefined;
  /** Branch, tag or commit; absent or `HEAD`: the default branch. */
  targetRevision?: string | undefined;
  helm?: { valueFiles?: string[] | undefined } | undefined;
}

/** An object of an Application and how it stands. */
export interface ApplicationResource {
  group?: string | undefined;
  version: string;
  kind: string;
  namespace?: string | undefined;
  name: string;
  status: 'Synced' | 'OutOfSync';
  /** Nobody wants it any more. */
  requiresPruning?: boolean | undefined;
  health?: ApplicationHealth | undefined;
}

/** Health as Argo CD words it; a paused Rollout is `Suspended`. */
export interface ApplicationHealth {
  status: 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';
  message?: string | undefined;
}

/** `status` of an Application. */
export interface ApplicationStatus {
  sync?:
    | { status: 'Synced' | 'OutOfSync' | 'Unknown'; revision?: string | undefined; [field: string]: unknown }
    | undefined;
  health?: ApplicationHealth | undefined;
  operationState?:
    | {
        phase: string;
        message?: string | undefined;
        syncResult?: { revision: string; [field: string]: unknown } | undefined;
        [field: string]: unknown;
      }
    | undefined;
  conditions?: { type: string; message: string; lastTransitionTime?: string | undefined }[] | undefined;
  resources?: ApplicationResource[] | undefined;
  history?: { id: number; revision: string; deployedAt: string; source?: unknown }[] | undefined;
  reconciledAt?: string | undefined;
  sourceType?: string | undefined;
  summary?: { images?: string[] | undefined } | undefined;
}

/** `argoproj.io/v1alpha1` Application of Argo CD. */
export interface Application extends KubeObject {
  spec: {
    project?: string | undefined;
    source: ApplicationSource;
    destination: { server?: string | undefined; name?: string | undefined; namespace?: string | undefined };
    syncPolicy?:
      | { automated?: { prune?: boolean | undefined; selfHeal?: boolean | undefined } | undefined }
      | undefined;
  };
  status?: ApplicationStatus | undefined;
}
