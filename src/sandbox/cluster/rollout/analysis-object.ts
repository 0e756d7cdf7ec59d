import type { KubeObject } from './objects.ts';

/** Empty until the controller has looked at a run. */
export type AnalysisPhase = '' | 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive';

/** An argument with its value, or where the value comes from. */
export interface AnalysisArgument {
  name: string;
  value?: string | undefined;
  valueFrom?:
    | {
        podTemplateHashValue?: 'Latest' | 'Stable' | undefined;
        fieldRef?: { fieldPath: string } | undefined;
        secretKeyRef?: { name: string; key: string } | undefined;
      }
    | undefined;
}

/** A metric that is measured and never counts. */
export interface DryRun {
  metricName: string;
}

/** One metric. Neither `count` nor `interval`: measured once. Only `interval`: measured until the run ends. */
export interface Metric {
  name: string;
  interval?: string | undefined;
  initialDelay?: string | undefined;
  count?: number | string | undefined;
  successCondition?: string | undefined;
  failureCondition?: string | undefined;
  failureLimit?: number | string | undefined;
  inconclusiveLimit?: number | string | undefined;
  consecutiveErrorLimit?: number | string | undefined;
  consecutiveSuccessLimit?: number | string | undefined;
  provider: {
    prometheus?: { address?: string | undefined; query: string; timeout?: number | undefined } | undefined;
    [provider: string]: unknown;
  };
}

/** One measurement; `value` is text such as `[0.0123]`. */
export interface Measurement {
  phase: AnalysisPhase;
  message?: string | undefined;
  value?: string | undefined;
  startedAt?: string | undefined;
  finishedAt?: string | undefined;
  metadata?: Record<string, string> | undefined;
}

/** Counters and recent measurements of one metric. */
export interface MetricResult {
  name: string;
  phase: AnalysisPhase;
  message?: string | undefined;
  dryRun?: boolean | undefined;
  count?: number | undefined;
  successful?: number | undefined;
  failed?: number | undefined;
  inconclusive?: number | undefined;
  error?: number | undefined;
  consecutiveError?: number | undefined;
  consecutiveSuccess?: number | undefined;
  measurements?: Measurement[] | undefined;
  metadata?: Record<string, string> | undefined;
}

/** How many metrics ended how. */
export interface RunSummary {
  count?: number | undefined;
  successful?: number | undefined;
  failed?: number | undefined;
  inconclusive?: number | undefined;
  error?: number | undefined;
}

/** `status` of an AnalysisRun. */
export interface AnalysisRunStatus {
  phase: AnalysisPhase;
  message?: string | undefined;
  metricResults?: MetricResult[] | undefined;
  startedAt?: string | undefined;
  completedAt?: string | undefined;
  runSummary?: RunSummary | undefined;
  dryRunSummary?: RunSummary | undefined;
}

/** What runs and templates have in common. */
export interface AnalysisSpec {
  metrics: Metric[];
  args?: AnalysisArgument[] | undefined;
  dryRun?: DryRun[] | undefined;
}

/** `argoproj.io/v1alpha1` AnalysisRun. */
export interface AnalysisRun extends KubeObject {
  spec: AnalysisSpec & { terminate?: boolean | undefined };
  status?: AnalysisRunStatus | undefined;
}

/** An AnalysisTemplate or a ClusterAnalysisTemplate. */
export interface AnalysisTemplate extends KubeObject {
  spec: AnalysisSpec;
}

/** Whether nothing more will come of a run or a measurement in this phase. */
export function isCompleted(phase: AnalysisPhase | undefined): boolean {
  return phase === 'Successful' || phase === 'Failed' || phase === 'Error' || phase === 'Inconclusive';
}
