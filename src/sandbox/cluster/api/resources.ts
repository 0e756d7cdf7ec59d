import type { Application } from '../gitops/application-object.ts';
import type { AnalysisRun, AnalysisTemplate } from '../rollout/analysis-object.ts';
import type { KubeObject, Pod, ReplicaSet, Service } from '../rollout/objects.ts';
import type { Rollout } from '../rollout/rollout-object.ts';

/** One resource of the API. `T` is the shape of its objects. */
export interface Resource<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  group: string;
  version: string;
  plural: string;
  kind: string;
  shortNames: readonly string[];
  namespaced: boolean;
  /** Whether `status` is written through its own subresource only, and writes to it change no generation. */
  hasStatus: boolean;
  /** A custom resource: no strategic merge patch, and no update without a resourceVersion. */
  custom: boolean;
  /** What keeps `T` in the type; never set. */
  readonly shape?: T;
}

type Options = Partial<Pick<Resource, 'shortNames' | 'namespaced' | 'hasStatus'>>;

function builtIn<T extends KubeObject = KubeObject>(
  groupVersion: string,
  name: { plural: string; kind: string },
  options: Options = {},
): Resource<T> {
  const [version = '', group = ''] = groupVersion.split('/').reverse();
  const resource = { group, version, ...name, shortNames: [], namespaced: true, hasStatus: false };
  return { ...resource, custom: false, ...options };
}

function argoproj<T extends KubeObject = KubeObject>(
  plural: string,
  kind: string,
  options: Options = {},
): Resource<T> {
  return { ...builtIn<T>('argoproj.io/v1alpha1', { plural, kind }, options), custom: true };
}

const RBAC = 'rbac.authorization.k8s.io/v1';

/** `v1` Namespace. */
export const NAMESPACES = builtIn(
  'v1',
  { plural: 'namespaces', kind: 'Namespace' },
  { namespaced: false, hasStatus: true, shortNames: ['ns'] },
);

/** `v1` Pod. */
export const PODS = builtIn<Pod>(
  'v1',
  { plural: 'pods', kind: 'Pod' },
  { hasStatus: true, shortNames: ['po'] },
);

/** `v1` Service. */
export const SERVICES = builtIn<Service>(
  'v1',
  { plural: 'services', kind: 'Service' },
  { hasStatus: true, shortNames: ['svc'] },
);

/** `v1` Event. */
export const EVENTS = builtIn('v1', { plural: 'events', kind: 'Event' }, { shortNames: ['ev'] });

/** `apps/v1` ReplicaSet. */
export const REPLICA_SETS = builtIn<ReplicaSet>(
  'apps/v1',
  { plural: 'replicasets', kind: 'ReplicaSet' },
  { hasStatus: true, shortNames: ['rs'] },
);

/** `apps/v1` Deployment: kept for `spec.workloadRef`; nobody runs it. */
export const DEPLOYMENTS = builtIn(
  'apps/v1',
  { plural: 'deployments', kind: 'Deployment' },
  { hasStatus: true, shortNames: ['deploy'] },
);

/** `rbac.authorization.k8s.io/v1` ClusterRole. */
export const CLUSTER_ROLES = builtIn(
  RBAC,
  { plural: 'clusterroles', kind: 'ClusterRole' },
  { namespaced: false },
);

/** `rbac.authorization.k8s.io/v1` ClusterRoleBinding. */
export const CLUSTER_ROLE_BINDINGS = builtIn(
  RBAC,
  { plural: 'clusterrolebindings', kind: 'ClusterRoleBinding' },
  { namespaced: false },
);

/** `rbac.authorization.k8s.io/v1` Role. */
export const ROLES = builtIn(RBAC, { plural: 'roles', kind: 'Role' });

/** `rbac.authorization.k8s.io/v1` RoleBinding. */
export const ROLE_BINDINGS = builtIn(RBAC, { plural: 'rolebindings', kind: 'RoleBinding' });

/** `argoproj.io/v1alpha1` Rollout: the only one of Argo's with a status subresource. */
export const ROLLOUTS = argoproj<Rollout>('rollouts', 'Rollout', { hasStatus: true, shortNames: ['ro'] });

/** `argoproj.io/v1alpha1` AnalysisRun. */
export const ANALYSIS_RUNS = argoproj<AnalysisRun>('analysisruns', 'AnalysisRun', { shortNames: ['ar'] });

/** `argoproj.io/v1alpha1` AnalysisTemplate. */
export const ANALYSIS_TEMPLATES = argoproj<AnalysisTemplate>('analysistemplates', 'AnalysisTemplate', {
  shortNames: ['at'],
});

/** `argoproj.io/v1alpha1` ClusterAnalysisTemplate. */
export const CLUSTER_ANALYSIS_TEMPLATES = argoproj<AnalysisTemplate>(
  'clusteranalysistemplates',
  'ClusterAnalysisTemplate',
  { namespaced: false, shortNames: ['cat'] },
);

/** `argoproj.io/v1alpha1` Application of Argo CD. */
export const APPLICATIONS = argoproj<Application>('applications', 'Application', {
  shortNames: ['app', 'apps'],
});

/** Everything this API server stores. */
export const RESOURCES: readonly Resource[] = [
  NAMESPACES,
  PODS,
  SERVICES,
  EVENTS,
  builtIn(
    'v1',
    { plural: 'nodes', kind: 'Node' },
    { namespaced: false, hasStatus: true, shortNames: ['no'] },
  ),
  builtIn('v1', { plural: 'configmaps', kind: 'ConfigMap' }, { shortNames: ['cm'] }),
  builtIn('v1', { plural: 'serviceaccounts', kind: 'ServiceAccount' }, { shortNames: ['sa'] }),
  REPLICA_SETS,
  DEPLOYMENTS,
  builtIn(
    'networking.k8s.io/v1',
    { plural: 'ingresses', kind: 'Ingress' },
    { hasStatus: true, shortNames: ['ing'] },
  ),
  CLUSTER_ROLES,
  CLUSTER_ROLE_BINDINGS,
  ROLES,
  ROLE_BINDINGS,
  ROLLOUTS,
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  argoproj('experiments', 'Experiment', { shortNames: ['exp'] }),
  APPLICATIONS,
  argoproj('appprojects', 'AppProject', { shortNames: ['appproj'] }),
];

/** The resource of objects of this kind. */
export function resourceOfKind(apiVersion: string, kind: string): Resource | undefined {
  return RESOURCES.find((resource) => groupVersionOf(resource) === apiVersion && resource.kind === kind);
}

/** Whether objects count generations: workloads and custom resources do, the core group here does not. */
export function countsGenerations(resource: Resource): boolean {
  return resource.custom || resource.group === 'apps' || resource.group === 'networking.k8s.io';
}

/** `apps/v1`, or `v1` for the core group. */
export function groupVersionOf(resource: { group: string; version: string }): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** The resource an address names. */
export function resourceAt(address: {
  group: string;
  version: string;
  plural: string;
}): Resource | undefined {
  const groupVersion = groupVersionOf(address);
  return RESOURCES.find((one) => groupVersionOf(one) === groupVersion && one.plural === address.plural);
}

/** `rollouts.argoproj.io`, as error messages spell a resource. */
export function qualifiedName(resource: { group: string; plural: string }): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}
