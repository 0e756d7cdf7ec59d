import { OPERATORS } from '../../../src/domain/rbac/identities.ts';
import { rbacObjects } from '../../../src/domain/rbac/rbac-objects.ts';

/** In whose name the product writes in these cases. */
export const PERSON = 'slack:T1:U1';

/** What the API server takes a request of the product for when it writes: the person, in the group that may. */
export const AS_PERSON: readonly [string, string][] = [
  ['Impersonate-User', PERSON],
  ['Impersonate-Group', OPERATORS],
];

/** An object with the address it is made at. */
export interface RightsObject {
  path: string;
  name: string;
  /** Of a cluster, not of a namespace: it outlives the namespace. */
  clusterWide: boolean;
  body: object;
}

/**
 * The rights that `signalbox rbac` prints for a product which works in one namespace. Roles are called after the namespace,
 * so that cases stay out of each other's way, and of a product that is installed there.
 */
export function productRights(namespace: string, botName: string): RightsObject[] {
  const [, of, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(botName) ?? [];
  const bot =
    of === undefined || account === undefined
      ? ({ kind: 'user', name: botName } as const)
      : ({ kind: 'serviceAccount', name: account, namespace: of } as const);
  const placement = { cluster: 'any', namespace, rollout: 'any' };
  const objects = rbacObjects({
    cluster: 'any',
    bot,
    people: [PERSON],
    environments: [{ name: 'prod', placements: [placement] }],
    scope: 'namespaces',
    deployments: true,
  });
  const own = (name: string): string => `${namespace}-${name}`;
  return objects.map((object) => {
    const name = own(object.metadata.name);
    const metadata = { ...object.metadata, name };
    const body =
      'roleRef' in object
        ? { ...object, metadata, roleRef: { ...object.roleRef, name: own(object.roleRef.name) } }
        : { ...object, metadata };
    return { ...addressOf(object, namespace), name, body };
  });
}

function addressOf({ kind }: { kind: string }, namespace: string): { path: string; clusterWide: boolean } {
  const api = '/apis/rbac.authorization.k8s.io/v1';
  switch (kind) {
    case 'ClusterRole':
      return { path: `${api}/clusterroles`, clusterWide: true };
    case 'ClusterRoleBinding':
      return { path: `${api}/clusterrolebindings`, clusterWide: true };
    default:
      return { path: `${api}/namespaces/${namespace}/rolebindings`, clusterWide: false };
  }
}
