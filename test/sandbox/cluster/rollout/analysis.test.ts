import { describe, expect, it } from 'vitest';
import type { CanaryStrategy } from '../../../../src/sandbox/cluster/rollout/rollout-object.ts';
import { rolloutWith, Stage } from './stage.ts';

const ANALYSIS = { templates: [{ templateName: 'errors' }] };

function analysed(canary: CanaryStrategy): Stage {
  const stage = new Stage(rolloutWith({ strategy: { canary } }));
  stage.pass(3);
  return stage;
}

const inline = (): Stage =>
  analysed({ steps: [{ setWeight: 25 }, { analysis: ANALYSIS }, { setWeight: 50 }, { pause: {} }] });

describe('analysis of a canary', () => {
  it('makes no run on the first deploy', () => {
    expect(inline().world.analysisRuns).toEqual([]);
  });

  it('runs at its step, under the name and labels that Argo gives', () => {
    const stage = inline();
    stage.image('web:2');
    stage.pass(60);
    const [run, ...rest] = stage.world.analysisRuns;
    expect(rest).toEqual([]);
    expect(run?.metadata.name).toBe(`web-${stage.hashOf('web:2')}-2-1`);
    expect(run?.metadata.labels).toEqual({
      app: 'web',
      'rollout-type': 'Step',
      'rollouts-pod-template-hash': stage.hashOf('web:2'),
      'step-index': '1',
    });
    expect(run?.metadata.annotations).toEqual({ 'rollout.argoproj.io/revision': '2' });
    expect(stage.status.canary?.currentStepAnalysisRunStatus?.name).toBe(run?.metadata.name);
    expect(stage.status.currentStepIndex).toBe(1);
  });

  it('goes on when the run is successful', () => {
    const stage = inline();
    stage.image('web:2');
    stage.pass(5);
    stage.judge('Successful');
    stage.pass(5);
    expect(stage.phase).toBe('Paused (CanaryPauseStep)');
    expect(stage.status.currentStepIndex).toBe(3);
    expect(stage.status.canary?.currentStepAnalysisRunStatus).toBeUndefined();
  });

  it.each(['Failed', 'Error'] as const)('aborts when the run ends as %s, with the reason', (phase) => {
    const stage = inline();
    stage.image('web:2');
    stage.pass(5);
    stage.judge(phase, 'too many errors');
    stage.pass(5);
    expect(stage.phase).toBe(
      'Degraded (RolloutAborted: Rollout aborted update to revision 2: Step-based analysis phase error/failed: too many errors)',
    );
    expect(stage.pods).toEqual({ 'web:1': 4 });
  });

  it('pauses when the run is inconclusive, runs again when resumed, and skips when promoted past it', () => {
    const stage = inline();
    stage.image('web:2');
    stage.pass(5);
    stage.judge('Inconclusive');
    expect(stage.phase).toBe('Paused (InconclusiveAnalysisRun)');
    stage.patchStatus({ pauseConditions: null });
    expect(stage.world.analysisRuns.map(({ metadata }) => metadata.name)).toEqual([
      `web-${stage.hashOf('web:2')}-2-1`,
      `web-${stage.hashOf('web:2')}-2-1.1`,
    ]);
    stage.judge('Inconclusive');
    stage.patchStatus({ pauseConditions: null, controllerPause: false, currentStepIndex: 2 });
    stage.pass(5);
    expect(stage.phase).toBe('Paused (CanaryPauseStep)');
    expect(stage.status.currentStepIndex).toBe(3);
  });

  it('runs again on a retry after an abort', () => {
    const stage = inline();
    stage.image('web:2');
    stage.pass(5);
    stage.judge('Failed');
    stage.pass(5);
    stage.patchStatus({ abort: false });
    stage.pass(5);
    expect(stage.world.analysisRuns.at(-1)?.metadata.name).toBe(`web-${stage.hashOf('web:2')}-2-1.1`);
    expect(stage.status.abort).not.toBe(true);
  });

  it('ends a run of a step that somebody skips', () => {
    const stage = inline();
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ currentStepIndex: 2 });
    expect(stage.world.analysisRuns[0]?.spec.terminate).toBe(true);
  });

  it('watches in the background from the step it is told, and aborts', () => {
    const stage = analysed({
      analysis: { ...ANALYSIS, startingStep: 1 },
      steps: [{ setWeight: 25 }, { pause: {} }],
    });
    stage.image('web:2');
    expect(stage.world.analysisRuns).toEqual([]);
    stage.pass(5);
    const [run] = stage.world.analysisRuns;
    expect(run?.metadata.name).toBe(`web-${stage.hashOf('web:2')}-2`);
    expect(run?.metadata.labels?.['rollout-type']).toBe('Background');
    stage.judge('Failed');
    stage.pass(5);
    expect(stage.phase).toBe(
      'Degraded (RolloutAborted: Rollout aborted update to revision 2: Background analysis phase error/failed)',
    );
  });

  it('ends all runs on a full promotion: no analysis is no pass', () => {
    const stage = inline();
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ promoteFull: true });
    stage.pass(10);
    expect(stage.phase).toBe('Healthy');
    expect(stage.world.analysisRuns.every(({ spec }) => spec.terminate === true)).toBe(true);
  });
});
