import { expect } from 'vitest';
import type { ConformanceCase } from './case.ts';
import { at, itemsOf, type Json, textAt } from './client.ts';
import { QUERIES, type QueryName } from './queries.ts';
import type { Stage } from './stage.ts';

const TWO = 'registry.test/app:2';
const ANALYSIS_STEPS = [
  { setWeight: 50 },
  { analysis: { templates: [{ templateName: 'errors' }], args: [{ name: 'limit', value: '0.5' }] } },
  { pause: {} },
];

function metric(address: string, query: QueryName, more: Json): Json {
  return { name: 'errors', provider: { prometheus: { address, query: QUERIES[query] } }, ...more };
}

async function analysed(stage: Stage, more: { query: QueryName; metric?: Json }): Promise<void> {
  await stage.create('analysistemplates', {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: 'errors' },
    spec: {
      args: [{ name: 'limit' }],
      metrics: [
        metric(stage.client.target.prometheusUrl, more.query, {
          successCondition: 'result[0] < {{args.limit}}',
          ...more.metric,
        }),
      ],
    },
  });
  await stage.healthy('web', { strategy: { canary: { steps: ANALYSIS_STEPS } } });
  expect(itemsOf(await stage.get('analysisruns'))).toEqual([]);
  await stage.image('web', TWO);
}

async function ended(stage: Stage, name: string): Promise<Json> {
  const phases = ['Successful', 'Failed', 'Error', 'Inconclusive'];
  const look = (run: Json): boolean => phases.includes(textAt(run, 'status.phase'));
  return stage.until(`analysisruns/${name}`, look, 'to end');
}

async function soleRun(stage: Stage): Promise<Json> {
  const list = await stage.until('analysisruns', (runs) => itemsOf(runs).length > 0, 'to begin');
  const [run, ...others] = itemsOf(list);
  expect(others).toEqual([]);
  return run ?? {};
}

/** AnalysisRuns: made by Rollouts, and judged. */
export const analysisCases: readonly ConformanceCase[] = [
  {
    name: 'a good analysis moves the canary on, under the names and labels of Argo',
    async run(stage) {
      await analysed(stage, { query: 'low' });
      const { status } = await stage.phase('web', 'Paused', 'CanaryPauseStep');
      expect(at(status, 'currentStepIndex')).toBe(2);
      const hash = textAt(status, 'currentPodHash');
      const run = await ended(stage, `web-${hash}-2-1`);
      expect(at(run, 'metadata.labels')).toEqual({
        app: 'web',
        'rollout-type': 'Step',
        'rollouts-pod-template-hash': hash,
        'step-index': '1',
      });
      expect(at(run, 'metadata.ownerReferences.0')).toMatchObject({
        kind: 'Rollout',
        name: 'web',
        controller: true,
      });
      expect(at(run, 'spec.args')).toEqual([{ name: 'limit', value: '0.5' }]);
      expect(at(run, 'status')).toMatchObject({
        phase: 'Successful',
        runSummary: { count: 1, successful: 1 },
        dryRunSummary: {},
        metricResults: [
          {
            name: 'errors',
            phase: 'Successful',
            count: 1,
            successful: 1,
            consecutiveSuccess: 1,
            metadata: { ResolvedPrometheusQuery: QUERIES.low },
            measurements: [{ phase: 'Successful', value: '[0.01]' }],
          },
        ],
      });
    },
  },
  {
    name: 'a failed analysis aborts, with the reason',
    async run(stage) {
      await analysed(stage, { query: 'high' });
      await stage.phase(
        'web',
        'Degraded',
        'RolloutAborted: Rollout aborted update to revision 2: Step-based analysis phase error/failed: Metric "errors" assessed Failed due to failed (1) > failureLimit (0)',
      );
      await stage.untilSpread('web', { 'registry.test/app:1': 2 });
      const { status } = await stage.get('rollouts/web');
      expect(at(status, 'canary.currentStepAnalysisRunStatus')).toMatchObject({ status: 'Failed' });
    },
  },
  {
    name: 'an inconclusive analysis pauses until somebody decides',
    async run(stage) {
      await analysed(stage, {
        query: 'nan',
        metric: { failureCondition: 'result[0] > 0.8' },
      });
      const { status } = await stage.phase('web', 'Paused', 'InconclusiveAnalysisRun');
      expect(at(status, 'controllerPause')).toBe(true);
      expect(at(status, 'currentStepIndex')).toBe(1);
      await stage.status('web', { pauseConditions: null, controllerPause: false, currentStepIndex: 2 });
      const promoted = await stage.phase('web', 'Paused', 'CanaryPauseStep');
      expect(at(promoted, 'status.currentStepIndex')).toBe(2);
    },
  },
  {
    name: 'a run that is ended early counts as successful',
    async run(stage) {
      await analysed(stage, { query: 'low', metric: { interval: '1m', count: 9 } });
      const run = await soleRun(stage);
      const name = textAt(run, 'metadata.name');
      await stage.until(`analysisruns/${name}`, (one) => at(one, 'status.phase') === 'Running', 'to run');
      await stage.patch(`analysisruns/${name}`, { spec: { terminate: true } });
      const { status } = await ended(stage, name);
      expect([at(status, 'phase'), at(status, 'message')]).toEqual(['Successful', 'Run Terminated']);
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
    },
  },
  {
    name: 'promoteFull skips the analysis and ends it',
    async run(stage) {
      await analysed(stage, { query: 'low', metric: { interval: '1m', count: 9 } });
      const run = await soleRun(stage);
      await stage.status('web', { promoteFull: true });
      await stage.phase('web', 'Healthy');
      const { spec } = await ended(stage, textAt(run, 'metadata.name'));
      expect(at(spec, 'terminate')).toBe(true);
    },
  },
  {
    name: 'a missing template is an invalid spec, by name',
    async run(stage) {
      await stage.rollout('web', { strategy: { canary: { steps: ANALYSIS_STEPS } } });
      await stage.phase(
        'web',
        'Degraded',
        'InvalidSpec: The Rollout "web" is invalid: spec.strategy.canary.steps[1].analysis.templates: Invalid value: "errors": AnalysisTemplate \'errors\' not found',
      );
    },
  },
  {
    name: 'a step whose analysis would never end is an invalid spec',
    async run(stage) {
      await stage.create('analysistemplates', {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AnalysisTemplate',
        metadata: { name: 'errors' },
        spec: {
          args: [{ name: 'limit' }],
          metrics: [metric('http://127.0.0.1:9', 'low', { interval: '1m' })],
        },
      });
      await stage.rollout('web', { strategy: { canary: { steps: ANALYSIS_STEPS } } });
      await stage.phase(
        'web',
        'Degraded',
        'InvalidSpec: The Rollout "web" is invalid: spec.strategy.canary.steps[1].analysis.templates: Invalid value: "errors": AnalysisTemplate errors has metric errors which runs indefinitely. Invalid value for count: <nil>',
      );
    },
  },
  {
    name: 'results are judged as Argo judges them',
    run: judgements,
  },
];

