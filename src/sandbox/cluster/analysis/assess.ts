import {
  type AnalysisPhase,
  type AnalysisRun,
  type AnalysisRunStatus,
  isCompleted,
  type Measurement,
  type Metric,
  type MetricResult,
  type RunSummary,
} from '../rollout/analysis-object.ts';
import { durationSeconds, timestamp } from '../rollout/time.ts';
import { countOf, limitOf } from './metric.ts';

/** Measurements that are kept of each metric (argo-rollouts `DefaultMeasurementHistoryLimit`). */
const MOST_MEASUREMENTS = 10;

/** Milliseconds to the next try after a measurement that errored (argo-rollouts `DefaultErrorRetryInterval`). */
const RETRY_AFTER_ERROR_MS = 10_000;

/** Errors in a row that a metric survives (argo-rollouts `DefaultConsecutiveErrorLimit`). */
const CONSECUTIVE_ERROR_LIMIT = 4;

/** Worse to the right. */
const ORDER: readonly AnalysisPhase[] = [
  'Successful',
  'Running',
  'Pending',
  'Inconclusive',
  'Error',
  'Failed',
];

/** A metric as it stands in a run. */
interface Standing {
  metric: Metric;
  result: MetricResult | undefined;
}

/** Whether a run ends early: it was told to, or a metric that counts has gone wrong. */
export function isTerminating(run: AnalysisRun): boolean {
  if (run.spec.terminate === true) return true;
  return (run.status?.metricResults ?? []).some(
    ({ dryRun, phase }) =>
      dryRun !== true && (phase === 'Failed' || phase === 'Error' || phase === 'Inconclusive'),
  );
}

/** Metrics that are due to be measured now. */
export function dueMetrics(run: AnalysisRun, metrics: readonly Metric[], now: number): Metric[] {
  if (isTerminating(run)) return [];
  return metrics.filter((metric) => {
    const at = dueAt(run, { metric, result: resultOf(run, metric.name) });
    return at !== undefined && at <= now;
  });
}

/** Milliseconds until something is due; absent when nothing will be. */
export function msToNext(run: AnalysisRun, metrics: readonly Metric[], now: number): number | undefined {
  const due = metrics
    .map((metric) => dueAt(run, { metric, result: resultOf(run, metric.name) }))
    .filter((at) => at !== undefined);
  return due.length === 0 ? undefined : Math.max(0, Math.min(...due) - now);
}

function resultOf(run: AnalysisRun, name: string): MetricResult | undefined {
  return run.status?.metricResults?.find((result) => result.name === name);
}

/** When a metric is to be measured next; absent: never again. */
function dueAt(run: AnalysisRun, { metric, result }: Standing): number | undefined {
  if (isCompleted(result?.phase)) return undefined;
  const last = result?.measurements?.at(-1);
  if (last === undefined) {
    const { initialDelay = '' } = metric;
    if (initialDelay === '') return 0;
    const { startedAt } = run.status ?? {};
    return startedAt === undefined ? undefined : Date.parse(startedAt) + durationSeconds(initialDelay) * 1000;
  }
  const count = countOf(metric);
  if (count !== undefined && (result?.count ?? 0) >= count) return undefined;
  const { interval = '' } = metric;
  const hasErred = last.phase === 'Error' || interval === '';
  const waitMs = hasErred ? RETRY_AFTER_ERROR_MS : durationSeconds(interval) * 1000;
  return Date.parse(last.finishedAt ?? '') + waitMs;
}

/** The result of a metric with one more measurement counted. */
export function addMeasurement(
  run: AnalysisRun,
  metric: Metric,
  measured: { measurement: Measurement; metadata?: Record<string, string> },
): MetricResult {
  const { measurement } = measured;
  const isDryRun = (run.spec.dryRun ?? []).some(({ metricName }) => new RegExp(metricName).test(metric.name));
  const before: MetricResult = resultOf(run, metric.name) ?? {
    name: metric.name,
    phase: 'Running',
    ...(isDryRun ? { dryRun: true } : {}),
    ...(measured.metadata === undefined ? {} : { metadata: measured.metadata }),
  };
  const measurements = [...(before.measurements ?? []), measurement].slice(-MOST_MEASUREMENTS);
  return { ...before, ...counters(before, measurement.phase), measurements };
}

function counters(before: MetricResult, phase: AnalysisPhase): Partial<MetricResult> {
  const plusOne = (count: number | undefined): number => (count ?? 0) + 1;
  if (phase === 'Error') {
    return {
      error: plusOne(before.error),
      consecutiveError: plusOne(before.consecutiveError),
      consecutiveSuccess: undefined,
    };
  }
  const count = { count: plusOne(before.count), consecutiveError: undefined };
  if (phase === 'Successful') {
    const consecutiveSuccess = plusOne(before.consecutiveSuccess);
    return { ...count, successful: plusOne(before.successful), consecutiveSuccess };
  }
  const ended = { ...count, consecutiveSuccess: undefined };
  return phase === 'Failed'
    ? { ...ended, failed: plusOne(before.failed) }
    : { ...ended, inconclusive: plusOne(before.inconclusive) };
}

