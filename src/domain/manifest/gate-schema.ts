import { z } from 'zod';
import { extensible } from '../document/extensible.ts';
import { WrittenDuration } from '../gate/duration.ts';
import { WrittenThreshold } from '../gate/threshold.ts';
import { absentMeans, bounded, line, lines, maybe, query, StringMap } from './fields.ts';

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
  'capacity',
]);
export type GateType = z.infer<typeof GateType>;

/** Characters of a gate's name: it stands in messages, beside figures. */
const MAX_NAME = 80;

/**
 * A gate as people write it, in a manifest, in the catalog or as a preset of `signalbox.yaml`. Everything is optional but
 * its type: what is absent gets its default when the gate is planned, and what this version cannot carry out is refused there.
 */
export const WrittenGate = extensible({
  type: GateType.describe('What is asked.'),
  name: maybe(bounded(MAX_NAME).min(1), 'Absent: derived from type and place, such as prometheus-0.'),
  phase: maybe(
    z.enum(['preflight', 'canary', 'step', 'postDeploy', 'promotion', 'contract']),
    'When it is judged. Absent: canary; promotion for manual; preflight for errorBudget, alertRouting, incident, capacity, policy, checks and contract.',
  ),
  services: lines('Services it applies to; absent: all services of the release.'),
  required: absentMeans(z.boolean(), { is: true, for: 'Whether the release stops for it.' }),
  moves: maybe(z.array(z.enum(['cfr', 'leadTime', 'mttr'])), 'The delivery metrics that it is there for.'),
  prometheus: line("Name of a Prometheus of signalbox.yaml; absent: the environment's."),
  query: query(
    'PromQL, with {{service}}, {{namespace}}, {{environment}}, {{pod_hash}}, {{stable_hash}}, {{window}}.',
  ),
  queries: maybe(StringMap, 'Several queries by name.'),
  threshold: maybe(WrittenThreshold, 'The condition for passing.'),
  failThreshold: maybe(
    WrittenThreshold,
    'The condition for failing; absent: whatever does not pass fails. Between the two a person decides.',
  ),
  trafficQuery: query('PromQL of the traffic, for minTraffic.'),
  minTraffic: maybe(z.number().min(0), 'With less, the gate is inconclusive.'),
  reduce: maybe(
    z.literal('worst'),
    'worst: of several series the worst one counts. Absent: several series are inconclusive.',
  ),
  check: line('Name of a synthetic check.'),
  slo: line('Name of an objective.'),
  canaryQuery: query('PromQL of the new version.'),
  baselineQuery: query('PromQL of what it is compared with.'),
  baselineWindow: maybe(
    z.enum(['concurrent', 'previousDay', 'previousWeek', 'previousRelease']),
    'When the baseline is taken.',
  ),
  direction: maybe(z.enum(['increase', 'decrease', 'either']), 'Which way is worse.'),
  allowedIncrease: maybe(z.number().min(0), 'Factor up to which more is fine, such as 1.1.'),
  allowedDecrease: maybe(z.number().min(0), 'Factor down to which less is fine, such as 0.9.'),
  minSamples: maybe(z.int().min(1), 'With fewer, the gate is inconclusive.'),
  approvers: lines('Who decides.'),
  quorum: maybe(z.int().min(1), 'How many of them.'),
  url: line('Address that is asked.'),
  method: maybe(z.enum(['GET', 'POST', 'PUT']), 'How it is asked.'),
  expectStatus: maybe(z.int().min(100).max(599), 'HTTP status for passing.'),
  jsonPath: line('Where the value stands in the answer.'),
  template: line('Name of an AnalysisTemplate.'),
  checks: lines('Names of CI checks.'),
  interval: absentMeans(WrittenDuration, { is: '1m', for: 'Time between two measurements.' }),
  count: absentMeans(z.int().min(0), { is: 1, for: 'Measurements to take at each moment.' }),
  initialDelay: maybe(WrittenDuration, 'Time before the first measurement.'),
  timeout: absentMeans(WrittenDuration, { is: '10s', for: 'How long one query may take.' }),
  window: maybe(
    WrittenDuration,
    'What {{window}} stands for. Absent: the longest range the query itself names, and five minutes where it names none.',
  ),
  failureLimit: absentMeans(z.int().min(-1), {
    is: 0,
    for: 'Failed measurements that are let pass. -1: no number of failures fails it.',
  }),
  inconclusiveLimit: absentMeans(z.int().min(0), {
    is: 0,
    for: 'Inconclusive measurements that are let pass.',
  }),
  consecutiveErrorLimit: absentMeans(z.int().min(0), {
    is: 4,
    for: 'Measurements in a row that may be errors.',
  }),
  onNoData: absentMeans(z.enum(['fail', 'inconclusive', 'pass']), {
    is: 'inconclusive',
    for: 'What an empty or NaN result is.',
  }),
  onFail: maybe(z.enum(['abort', 'rollback', 'pause', 'warn']), 'What a failure does.'),
});
export type WrittenGate = z.infer<typeof WrittenGate>;
