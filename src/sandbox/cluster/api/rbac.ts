import { z } from 'zod';
import type { KubeObject } from '../rollout/objects.ts';
import { CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES, ROLE_BINDINGS, ROLES } from './resources.ts';
import type { Store } from './store.ts';
import { MASTERS, type User } from './users.ts';

/** What is to be allowed. */
export interface Attributes {
  user: User;
  verb: string;
  isResource: boolean;
  path: string;
  group: string;
  plural: string;
  subresource: string;
  namespace: string;
  name: string;
}

/** Whether it is, and by which binding. */
export interface Decision {
  allowed: boolean;
  reason: string;
}

const list = z.array(z.string()).default([]);

/** One rule of a role. */
export const PolicyRule = z.object({
  verbs: list,
  apiGroups: list,
  resources: list,
  resourceNames: list,
  nonResourceURLs: list,
});
export type PolicyRule = z.infer<typeof PolicyRule>;

const Role = z.object({ rules: z.array(PolicyRule).nullish() });

const Binding = z.object({
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z
    .array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() }))
    .nullish(),
});

/** A rule that holds for somebody, and the words Kubernetes has for why. */
interface HeldRule {
  rule: PolicyRule;
  reason: string;
}

/** Decides as Kubernetes' RBAC does: any rule of any binding allows, nothing denies. */
export function authorize(store: Store, attributes: Attributes): Decision {
  if (attributes.user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
  const held = rulesOf(store, attributes.user, attributes.namespace);
  const found = held.find(({ rule }) => covers(rule, attributes));
  return found === undefined ? { allowed: false, reason: '' } : { allowed: true, reason: found.reason };
}

/** All rules that hold for a user in a namespace; an empty namespace leaves the cluster's. */
export function rulesOf(store: Store, user: User, namespace: string): HeldRule[] {
  const cluster = store
    .list(CLUSTER_ROLE_BINDINGS)
    .flatMap((binding) => heldBy(store, binding, { user, kind: 'ClusterRoleBinding' }));
  if (namespace === '') return cluster;
  const local = store.list(ROLE_BINDINGS, namespace);
  return [...cluster, ...local.flatMap((binding) => heldBy(store, binding, { user, kind: 'RoleBinding' }))];
}

function heldBy(store: Store, object: KubeObject, to: { user: User; kind: string }): HeldRule[] {
  const binding = Binding.safeParse(object);
  if (!binding.success) return [];
  const { namespace = '', name } = object.metadata;
  const subject = (binding.data.subjects ?? []).find((one) => isSubject(one, to.user, namespace));
  if (subject === undefined) return [];
  const { roleRef } = binding.data;
  const source =
    roleRef.kind === 'ClusterRole'
      ? store.get(CLUSTER_ROLES, undefined, roleRef.name)
      : store.get(ROLES, namespace, roleRef.name);
  const role = Role.safeParse(source);
  if (!role.success) return [];
  const bindingName = namespace === '' ? name : `${name}/${namespace}`;
  const who = `${subject.kind} "${subject.name}"`;
  const reason = `RBAC: allowed by ${to.kind} "${bindingName}" of ${roleRef.kind} "${roleRef.name}" to ${who}`;
  return (role.data.rules ?? []).map((rule) => ({ rule, reason }));
}

function isSubject(
  subject: { kind: string; name: string; namespace?: string | undefined },
  user: User,
  namespace: string,
): boolean {
  if (subject.kind === 'User') return subject.name === user.name;
  if (subject.kind === 'Group') return user.groups.includes(subject.name);
  return user.name === `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}`;
}

function covers(rule: PolicyRule, wish: Attributes): boolean {
  if (!rule.verbs.includes('*') && !rule.verbs.includes(wish.verb)) return false;
  if (!wish.isResource) return rule.nonResourceURLs.some((url) => coversPath(url, wish.path));
  const resource = wish.subresource === '' ? wish.plural : `${wish.plural}/${wish.subresource}`;
  const resources = ['*', resource, ...(wish.subresource === '' ? [] : [`*/${wish.subresource}`])];
  return (
    (rule.apiGroups.includes('*') || rule.apiGroups.includes(wish.group)) &&
    resources.some((one) => rule.resources.includes(one)) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(wish.name))
  );
}

function coversPath(url: string, path: string): boolean {
  return url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));
}

/** The refusal's words (apiserver `responsewriters.Forbidden`). */
export function forbiddenMessage(wish: Attributes): string {
  const who = `User ${JSON.stringify(wish.user.name)} cannot ${wish.verb}`;
  if (!wish.isResource) return `${who} path ${JSON.stringify(wish.path)}`;
  const resource = wish.subresource === '' ? wish.plural : `${wish.plural}/${wish.subresource}`;
  const what = `${who} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(wish.group)}`;
  return wish.namespace === ''
    ? `${what} at the cluster scope`
    : `${what} in the namespace ${JSON.stringify(wish.namespace)}`;
}

const groupBinding = (role: string, groups: readonly string[]): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: role },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: groups.map((name) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name })),
});

const clusterRole = (name: string, rules: readonly unknown[]): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name },
  rules,
});

/** The roles every cluster has that matter here (kubernetes `bootstrappolicy`): ask about yourself, discover, health. */
export function defaultRoles(): KubeObject[] {
  const health = ['/livez', '/readyz', '/healthz', '/version', '/version/'];
  const discovery = [...health, '/openapi', '/openapi/*', '/api', '/api/*', '/apis', '/apis/*'];
  const reviews = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'];
  return [
    clusterRole('cluster-admin', [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ]),
    clusterRole('system:basic-user', [
      { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: reviews },
      { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
    ]),
    clusterRole('system:discovery', [{ verbs: ['get'], nonResourceURLs: discovery }]),
    clusterRole('system:public-info-viewer', [{ verbs: ['get'], nonResourceURLs: health }]),
    groupBinding('cluster-admin', [MASTERS]),
    groupBinding('system:basic-user', ['system:authenticated']),
    groupBinding('system:discovery', ['system:authenticated']),
    groupBinding('system:public-info-viewer', ['system:authenticated', 'system:unauthenticated']),
  ];
}