/** Assesses a run after its measurements: each metric, then the whole, the worst that counts deciding. */
export function assessRun(run: AnalysisRun, metrics: readonly Metric[], now: number): AnalysisRunStatus {
  const before: AnalysisRunStatus = run.status ?? { phase: '' };
  const terminating = isTerminating(run);
  const standings = metrics.map((metric) =>
    assessed({ metric, result: resultOf(run, metric.name) }, terminating),
  );
  const results = standings.map(({ result }) => result).filter((result) => result !== undefined);
  const { phase, message } = outcome(run, standings, terminating);
  const changed = phase !== before.phase;
  const completedAt = before.completedAt ?? (changed && isCompleted(phase) ? timestamp(now) : undefined);
  const status: AnalysisRunStatus = {
    phase: changed ? phase : before.phase,
    message: (changed ? message : before.message) || undefined,
    metricResults: results.map(tidy),
    startedAt: before.startedAt ?? timestamp(now),
    completedAt,
    runSummary: summarize(standings.filter(({ result }) => result?.dryRun !== true)),
    dryRunSummary: summarize(standings.filter(({ result }) => result?.dryRun === true)),
  };
  return tidy(status);
}

function tidy<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, member]) => member !== undefined)) as T;
}

function assessed({ metric, result }: Standing, terminating: boolean): Standing {
  if (result === undefined) return { metric, result };
  const phase = phaseOf(metric, result, terminating);
  if (phase === result.phase) return { metric, result };
  const message = result.measurements?.at(-1)?.message;
  const why = problemOf(metric, result)?.message;
  const said =
    result.dryRun === true && why !== undefined ? `Metric assessed ${phase} due to ${why}` : message;
  return { metric, result: { ...result, phase, message: said } };
}

/** `assessMetricStatus` of argo-rollouts. A run that is ended early leaves what was not bad so far successful. */
function phaseOf(metric: Metric, result: MetricResult, terminating: boolean): AnalysisPhase {
  if (isCompleted(result.phase)) return result.phase;
  const problem = problemOf(metric, result);
  if (problem !== undefined) return problem.phase;
  const wanted = limitOf(metric.consecutiveSuccessLimit, 0);
  if (wanted > 0 && (result.consecutiveSuccess ?? 0) >= wanted) return 'Successful';
  const count = countOf(metric);
  if (count !== undefined && (result.count ?? 0) >= count) {
    if (wanted <= 0) return 'Successful';
    return limitOf(metric.failureLimit, 0) >= 0 ? 'Inconclusive' : 'Failed';
  }
  return terminating ? 'Successful' : 'Running';
}

/** Which limit a metric is over; the later of several decides. */
function problemOf(
  metric: Metric,
  result: MetricResult,
): { phase: AnalysisPhase; message: string } | undefined {
  const failureLimit = limitOf(metric.failureLimit, 0);
  const inconclusiveLimit = limitOf(metric.inconclusiveLimit, 0);
  const errorLimit = limitOf(metric.consecutiveErrorLimit, CONSECUTIVE_ERROR_LIMIT);
  const { failed = 0, inconclusive = 0, consecutiveError = 0 } = result;
  if (consecutiveError > errorLimit) {
    const message = `consecutiveErrors (${consecutiveError}) > consecutiveErrorLimit (${errorLimit})`;
    return { phase: 'Error', message };
  }
  if (inconclusive > inconclusiveLimit) {
    const message = `inconclusive (${inconclusive}) > inconclusiveLimit (${inconclusiveLimit})`;
    return { phase: 'Inconclusive', message };
  }
  if (failureLimit >= 0 && failed > failureLimit) {
    return { phase: 'Failed', message: `failed (${failed}) > failureLimit (${failureLimit})` };
  }
  return undefined;
}

function outcome(
  run: AnalysisRun,
  standings: readonly Standing[],
  terminating: boolean,
): { phase: AnalysisPhase; message: string } {
  let worst: AnalysisPhase | undefined;
  let message = run.spec.terminate === true ? 'Run Terminated' : '';
  for (const { metric, result } of standings) {
    if (result === undefined || !isCompleted(result.phase)) continue;
    if (result.dryRun === true) {
      worst ??= 'Successful';
    } else if (worst === undefined || ORDER.indexOf(result.phase) > ORDER.indexOf(worst)) {
      worst = result.phase;
      message = describeEnd(metric, result) ?? message;
    }
  }
  if (terminating) return { phase: worst ?? 'Successful', message };
  const isDone = standings.every(({ result }) => isCompleted(result?.phase));
  return isDone && worst !== undefined ? { phase: worst, message } : { phase: 'Running', message: '' };
}

function describeEnd(metric: Metric, result: MetricResult): string | undefined {
  const problem = problemOf(metric, result);
  if (problem === undefined) return undefined;
  const said = `Metric "${metric.name}" assessed ${result.phase} due to ${problem.message}`;
  return (result.message ?? '') === '' ? said : `${said}: "Error Message: ${result.message}"`;
}

function summarize(standings: readonly Standing[]): RunSummary {
  const ended = (phase: AnalysisPhase): number | undefined =>
    standings.filter(({ result }) => result?.phase === phase).length || undefined;
  return tidy({
    count: standings.length || undefined,
    successful: ended('Successful'),
    failed: ended('Failed'),
    inconclusive: ended('Inconclusive'),
    error: ended('Error'),
  });
}
