import { addMeasurement, assessRun, dueMetrics, msToNext } from '../analysis/assess.ts';
import { type Measured, measure } from '../analysis/measure.ts';
import { metricsFault, resolveMetric } from '../analysis/metric.ts';
import { ANALYSIS_RUNS } from '../api/resources.ts';
import {
  type AnalysisRun,
  type AnalysisRunStatus,
  isCompleted,
  type Metric,
} from '../rollout/analysis-object.ts';
import { sameJson } from '../rollout/merge-patch.ts';
import { type Controller, type ControllerContext, change, keyOf, partsOf } from './controller.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

/** Measures and assesses AnalysisRuns. */
export function startAnalysisRuns(context: ControllerContext): Controller {
  const { store, scheduler, reactionMs, failed } = context;
  const queue = createWorkQueue({
    scheduler,
    delayMs: reactionMs,
    failed,
    work: (key) => reconcile(context, queue, key),
  });
  const unsubscribe = store.subscribe(({ resource, object, type }) => {
    if (resource === ANALYSIS_RUNS && type !== 'DELETED') queue.add(keyOf(object.metadata));
  });
  return {
    stop() {
      unsubscribe();
      queue.stop();
    },
  };
}

async function reconcile(context: ControllerContext, queue: WorkQueue, key: string): Promise<void> {
  const { namespace, name } = partsOf(key);
  const { store, scheduler } = context;
  const run = store.get(ANALYSIS_RUNS, namespace, name);
  if (run === undefined || isCompleted(run.status?.phase)) return;
  const metrics = resolved(run);
  if (typeof metrics === 'string') {
    writeStatus(context, run, () => ({ phase: 'Error', message: metrics }));
    return;
  }
  const due = dueMetrics(run, metrics, scheduler.now());
  const measured = await Promise.all(
    due.map(async (metric): Promise<[Metric, Measured]> => [metric, await measure(metric, scheduler.now)]),
  );
  // Measuring took its time: the run is taken as it is now, perhaps told to end meanwhile.
  writeStatus(context, run, (current) => {
    const counted = measured.reduce(withMeasurement, current);
    return assessRun(counted, metrics, scheduler.now());
  });
  const after = store.get(ANALYSIS_RUNS, namespace, name);
  const ms =
    after === undefined || isCompleted(after.status?.phase)
      ? undefined
      : msToNext(after, metrics, scheduler.now());
  if (ms !== undefined) queue.addAfter(key, ms);
}

/** The run's metrics with their arguments, or what is wrong with them. */
function resolved(run: AnalysisRun): Metric[] | string {
  const metrics: Metric[] = [];
  for (const metric of run.spec.metrics) {
    const made = resolveMetric(metric, run.spec.args ?? []);
    if (made.kind === 'error') return `Unable to resolve metric arguments: ${made.message}`;
    metrics.push(made.metric);
  }
  const fault = metricsFault(metrics);
  return fault === undefined ? metrics : `Analysis spec invalid: ${fault}`;
}

function withMeasurement(run: AnalysisRun, [metric, measured]: [Metric, Measured]): AnalysisRun {
  const result = addMeasurement(run, metric, measured);
  const results = run.status?.metricResults ?? [];
  const isKnown = results.some(({ name }) => name === result.name);
  const next = isKnown
    ? results.map((one) => (one.name === result.name ? result : one))
    : [...results, result];
  return { ...run, status: { phase: '', ...run.status, metricResults: next } };
}

function writeStatus(
  context: ControllerContext,
  { metadata }: AnalysisRun,
  to: (current: AnalysisRun) => AnalysisRunStatus,
): void {
  const { namespace, name, uid } = metadata;
  change(context, ANALYSIS_RUNS, {
    namespace,
    name,
    part: 'main',
    to(stored) {
      if (stored.metadata.uid !== uid || isCompleted(stored.status?.phase)) return stored;
      const status = to(stored);
      return sameJson(stored.status, status) ? stored : { ...stored, status };
    },
  });
}
