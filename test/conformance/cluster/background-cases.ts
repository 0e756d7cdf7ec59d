import { expect } from 'vitest';
import type { ConformanceCase } from './case.ts';
import { at, itemsOf, type Json, textAt } from './client.ts';
import { QUERIES, type QueryName } from './queries.ts';
import type { Stage } from './stage.ts';

const ONE = 'registry.test/app:1';
const TWO = 'registry.test/app:2';
const STEPS = [{ setWeight: 50 }, { pause: {} }];
const TEMPLATES = { templates: [{ templateName: 'errors' }] };
const UNDER_TEN_PERCENT = { successCondition: 'result[0] < 0.1' };

/** A template `errors` with one metric of that name. */
async function template(stage: Stage, query: QueryName, metric: Json = UNDER_TEN_PERCENT): Promise<void> {
  const prometheus = { address: stage.client.target.prometheusUrl, query: QUERIES[query] };
  await stage.create('analysistemplates', {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: 'errors' },
    spec: { metrics: [{ name: 'errors', provider: { prometheus }, ...metric }] },
  });
}

/** A canary that is analysed while it takes its steps; the second version is on its way. */
async function backgrounded(stage: Stage, more: Json = {}): Promise<void> {
  await stage.healthy('web', { strategy: { canary: { steps: STEPS, analysis: { ...TEMPLATES, ...more } } } });
  expect(itemsOf(await stage.get('analysisruns'))).toEqual([]);
  await stage.image('web', TWO);
}

async function blueGreen(stage: Stage, strategy: Json): Promise<void> {
  await stage.service('web', 'web');
  await stage.service('web-preview', 'web');
  await stage.healthy('web', {
    strategy: { blueGreen: { activeService: 'web', previewService: 'web-preview', ...strategy } },
  });
}

function untilRun(stage: Stage, name: string, phase: string): Promise<Json> {
  return stage.until(`analysisruns/${name}`, (run) => at(run, 'status.phase') === phase, `to be ${phase}`);
}

