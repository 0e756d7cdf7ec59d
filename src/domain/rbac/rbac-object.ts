/** A rule of RBAC. Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export interface RbacRule {
  apiGroups: string[];
  resources: string[];
  /** Absent: all. Never empty, which would mean the same. */
  resourceNames?: [string, ...string[]];
  verbs: string[];
}

export type RbacSubject =
  | { kind: 'User' | 'Group'; apiGroup: 'rbac.authorization.k8s.io'; name: string }
  | { kind: 'ServiceAccount'; name: string; namespace: string };

interface RoleReference {
  apiGroup: 'rbac.authorization.k8s.io';
  kind: 'ClusterRole';
  name: string;
}

/** The RBAC objects we write; a cluster role says what, a binding says who and where. */
export type RbacObject =
  | {
      apiVersion: 'rbac.authorization.k8s.io/v1';
      kind: 'ClusterRole';
      metadata: { name: string };
      rules: RbacRule[];
    }
  | {
      apiVersion: 'rbac.authorization.k8s.io/v1';
      kind: 'ClusterRoleBinding';
      metadata: { name: string };
      roleRef: RoleReference;
      subjects: RbacSubject[];
    }
  | {
      apiVersion: 'rbac.authorization.k8s.io/v1';
      kind: 'RoleBinding';
      metadata: { name: string; namespace: string };
      roleRef: RoleReference;
      subjects: RbacSubject[];
    };

const API_GROUP = 'rbac.authorization.k8s.io';
const API_VERSION = `${API_GROUP}/v1` as const;

export function user(name: string): RbacSubject {
  return { kind: 'User', apiGroup: API_GROUP, name };
}

export function group(name: string): RbacSubject {
  return { kind: 'Group', apiGroup: API_GROUP, name };
}

export function clusterRole(name: string, rules: RbacRule[]): RbacObject {
  return { apiVersion: API_VERSION, kind: 'ClusterRole', metadata: { name }, rules };
}

/** Gives a role to somebody: in one namespace, or everywhere where none is named. */
export function bind(role: string, to: RbacSubject[], namespace?: string): RbacObject {
  const roleRef = { apiGroup: API_GROUP, kind: 'ClusterRole', name: role } as const;
  return namespace === undefined
    ? { apiVersion: API_VERSION, kind: 'ClusterRoleBinding', metadata: { name: role }, roleRef, subjects: to }
    : {
        apiVersion: API_VERSION,
        kind: 'RoleBinding',
        metadata: { name: role, namespace },
        roleRef,
        subjects: to,
      };
}
