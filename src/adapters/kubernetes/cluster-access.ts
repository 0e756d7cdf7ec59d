/** How one cluster's API server is reached, as `signalbox.yaml` says. */
export type ClusterAccess =
  /** A kubeconfig file, which may run credential plugins: only ever one that the operator wrote. */
  | { kind: 'kubeconfig'; path: string; context?: string }
  | {
      kind: 'inline';
      /** Such as `https://10.0.0.1:6443`; plain `http` only together with `insecure`. */
      server: string;
      token: string;
      /** Certificate authority in PEM; absent: those of the system. */
      ca?: string;
      /** Don't check the server's certificate; for a desk only. */
      insecure?: boolean;
    }
  /** The service account of the pod this program runs in. */
  | { kind: 'inCluster' };

export interface ClusterSettings {
  access: ClusterAccess;
  /** `namespaces` (default) watches those of the placements; `cluster` watches all and needs rights for all. */
  scope?: 'namespaces' | 'cluster';
}
