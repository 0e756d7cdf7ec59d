import { clusterRole, type RbacObject, type RbacRule } from './rbac-object.ts';

const READ = ['get', 'list', 'watch'];

const REVIEW: RbacRule = {
  apiGroups: ['authorization.k8s.io'],
  resources: ['selfsubjectaccessreviews'],
  verbs: ['create'],
};

/** What the bot itself sees. It writes nothing in its own name. */
export const READER = 'signalbox-reader';
/** Whom the bot may act for; and that it may ask what it may do. */
export const IMPERSONATOR = 'signalbox-impersonator';
/** That the bot may ask what it may do, where it acts for nobody. */
export const REVIEWER = 'signalbox-reviewer';
/** What people, policies and recovery do to Rollouts. */
export const OPERATOR = 'signalbox-operator';
/** What the bot itself sees of Argo CD. */
export const ARGOCD_READER = 'signalbox-argocd-reader';
/** What people and policies do to Argo CD: ask it to look at Git now. */
export const ARGOCD_REFRESHER = 'signalbox-argocd-refresher';

/** `clusteranalysistemplates` has effect only where the role is bound everywhere. */
export function readerRole(): RbacObject {
  return clusterRole(READER, [
    {
      apiGroups: ['argoproj.io'],
      resources: ['rollouts', 'analysisruns', 'analysistemplates', 'clusteranalysistemplates'],
      verbs: READ,
    },
    { apiGroups: ['apps'], resources: ['replicasets', 'deployments'], verbs: READ },
    { apiGroups: [''], resources: ['pods', 'services', 'events'], verbs: READ },
  ]);
}

/** Names are listed one by one: without them the bot could be anybody, `system:masters` included. */
export function impersonatorRole(
  users: readonly [string, ...string[]],
  groups: readonly [string, ...string[]],
): RbacObject {
  const impersonate = (resources: string[], names: readonly [string, ...string[]]): RbacRule => ({
    apiGroups: [''],
    resources,
    resourceNames: [...names],
    verbs: ['impersonate'],
  });
  return clusterRole(IMPERSONATOR, [impersonate(['users'], users), impersonate(['groups'], groups), REVIEW]);
}

export function reviewerRole(): RbacObject {
  return clusterRole(REVIEWER, [REVIEW]);
}

/** Deployments only where a Rollout refers to one: there an undo puts the template back. */
export function operatorRole({ deployments }: { deployments: boolean }): RbacObject {
  const rollouts: RbacRule = {
    apiGroups: ['argoproj.io'],
    resources: ['rollouts', 'rollouts/status'],
    verbs: ['patch'],
  };
  const workloads: RbacRule = { apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] };
  return clusterRole(OPERATOR, deployments ? [rollouts, workloads] : [rollouts]);
}

export function argocdRoles(): RbacObject[] {
  const applications = { apiGroups: ['argoproj.io'], resources: ['applications'] };
  return [
    clusterRole(ARGOCD_READER, [{ ...applications, verbs: READ }]),
    clusterRole(ARGOCD_REFRESHER, [{ ...applications, verbs: ['patch'] }]),
  ];
}