/** AnalysisRuns beside a canary's steps, and before and after a blue-green switch. */
export const backgroundCases: readonly ConformanceCase[] = [
  {
    name: 'an analysis in the background goes on through the pause, and is ended with the update',
    async run(stage) {
      await template(stage, 'low', { ...UNDER_TEN_PERCENT, interval: '1m' });
      await backgrounded(stage);
      const { status } = await stage.phase('web', 'Paused', 'CanaryPauseStep');
      const hash = textAt(status, 'currentPodHash');
      const name = `web-${hash}-2`;
      const run = await untilRun(stage, name, 'Running');
      expect(at(run, 'metadata.labels')).toEqual({
        app: 'web',
        'rollout-type': 'Background',
        'rollouts-pod-template-hash': hash,
      });
      expect(at(run, 'metadata.annotations')).toEqual({ 'rollout.argoproj.io/revision': '2' });
      const noted = (one: Json): boolean =>
        at(one, 'status.canary.currentBackgroundAnalysisRunStatus.status') === 'Running';
      await stage.until('rollouts/web', noted, 'to note its run');
      await stage.status('web', { pauseConditions: null });
      await stage.phase('web', 'Healthy');
      const ended = await untilRun(stage, name, 'Successful');
      expect(at(ended, 'spec.terminate')).toBe(true);
      expect(at(ended, 'status.message')).toBe('Run Terminated');
    },
  },
  {
    name: 'an analysis in the background that fails aborts a canary at its pause',
    async run(stage) {
      await template(stage, 'high');
      await backgrounded(stage);
      await stage.phase(
        'web',
        'Degraded',
        'RolloutAborted: Rollout aborted update to revision 2: Background analysis phase error/failed: Metric "errors" assessed Failed due to failed (1) > failureLimit (0)',
      );
      await stage.untilSpread('web', { [ONE]: 2 });
    },
  },
  {
    name: 'an analysis in the background that cannot be decided pauses for a person',
    async run(stage) {
      await template(stage, 'nan', { ...UNDER_TEN_PERCENT, failureCondition: 'result[0] >= 0.1' });
      await backgrounded(stage);
      const isPaused = (one: Json): boolean =>
        itemsOf(one, 'status.pauseConditions').some(({ reason }) => reason === 'InconclusiveAnalysisRun');
      const { status } = await stage.until('rollouts/web', isPaused, 'to pause for a person');
      expect(at(status, 'abort')).toBeUndefined();
      expect(at(status, 'controllerPause')).toBe(true);
      await stage.status('web', { abort: true });
      await stage.phase('web', 'Degraded', 'RolloutAborted: Rollout aborted update to revision 2');
    },
  },
  {
    name: 'no data is an error to an unguarded condition, and errors take the release back',
    async run(stage) {
      // After an error the next measurement is ten seconds away, whatever the interval: four more would be too long a wait.
      await template(stage, 'none', { ...UNDER_TEN_PERCENT, consecutiveErrorLimit: 0 });
      await backgrounded(stage);
      await stage.phase(
        'web',
        'Degraded',
        'RolloutAborted: Rollout aborted update to revision 2: Background analysis phase error/failed: Metric "errors" assessed Error due to consecutiveErrors (1) > consecutiveErrorLimit (0): "Error Message: reflect: slice index out of range"',
      );
    },
  },
  {
    name: 'an analysis that begins at a later step is not there before',
    async run(stage) {
      await template(stage, 'low', { ...UNDER_TEN_PERCENT, interval: '1m' });
      const steps = [{ setWeight: 50 }, { pause: {} }, { setWeight: 60 }, { pause: {} }];
      const analysis = { ...TEMPLATES, startingStep: 2 };
      await stage.healthy('web', { strategy: { canary: { steps, analysis } } });
      await stage.image('web', TWO);
      const first = await stage.phase('web', 'Paused', 'CanaryPauseStep');
      expect(itemsOf(await stage.get('analysisruns'))).toEqual([]);
      await stage.status('web', { pauseConditions: null });
      await untilRun(stage, `web-${textAt(first, 'status.currentPodHash')}-2`, 'Running');
    },
  },
  {
    name: 'raising the step index skips an analysis that runs',
    async run(stage) {
      await template(stage, 'low', { ...UNDER_TEN_PERCENT, interval: '1m', count: 9 });
      const steps = [{ setWeight: 50 }, { analysis: TEMPLATES }, { pause: {} }];
      await stage.healthy('web', { strategy: { canary: { steps } } });
      await stage.image('web', TWO);
      const runs = (list: Json): boolean => at(itemsOf(list)[0], 'status.phase') === 'Running';
      const list = await stage.until('analysisruns', runs, 'to begin');
      await stage.phase('web', 'Progressing', 'more replicas need to be updated');
      await stage.status('web', { pauseConditions: null, currentStepIndex: 2 });
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
      const name = textAt(itemsOf(list)[0], 'metadata.name');
      expect(at(await untilRun(stage, name, 'Successful'), 'spec.terminate')).toBe(true);
    },
  },
  {
    name: 'a blue-green switch waits for the analysis before it, and stable for the one after it',
    async run(stage) {
      await template(stage, 'low', { ...UNDER_TEN_PERCENT, interval: '1s', count: 2 });
      await blueGreen(stage, {
        prePromotionAnalysis: TEMPLATES,
        postPromotionAnalysis: TEMPLATES,
        scaleDownDelaySeconds: 60,
      });
      await stage.image('web', TWO);
      await stage.until(
        'rollouts/web',
        (one) => at(one, 'status.message') === 'waiting for analysis to complete',
        'to wait for the analysis after the switch',
      );
      const { status } = await stage.phase('web', 'Healthy');
      const hash = textAt(status, 'currentPodHash');
      expect(at(status, 'stableRS')).toBe(hash);
      for (const [suffix, type] of [
        ['pre', 'PrePromotion'],
        ['post', 'PostPromotion'],
      ]) {
        const run = await untilRun(stage, `web-${hash}-2-${suffix}`, 'Successful');
        expect(at(run, 'metadata.labels.rollout-type')).toBe(type);
      }
    },
  },
  {
    name: 'a blue-green analysis that fails before the switch keeps the active service where it is',
    async run(stage) {
      await template(stage, 'high');
      await blueGreen(stage, { prePromotionAnalysis: TEMPLATES });
      const before = textAt(await stage.get('rollouts/web'), 'status.stableRS');
      await stage.image('web', TWO);
      const { status } = await stage.phase(
        'web',
        'Degraded',
        'RolloutAborted: Rollout aborted update to revision 2: Blue/green pre-promotion analysis phase error/failed: Metric "errors" assessed Failed due to failed (1) > failureLimit (0)',
      );
      expect(at(status, 'blueGreen.activeSelector')).toBe(before);
      expect(at(status, 'blueGreen.prePromotionAnalysisRunStatus.status')).toBe('Failed');
    },
  },
  {
    name: 'an abort after the switch brings the active service back only while all new pods serve',
    async run(stage) {
      await template(stage, 'low', { ...UNDER_TEN_PERCENT, interval: '1m', count: 2 });
      await blueGreen(stage, { postPromotionAnalysis: TEMPLATES, scaleDownDelaySeconds: 60 });
      const stable = textAt(await stage.get('rollouts/web'), 'status.stableRS');
      await stage.image('web', TWO);
      const switched = (one: Json): boolean =>
        at(one, 'status.message') === 'waiting for analysis to complete';
      const { status } = await stage.until('rollouts/web', switched, 'to switch');
      const fresh = textAt(status, 'currentPodHash');
      const label = 'rollouts-pod-template-hash';
      const [pod] = (await stage.pods('web')).filter(
        (one) => Reflect.get(at(one, 'metadata.labels') as object, label) === fresh,
      );
      await breakPod(stage, textAt(pod, 'metadata.name'));
      const isShort = (one: Json): boolean => at(one, 'status.availableReplicas') === 1;
      await stage.until('rollouts/web', isShort, 'to miss a pod');
      await stage.status('web', { abort: true });
      const aborted = await stage.phase('web', 'Degraded');
      expect(at(aborted, 'status.blueGreen.activeSelector')).toBe(fresh);
      expect(at(aborted, 'status.stableRS')).toBe(stable);
    },
  },
];

/** A container of the pod stops answering. */
async function breakPod(stage: Stage, name: string): Promise<void> {
  const pod = await stage.get(`pods/${name}`);
  const conditions = itemsOf(pod, 'status.conditions').map((condition) =>
    at(condition, 'type') === 'Ready' ? { ...condition, status: 'False' } : condition,
  );
  await stage.patch(`pods/${name}/status`, { status: { conditions } });
}
