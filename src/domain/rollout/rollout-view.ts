import type { Digest } from '../ids.ts';

/** A canary pause as the controller wrote it. */
export interface Pause {
  reason:
    | 'CanaryPauseStep'
    | 'BlueGreenPause'
    | 'InconclusiveAnalysisRun'
    | 'InconclusiveExperiment'
    | string;
  startTime: string;
}

export type CanaryStep =
  | { kind: 'setWeight'; weight: number }
  /** `durationSeconds` absent: waits for somebody. */
  | { kind: 'pause'; durationSeconds?: number }
  | { kind: 'other'; name: string };

/** A ReplicaSet of a Rollout with what its pods report. */
export interface ReplicaSetView {
  podHash: string;
  revision: number;
  /** Container name to image reference of the template. */
  images: Record<string, string>;
  replicas: number;
  readyPods: {
    name: string;
    /** Container name to digest of the image id it reports. */
    digests: Record<string, Digest | undefined>;
  }[];
  /** In its scale-down delay: not serving, not proof against anything. */
  leaving: boolean;
}

/** A Rollout reduced to what decisions and people need, phase and message as Argo computes them. */
export interface RolloutView {
  uid: string;
  resourceVersion: string;
  generation: number;
  /** Whether the controller has seen this generation. */
  observed: boolean;
  /** When anybody last wrote to it, in milliseconds since 1970; absent where the API server does not say. */
  writtenAt?: number;
  phase: 'Healthy' | 'Progressing' | 'Paused' | 'Degraded';
  message: string;
  strategy: 'canary' | 'blueGreen' | 'none';
  steps: CanaryStep[];
  /** Number of steps done; absent without steps and before the controller has looked. */
  stepIndex?: number;
  /** Canary's share of traffic in percent: the router's, or by available pods. Absent for blue-green. */
  weight?: number;
  /** The share that the steps ask for at this moment, in percent. Absent for blue-green. */
  desiredWeight?: number;
  /** Blue-green only: the ReplicaSet that the active Service selects; absent before the first cutover. */
  activePodHash?: string;
  /** Blue-green only: false where the controller waits for somebody before it switches. */
  autoPromotion?: boolean;
  /** The Deployment or other object that holds the pod template; absent where the Rollout holds its own. */
  workloadRef?: { kind: string; name: string };
  currentPodHash: string;
  stablePodHash: string;
  abort: boolean;
  promoteFull: boolean;
  pausedBySpec: boolean;
  controllerPause: boolean;
  pauses: Pause[];
  desiredReplicas: number;
  availableReplicas: number;
  updatedReplicas: number;
  /** Container name to image reference of the present template. */
  images: Record<string, string>;
  replicaSets: ReplicaSetView[];
  /** Those of the present and of the stable ReplicaSet. */
  analysisRuns: {
    name: string;
    type: string;
    phase: string;
    message: string;
    podHash: string;
    step?: number;
  }[];
  /** Argo CD's view of the Application, where one is configured. */
  application?: { sync: string; health: string; revision: string; message?: string };
}

export type RolloutObserved =
  | {
      kind: 'seen';
      rollout: RolloutView /** Milliseconds since anything was heard from this cluster. */;
      staleMs: number;
    }
  | { kind: 'missing' }
  /** No answer, no right, or a watch that has not filled yet: forward work must not conclude anything from it. */
  | { kind: 'unknown'; reason: string };
