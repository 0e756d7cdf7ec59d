import type { SandboxCluster } from '../sandbox-cluster.ts';
import type { Faults } from './api/faults.ts';
import type { LoggedRequest } from './api/request-log.ts';
import type { User } from './api/users.ts';
import type { PodFate } from './controllers/pod-status.ts';
import type { KubeObject, Pod } from './rollout/objects.ts';
import type { Scheduler } from './scheduler.ts';
import type { TrafficOptions } from './workload/simulator.ts';

/** How a simulated cluster is set up; everything has a default. */
export interface ClusterOptions {
  /** Port of the API server; 0 or absent: any free one. */
  port?: number;
  /** Port of the pods' metrics; 0 or absent: any free one. */
  metricsPort?: number;
  /** Absent: real time. */
  scheduler?: Scheduler;
  /** Milliseconds from a pod's creation to its first service. Absent: 300. */
  podReadyMs?: number;
  /** Decides on single pods, before their annotations do (`controllers/pod-status.ts`). */
  podFate?: (pod: Pod) => { fate: PodFate; afterMs?: number } | undefined;
  /** Digest of an image index to the digest that pods report for it. Absent: pods report what was asked for. */
  platforms?: Readonly<Record<string, string>>;
  /** Tokens and whose they are. */
  users?: readonly (User & { token: string })[];
  /** How often a quiet watch gets a bookmark. Absent: once a minute. */
  bookmarkMs?: number;
  gitops?: {
    /** Milliseconds between looks at Git without being asked. Absent: three minutes, as Argo CD. */
    pollMs?: number;
    /** Milliseconds from drift to its correction. Absent: 1000. */
    selfHealMs?: number;
    /** The address to fetch an Application's repository from, credentials included. Absent: as it is written. */
    addressOf?: (repoUrl: string) => string;
  };
  /** Absent: 50 requests a second, 0.1 % errors, 40 ms. */
  traffic?: Partial<TrafficOptions>;
  /** Name of a namespace's environment in metrics. Absent: the namespace's own name. */
  environmentOf?: (namespace: string) => string;
  /** Hears of controllers' work that failed and is tried again. */
  failed?: (what: string, error: unknown) => void;
}

/** A cluster that pretends: Kubernetes' API, Argo Rollouts, a GitOps agent, and pods that count requests. */
export interface SimulatedCluster extends SandboxCluster {
  /** A kubeconfig for the holder of a token, as YAML. */
  kubeconfig(token: string): string;
  users: { add(token: string, user: User): void; remove(token: string): void };
  /** Makes or changes objects as an administrator. Throws with the API server's words when one is refused. */
  apply(objects: readonly KubeObject[]): void;
  delete(kind: string, namespace: string | undefined, name: string): void;
  /** Everything that was asked of the API server, in order. */
  requests: readonly LoggedRequest[];
  faults: Faults;
  /** Tells which digest pods report for an image index from now on. */
  reportPlatform(index: string, platform: string): void;
  /** Makes the Rollouts controller miss the next change of a Rollout, as the real one sometimes does. */
  overlookNextChange(namespace: string, rollout: string): void;
}
