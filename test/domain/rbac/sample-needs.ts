import type { Placement } from '../../../src/domain/catalog/placement.ts';
import type { RbacNeeds } from '../../../src/domain/rbac/rbac-objects.ts';

const at = (namespace: string, cluster = 'main'): Placement => ({
  cluster,
  namespace,
  rollout: 'orders-api',
  argocd: { application: `orders-api-${namespace}`, namespace: 'argocd' },
});

/** Three environments in one cluster, the program in a pod of it: what `manifests/kubernetes/rbac.yaml` is printed from. */
export const SAMPLE_NEEDS: RbacNeeds = {
  cluster: 'main',
  bot: { kind: 'serviceAccount', name: 'signalbox', namespace: 'signalbox' },
  people: ['slack:T0ACME00001:U0ANA00001', 'slack:T0ACME00001:U0BEN00001'],
  environments: [
    { name: 'dev', placements: [at('dev')] },
    { name: 'staging', placements: [at('staging')] },
    { name: 'prod', placements: [at('prod')] },
  ],
  scope: 'namespaces',
  deployments: false,
};
