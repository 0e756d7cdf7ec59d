/** A kind of object that we read, by its place in the API. */
export interface ResourceKind {
  /** Plural, as in paths: `rollouts`. */
  plural: string;
  /** Empty for the core group. */
  group: string;
  version: string;
  /** Objects without this label are of no use to us and never sent. */
  labelSelector?: string;
}

/** Every ReplicaSet and pod of a Rollout carries it, those of Deployments do not: a large part of a cluster stays away. */
const OF_ROLLOUTS = 'rollouts-pod-template-hash';

export const ROLLOUTS: ResourceKind = { plural: 'rollouts', group: 'argoproj.io', version: 'v1alpha1' };
export const REPLICA_SETS: ResourceKind = {
  plural: 'replicasets',
  group: 'apps',
  version: 'v1',
  labelSelector: OF_ROLLOUTS,
};
export const PODS: ResourceKind = { plural: 'pods', group: '', version: 'v1', labelSelector: OF_ROLLOUTS };
export const ANALYSIS_RUNS: ResourceKind = {
  plural: 'analysisruns',
  group: 'argoproj.io',
  version: 'v1alpha1',
};
export const APPLICATIONS: ResourceKind = {
  plural: 'applications',
  group: 'argoproj.io',
  version: 'v1alpha1',
};
export const DEPLOYMENTS: ResourceKind = { plural: 'deployments', group: 'apps', version: 'v1' };

/** Path of a kind's list in a namespace; absent: in all. */
export function listPath(kind: ResourceKind, namespace: string | undefined): string {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${within}/${kind.plural}`;
}

/** Path of one object. */
export function objectPath(
  kind: ResourceKind,
  { namespace, name }: { namespace: string; name: string },
): string {
  return `${listPath(kind, namespace)}/${encodeURIComponent(name)}`;
}
