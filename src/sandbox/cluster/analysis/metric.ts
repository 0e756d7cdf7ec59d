import type { AnalysisArgument, AnalysisPhase, Metric } from '../rollout/analysis-object.ts';
import { durationSeconds } from '../rollout/time.ts';
import { evaluateCondition, type QueryResult } from './condition.ts';

/** How a result is judged, or why it cannot be. */
export type Judgement = { phase: AnalysisPhase; message?: string };

/** Judges a query's result by a metric's conditions. No condition at all is a success, as Argo has it. */
export function judge(metric: Metric, result: QueryResult): Judgement {
  const { successCondition = '', failureCondition = '' } = metric;
  const success = successCondition === '' ? undefined : evaluateCondition(successCondition, result);
  if (success?.kind === 'error') return { phase: 'Error', message: success.message };
  const failure = failureCondition === '' ? undefined : evaluateCondition(failureCondition, result);
  if (failure?.kind === 'error') return { phase: 'Error', message: failure.message };
  if (success === undefined) return { phase: failure?.holds === true ? 'Failed' : 'Successful' };
  if (failure === undefined) return { phase: success.holds ? 'Successful' : 'Failed' };
  if (failure.holds) return { phase: 'Failed' };
  return { phase: success.holds ? 'Successful' : 'Inconclusive' };
}

/** A metric with its arguments filled in, or why that cannot be. */
export type ResolvedMetric = { kind: 'metric'; metric: Metric } | { kind: 'error'; message: string };

/** Fills `{{args.x}}` into every text of a metric. */
export function resolveMetric(metric: Metric, args: readonly AnalysisArgument[]): ResolvedMetric {
  const secret = args.find(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined);
  if (secret !== undefined) return { kind: 'error', message: 'secrets are not supported in the sandbox' };
  const missing = args.find(({ value }) => value === undefined);
  if (missing !== undefined) return { kind: 'error', message: `argument "${missing.name}" was not supplied` };
  const values = new Map(args.map(({ name, value }) => [`args.${name}`, value ?? '']));
  let unresolved: string | undefined;
  const text = JSON.stringify(metric).replace(/\{\{(.*?)\}\}/g, (_, tag: string) => {
    const value = values.get(tag.trim());
    if (value === undefined) unresolved ??= tag;
    return JSON.stringify(value ?? '').slice(1, -1);
  });
  if (unresolved !== undefined) return { kind: 'error', message: `failed to resolve {{${unresolved}}}` };
  return { kind: 'metric', metric: JSON.parse(text) as Metric };
}

/** What is wrong with a list of metrics, in Argo's words; absent when nothing is. */
export function metricsFault(metrics: readonly Metric[]): string | undefined {
  if (metrics.length === 0) return 'no metrics specified';
  for (const [index, metric] of metrics.entries()) {
    const fault = metricFault(metric);
    if (fault !== undefined) return `metrics[${index}]: ${fault}`;
  }
  return undefined;
}

function metricFault(metric: Metric): string | undefined {
  const { interval = '', initialDelay = '' } = metric;
  const count = limitOf(metric.count, 0);
  if (count > 1 && interval === '') return 'interval must be specified when count > 1';
  if (interval !== '' && !isDuration(interval)) {
    return `invalid interval string: time: invalid duration ${JSON.stringify(interval)}`;
  }
  if (initialDelay !== '' && !isDuration(initialDelay)) {
    return `invalid startDelay string: time: invalid duration ${JSON.stringify(initialDelay)}`;
  }
  if (Object.keys(metric.provider ?? {}).length === 0) return 'no provider specified';
  return Object.keys(metric.provider).length > 1 ? 'multiple providers specified' : undefined;
}

function isDuration(text: string): boolean {
  return !/^\d+$/.test(text) && durationSeconds(text) >= 0;
}

/** A limit that may be written as number or text. */
export function limitOf(limit: number | string | undefined, otherwise: number): number {
  return limit === undefined ? otherwise : Number(limit);
}

/** How often a metric is measured; absent: until the run ends. */
export function countOf({ count, interval = '' }: Metric): number | undefined {
  const written = limitOf(count, 0);
  if (written > 0) return written;
  return interval === '' ? 1 : undefined;
}
