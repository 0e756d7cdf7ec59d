import type { PersonId } from '../../domain/ids.ts';
import { rbacObjects } from '../../domain/rbac/rbac-objects.ts';
import type { KubeObject } from '../cluster/rollout/objects.ts';
import { namespaceOf } from './gitops-files.ts';
import { PEOPLE, TEAM } from './people.ts';
import type { Shop } from './shop.ts';

/** As whom the program reaches the cluster. */
export const BOT_USER = 'signalbox';

/**
 * The rights that `signalbox rbac` prints for this shop: the program reads, and impersonates people by name; guests are not among
 * them.
 */
export function rights(shop: Shop): KubeObject[] {
  const objects = rbacObjects({
    cluster: 'shop',
    bot: { kind: 'user', name: BOT_USER },
    people: PEOPLE.filter(({ kind }) => kind === undefined).map(({ id }): PersonId => `slack:${TEAM}:${id}`),
    environments: shop.environments.map(({ name }) => ({
      name,
      placements: shop.services.map((service) => ({
        cluster: 'shop',
        namespace: namespaceOf(name),
        rollout: service.name,
        argocd: { application: `${service.name}-${name}`, namespace: 'argocd' },
      })),
    })),
    scope: 'namespaces',
    deployments: false,
  });
  return objects.map((object) => ({ ...object }));
}
