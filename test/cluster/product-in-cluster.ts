import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { type ApiClient, createApiClient } from '../../src/adapters/kubernetes/api-client.ts';
import type { ClusterAccess } from '../../src/adapters/kubernetes/cluster-access.ts';
import { openCredentials } from '../../src/adapters/kubernetes/credentials.ts';
import { type Clusters, openClusters } from '../../src/adapters/kubernetes/open-clusters.ts';
import type { Placement } from '../../src/domain/catalog/placement.ts';
import type { ControlPlane } from './control-plane.ts';

/** The cluster's name in `manifests/kubernetes/signalbox.yaml`. */
export const CLUSTER = 'main';

/** The product's account in `manifests/kubernetes`, as the API server calls it. */
export const BOT = 'system:serviceaccount:signalbox:signalbox';

/** Namespaces that `manifests/kubernetes` gives rights in. */
export const ENVIRONMENTS = ['dev', 'staging', 'prod'] as const;

/** The product's account and rights as they are shipped, installed in a control plane. */
export interface InstalledProduct {
  /** How the product reaches the cluster. */
  readonly access: ClusterAccess;
  /** Requests with the product's token, as the product sends them. */
  readonly client: ApiClient;
  /** The product's own view of these placements and its acts on them. The caller disposes of it. */
  open(placements: readonly Placement[]): Clusters;
}

/** Installs account and rights out of `manifests/kubernetes` with `kubectl`, as its reader does. */
export async function installProduct(plane: ControlPlane): Promise<InstalledProduct> {
  const file = (name: string): string =>
    new URL(`../../manifests/kubernetes/${name}`, import.meta.url).pathname;
  for (const namespace of ['signalbox', 'argocd', ...ENVIRONMENTS]) {
    await plane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  }
  await plane.kubectl('apply', '-f', file('service-account.yaml'), '-f', file('rbac.yaml'));
  const token = (await plane.kubectl('create', 'token', 'signalbox', '--namespace', 'signalbox')).trim();
  const ca = await readFile(plane.caFile, 'utf8');
  const access = { kind: 'inline', server: plane.url, token, ca } as const;
  const clock = { now: () => Date.now() };
  return {
    access,
    client: createApiClient(CLUSTER, openCredentials(CLUSTER, access, clock)),
    open: (placements) =>
      openClusters({
        clusters: { [CLUSTER]: { access } },
        placements,
        clock,
        random: Math.random,
        log: pino({ level: 'silent' }),
      }),
  };
}
