import { z } from 'zod';
import { extensible } from '../document/extensible.ts';
import { WrittenDuration } from '../gate/duration.ts';
import { WrittenThreshold } from '../gate/threshold.ts';

const StringMap = z.record(z.string(), z.string());

/** In characters. Longer than any query that people keep in a file; Prometheus takes them by POST. */
const MAX_QUERY = 8_192;
const Query = z.string().min(1).max(MAX_QUERY);

export const GateType = z.enum([
  'prometheus',
  'synthetic',
  'errorBudget',
  'baseline',
  'manual',
  'webhook',
  'http',
  'argoAnalysis',
  'contract',
  'policy',
  'checks',
  'health',
  'alertRouting',
  'incident',
]);
export type GateType = z.infer<typeof GateType>;

/**
 * A gate as people write it, in a manifest, in the catalog or as a preset of `signalbox.yaml`. Everything is optional but
 * its type: what is absent gets its default when the gate is planned, and what this version cannot carry out is refused there.
 */
export const WrittenGate = extensible({
  type: GateType,
  /** Absent: derived from type and place, such as `prometheus-0`. */
  name: z.string().min(1).max(80).optional(),
  phase: z.enum(['preflight', 'canary', 'step', 'postDeploy', 'promotion', 'contract']).optional(),
  /** Services it applies to; absent: all services of the release. */
  services: z.array(z.string()).optional(),
  /** Absent: true. */
  required: z.boolean().optional(),
  moves: z.array(z.enum(['cfr', 'leadTime', 'mttr'])).optional(),
  /** Name of a Prometheus of `signalbox.yaml`; absent: the environment's. */
  prometheus: z.string().optional(),
  query: Query.optional(),
  queries: StringMap.optional(),
  /** The condition for passing. */
  threshold: WrittenThreshold.optional(),
  /** The condition for failing; absent: whatever does not pass fails. Between the two a person decides. */
  failThreshold: WrittenThreshold.optional(),
  trafficQuery: Query.optional(),
  minTraffic: z.number().min(0).optional(),
  /** `worst`: of several series the worst one counts. Absent: several series are inconclusive. */
  reduce: z.literal('worst').optional(),
  check: z.string().optional(),
  slo: z.string().optional(),
  canaryQuery: z.string().optional(),
  baselineQuery: z.string().optional(),
  baselineWindow: z.enum(['concurrent', 'previousDay', 'previousWeek', 'previousRelease']).optional(),
  direction: z.enum(['increase', 'decrease', 'either']).optional(),
  allowedIncrease: z.number().optional(),
  allowedDecrease: z.number().optional(),
  minSamples: z.int().optional(),
  approvers: z.array(z.string()).optional(),
  quorum: z.int().min(1).optional(),
  url: z.string().optional(),
  method: z.enum(['GET', 'POST', 'PUT']).optional(),
  expectStatus: z.int().optional(),
  jsonPath: z.string().optional(),
  template: z.string().optional(),
  checks: z.array(z.string()).optional(),
  /** Between two measurements. Absent: one minute. */
  interval: WrittenDuration.optional(),
  /** Measurements to take at each moment. Absent: one. */
  count: z.int().min(0).optional(),
  initialDelay: WrittenDuration.optional(),
  /** How long one query may take. Absent: ten seconds. */
  timeout: WrittenDuration.optional(),
  /** What `{{window}}` stands for in queries. Absent: the longest range the query itself names, and five minutes where it names none. */
  window: WrittenDuration.optional(),
  /** Absent: 0. -1: no number of failures fails it. */
  failureLimit: z.int().min(-1).optional(),
  /** Absent: 0. */
  inconclusiveLimit: z.int().min(0).optional(),
  /** Absent: 4. */
  consecutiveErrorLimit: z.int().min(0).optional(),
  /** What an empty or NaN result is. Absent: inconclusive. */
  onNoData: z.enum(['fail', 'inconclusive', 'pass']).optional(),
  onFail: z.enum(['abort', 'rollback', 'pause', 'warn']).optional(),
});
export type WrittenGate = z.infer<typeof WrittenGate>;
