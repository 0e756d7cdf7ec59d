import type { AnalysisRun } from './analysis-object.ts';
import type { PodTemplate, ReplicaSet } from './objects.ts';

/** Changes of a ReplicaSet; what is absent stays. A null annotation is removed. */
export interface ReplicaSetChange {
  replicas?: number;
  annotations?: Record<string, string | null>;
  minReadySeconds?: number;
  template?: PodTemplate;
}

/** One write to the API server, in the order the controller makes them. */
export type Write =
  /** Merge patch of the main resource: `spec.replicas` when nobody wrote one, so that autoscalers have something to read. */
  | { kind: 'rollout.scale'; replicas: number }
  /**
   * Annotations of the Rollout. A template comes along when the controller's own spelling of it differs: it writes the whole
   * object, with empty `resources` for each container that has none, and that is a new generation.
   */
  | { kind: 'rollout.annotate'; annotations: Record<string, string>; template?: PodTemplate }
  /** Merge patch of `status`, on the status subresource. */
  | { kind: 'rollout.status'; patch: Record<string, unknown> }
  | { kind: 'replicaSet.create'; replicaSet: ReplicaSet }
  | { kind: 'replicaSet.update'; name: string; change: ReplicaSetChange }
  | { kind: 'replicaSet.delete'; name: string }
  /** Points a Service at one pod hash and marks who manages it. */
  | { kind: 'service.select'; name: string; podHash: string; managedBy: string }
  | { kind: 'analysisRun.create'; run: AnalysisRun }
  | { kind: 'analysisRun.terminate'; name: string }
  | { kind: 'analysisRun.delete'; name: string }
  /** A pod older than `spec.restartAt`: its ReplicaSet makes another. */
  | { kind: 'pod.evict'; name: string };

/** A Kubernetes event on the Rollout. */
export interface RolloutEvent {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}