/** Query, conditions and what comes of them. */
const JUDGEMENTS: [
  name: string,
  query: QueryName,
  more: Json,
  phase: string,
  message: string,
  value: string,
][] = [
  ['vector', 'low', { successCondition: 'result[0] < 0.02' }, 'Successful', '', '[0.01]'],
  ['plain', 'low', {}, 'Successful', '', '[0.01]'],
  ['small', 'two', { successCondition: 'result[1] < 0.02' }, 'Successful', '', '[0.5,0.0000001]'],
  ['scalar', 'scalar', { successCondition: 'result < 0.6' }, 'Successful', '', '0.5'],
  ['is-nan', 'nan', { successCondition: 'isNaN(result[0])' }, 'Successful', '', '[NaN]'],
  ['nan', 'nan', { successCondition: 'result[0] < 1' }, 'Failed', failed(), '[NaN]'],
  ['guarded', 'none', { successCondition: 'len(result) > 0 && result[0] < 1' }, 'Failed', failed(), '[]'],
  [
    'empty',
    'none',
    { successCondition: 'result[0] < 1' },
    'Error',
    errored('reflect: slice index out of range'),
    '',
  ],
  [
    'whole-vector',
    'low',
    { successCondition: 'result < 0.02' },
    'Error',
    errored('invalid operation: < (mismatched types []float64 and float64)'),
    '',
  ],
  [
    'number',
    'low',
    { successCondition: 'result[0]' },
    'Error',
    errored('expected bool, but got float64'),
    '',
  ],
  [
    'parse',
    'broken',
    {},
    'Error',
    errored('bad_data: invalid parameter "query": 1:4: parse error: unexpected end of input'),
    '',
  ],
  [
    'undecided',
    'low',
    { successCondition: 'result[0] > 1', failureCondition: 'result[0] > 2' },
    'Inconclusive',
    'Metric "errors" assessed Inconclusive due to inconclusive (1) > inconclusiveLimit (0)',
    '[0.01]',
  ],
];

function failed(): string {
  return 'Metric "errors" assessed Failed due to failed (1) > failureLimit (0)';
}

function errored(why: string): string {
  return `Metric "errors" assessed Error due to consecutiveErrors (1) > consecutiveErrorLimit (0): "Error Message: ${why}"`;
}

async function judgements(stage: Stage): Promise<void> {
  for (const [name, query, more] of JUDGEMENTS) {
    await stage.create('analysisruns', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AnalysisRun',
      metadata: { name },
      spec: {
        metrics: [metric(stage.client.target.prometheusUrl, query, { consecutiveErrorLimit: 0, ...more })],
      },
    });
  }
  const seen: unknown[] = [];
  for (const [name] of JUDGEMENTS) {
    const { status } = await ended(stage, name);
    const value = textAt(status, 'metricResults.0.measurements.0.value');
    seen.push([name, at(status, 'phase'), textAt(status, 'message'), value]);
  }
  expect(seen).toEqual(JUDGEMENTS.map(([name, , , phase, message, value]) => [name, phase, message, value]));
}
