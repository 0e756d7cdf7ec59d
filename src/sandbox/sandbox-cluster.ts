import type { LoggedRequest } from './cluster/api/request-log.ts';
import type { KubeObject } from './cluster/rollout/objects.ts';
import type { VersionBehaviour } from './cluster/workload/simulator.ts';

/** A request to the API server, as every cluster can tell it. */
export type SeenRequest = Pick<
  LoggedRequest,
  | 'at'
  | 'method'
  | 'verb'
  | 'plural'
  | 'namespace'
  | 'name'
  | 'subresource'
  | 'body'
  | 'user'
  | 'groups'
  | 'impersonated'
  | 'code'
>;

/** What the world, the story and the workload need of a cluster, simulated or real. */
export interface SandboxCluster extends AsyncDisposable {
  /** Address of the API server. */
  url: string;
  /** Address of all pods' metrics. */
  metricsUrl: string;
  /** A copy of an object; absent when there is none. */
  get(kind: string, namespace: string | undefined, name: string): KubeObject | undefined;
  /** Copies of all objects of a kind. */
  list(kind: string, namespace?: string): KubeObject[];
  /** Everything that was asked of the API server, in order. */
  requests: readonly SeenRequest[];
  /** Makes the pods of a service that run this image (its digest, or the whole reference) behave badly. */
  breakVersion(service: string, image: string, behaviour: VersionBehaviour): void;
  healVersion(service: string, image: string): void;
  /** Waits until something holds. Throws with `what` after `deadlineMs` of real time (absent: 10 seconds). */
  waitFor<T>(what: string, look: () => T | undefined | false, deadlineMs?: number): Promise<T>;
}

/** What a world asks of whoever starts its cluster. */
export interface ClusterNeeds {
  /** As whom the program comes. */
  botUser: string;
  /** Digest of an image index to the digest that pods report for it. */
  platforms: Readonly<Record<string, string>>;
  /** Namespaces, rights and Applications, for a cluster at this address. */
  objects(server: string): readonly KubeObject[];
  /** The repository that the Applications name, and with what Argo CD reads it. */
  gitops: { url: string; username: string; password: string };
  /** Name of a namespace's environment in metrics. */
  environmentOf(namespace: string): string;
  /** Told what is being started. */
  progress(what: string): void;
}

/** A cluster that holds what the world needs. */
export interface StartedCluster<C extends SandboxCluster> {
  cluster: C;
  /** The program's token. */
  botToken: string;
  /** The API server's certificate authority, in PEM; absent where it speaks plain HTTP. */
  caFile?: string;
}

/** Starts a cluster; leaves nothing running when it throws. */
export type ClusterStarter<C extends SandboxCluster> = (needs: ClusterNeeds) => Promise<StartedCluster<C>>;
