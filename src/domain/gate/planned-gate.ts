import { z } from 'zod';
import { Objective } from './objective.ts';

/** A comparison that a measured value must satisfy, already in base units (seconds, ratio 0 to 1). */
export const Threshold = z.strictObject({
  operator: z.enum(['<', '<=', '>', '>=', '==', '!=']),
  value: z.number(),
  /** As written, with its unit, for people: `< 2%`. */
  text: z.string(),
});
export type Threshold = z.infer<typeof Threshold>;

/**
 * A gate with every default filled in, as the plan holds it. Counters mean what Argo Rollouts means by them.
 * Source: argoproj/argo-rollouts analysis/analysis.go and docs/features/analysis.md.
 */
export const PlannedGate = z.strictObject({
  name: z.string(),
  type: z.enum(['prometheus', 'manual', 'errorBudget', 'incident', 'capacity']),
  /** `preflight`: before the release starts. `canary`: at every pause of the service's canary. `step`: only at the pauses named in `steps`. `postDeploy`: once Healthy. */
  phase: z.enum(['preflight', 'canary', 'step', 'postDeploy']),
  /** Indexes of canary steps, for phase `step`. */
  steps: z.array(z.int()).default([]),
  /** Not required: shown, never decides. */
  required: z.boolean(),
  /** Name of a Prometheus of `signalbox.yaml`; absent for a manual gate. */
  prometheus: z.string().optional(),
  /** PromQL with `{{service}}`, `{{namespace}}`, `{{environment}}`, `{{pod_hash}}`, `{{stable_hash}}`, `{{window}}`. */
  query: z.string().optional(),
  threshold: Threshold.optional(),
  failThreshold: Threshold.optional(),
  trafficQuery: z.string().optional(),
  /** What the service promises, for an errorBudget gate; absent there: nobody said. */
  objective: Objective.optional(),
  /** Least value of `trafficQuery` for a verdict; 0 asks for none. */
  minTraffic: z.number().default(0),
  windowMs: z.int().nonnegative(),
  /** Between two measurements. */
  intervalMs: z.int().positive(),
  /** Measurements to take; 0 is refused when the plan is made. */
  count: z.int().positive(),
  /** Failed measurements that are still tolerated; -1 disables failing. */
  failureLimit: z.int().min(-1),
  inconclusiveLimit: z.int().nonnegative(),
  /** Errors in a row that are still tolerated. */
  consecutiveErrorLimit: z.int().nonnegative(),
  /** What an empty or NaN result is. */
  onNoData: z.enum(['fail', 'inconclusive', 'pass']),
  /** `worst`: of several series the worst one counts. Absent: several series are inconclusive. */
  reduce: z.enum(['worst']).optional(),
  /** How long a scrape may lag; the first measurement waits for start + window + this. */
  scrapeIntervalMs: z.int().nonnegative(),
  /** How long one query may take. */
  timeoutMs: z.int().positive(),
});
export type PlannedGate = z.infer<typeof PlannedGate>;

/** What one look at the world said. `error` means we could not tell. */
export const Measurement = z.strictObject({
  at: z.iso.datetime(),
  outcome: z.enum(['pass', 'fail', 'inconclusive', 'error']),
  /** The number compared, in base units; absent when there was none. */
  value: z.number().optional(),
  /** Value of the traffic query; absent when none is asked. */
  traffic: z.number().optional(),
  /** For people: why it is not a plain number compared. */
  note: z.string().optional(),
});
export type Measurement = z.infer<typeof Measurement>;

/** What a gate says of one pause (or of the finished deployment). Only `pass` lets a release go forward. */
export const Verdict = z.enum(['pass', 'fail', 'inconclusive', 'error']);
export type Verdict = z.infer<typeof Verdict>;

/** One pause of one canary, or its finished deployment: what a verdict is about, and what a person lets go on. */
export const Moment = z.strictObject({
  placement: z.string(),
  podHash: z.string(),
  step: z.union([z.int(), z.literal('postDeploy')]),
  /** Start of the pause, or when the deployment was proved: the same step may be met again. */
  since: z.string(),
});
export type Moment = z.infer<typeof Moment>;

/** A gate's answer with everything that led to it. */
export const Judgement = z.strictObject({
  gate: z.string(),
  service: z.string(),
  moment: Moment,
  verdict: Verdict,
  required: z.boolean(),
  /** The query as it was sent. */
  query: z.string().optional(),
  threshold: z.string().optional(),
  windowMs: z.int().optional(),
  measurements: z.array(Measurement),
  /** Where a person sees the query drawn. */
  link: z.string().optional(),
});
export type Judgement = z.infer<typeof Judgement>;
