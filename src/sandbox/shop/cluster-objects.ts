import type { KubeObject } from '../cluster/rollout/objects.ts';
import { appFolder, applicationOf, namespaceOf } from './gitops-files.ts';
import type { Shop } from './shop.ts';

/** What the cluster must hold before Argo CD can do its part: namespaces, and an Application for each service and environment. */
export function clusterObjects(
  shop: Shop,
  { gitops, server }: { gitops: string; server: string },
): KubeObject[] {
  const namespaces = ['argocd', ...shop.environments.map(({ name }) => namespaceOf(name))];
  const applications = shop.environments.flatMap((environment) =>
    shop.services.map((service) => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: applicationOf(environment.name, service.name), namespace: 'argocd' },
      spec: {
        project: 'default',
        source: {
          repoURL: gitops,
          path: appFolder(environment.name, service.name),
          targetRevision: 'main',
          ...(service.format === 'helm' && {
            helm: { releaseName: service.name, valueFiles: ['values.yaml'] },
          }),
        },
        destination: { server, namespace: namespaceOf(environment.name) },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      },
    })),
  );
  return [
    ...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...applications,
  ];
}
