import { describe, expect, it } from 'vitest';
import type { BlueGreenStrategy } from '../../../../src/sandbox/cluster/rollout/rollout-object.ts';
import { rolloutWith, Stage, serviceNamed } from './stage.ts';

function blueGreen(strategy: Partial<BlueGreenStrategy> = {}): Stage {
  const stage = new Stage(
    rolloutWith({
      strategy: { blueGreen: { activeService: 'web', previewService: 'web-preview', ...strategy } },
    }),
    [serviceNamed('web'), serviceNamed('web-preview')],
  );
  stage.pass(3);
  return stage;
}

describe('a blue-green Rollout', () => {
  it('deploys for the first time without asking anybody', () => {
    const stage = blueGreen({ autoPromotionEnabled: false });
    expect(stage.phase).toBe('Healthy');
    expect(stage.status.blueGreen?.activeSelector).toBe(stage.hashOf('web:1'));
  });

  it('switches by itself when the new pods are there, and keeps the old ones half a minute', () => {
    const stage = blueGreen();
    stage.image('web:2');
    stage.pass(5);
    expect(stage.phase).toBe('Healthy');
    expect(stage.status.blueGreen?.activeSelector).toBe(stage.hashOf('web:2'));
    expect(stage.pods).toEqual({ 'web:1': 4, 'web:2': 4 });
    stage.pass(40);
    expect(stage.pods).toEqual({ 'web:2': 4 });
  });

  it('waits for somebody when automatic promotion is off', () => {
    const stage = blueGreen({ autoPromotionEnabled: false });
    stage.image('web:2');
    stage.pass(60);
    expect(stage.phase).toBe('Paused (BlueGreenPause)');
    expect(stage.status.blueGreen?.activeSelector).toBe(stage.hashOf('web:1'));
    expect(stage.status.blueGreen?.previewSelector).toBe(stage.hashOf('web:2'));
    stage.patchStatus({ pauseConditions: null });
    expect(stage.phase).toBe('Healthy');
    expect(stage.status.stableRS).toBe(stage.hashOf('web:2'));
  });

  it('promotes after the seconds it was given', () => {
    const stage = blueGreen({ autoPromotionSeconds: 20 });
    stage.image('web:2');
    stage.pass(10);
    expect(stage.phase).toBe('Paused (BlueGreenPause)');
    stage.pass(20);
    expect(stage.phase).toBe('Healthy');
  });

  it('is back at once, without a pause, while the old pods are still up', () => {
    const stage = blueGreen({ autoPromotionEnabled: false });
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ pauseConditions: null });
    stage.pass(5);
    stage.image('web:1');
    expect(stage.phase).toBe('Healthy');
    expect(stage.status.blueGreen?.activeSelector).toBe(stage.hashOf('web:1'));
  });

  it('stops and waits on the way back once the old pods are gone', () => {
    const stage = blueGreen({ autoPromotionEnabled: false });
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ pauseConditions: null });
    stage.pass(60);
    stage.image('web:1');
    stage.pass(60);
    expect(stage.phase).toBe('Paused (BlueGreenPause)');
    expect(stage.status.blueGreen?.activeSelector).toBe(stage.hashOf('web:2'));
  });

  it('aborts a preview and takes its pods down after the delay', () => {
    const stage = blueGreen({ autoPromotionEnabled: false });
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ abort: true });
    expect(stage.phase).toBe('Degraded (RolloutAborted: Rollout aborted update to revision 2)');
    stage.pass(45);
    expect(stage.pods).toEqual({ 'web:1': 4 });
  });

  it('runs a small preview and starts the rest when it is approved', () => {
    const stage = blueGreen({ autoPromotionEnabled: false, previewReplicaCount: 1 });
    stage.image('web:2');
    stage.pass(10);
    expect(stage.pods).toEqual({ 'web:1': 4, 'web:2': 1 });
    stage.patchStatus({ pauseConditions: null });
    stage.pass(5);
    expect(stage.phase).toBe('Healthy');
    expect(stage.pods['web:2']).toBe(4);
  });

  it('does not judge before promotion until the preview is whole, and aborts when the judgement is bad', () => {
    const stage = blueGreen({ prePromotionAnalysis: { templates: [{ templateName: 'smoke' }] } });
    stage.image('web:2');
    expect(stage.world.analysisRuns).toEqual([]);
    stage.pass(3);
    expect(stage.world.analysisRuns[0]?.metadata.name).toBe(`web-${stage.hashOf('web:2')}-2-pre`);
    expect(stage.status.blueGreen?.activeSelector).toBe(stage.hashOf('web:1'));
    stage.judge('Failed', 'no');
    expect(stage.phase).toBe(
      'Degraded (RolloutAborted: Rollout aborted update to revision 2: Blue/green pre-promotion analysis phase error/failed: no)',
    );
  });

  it('goes back to the old pods when the judgement after promotion is bad', () => {
    const stage = blueGreen({ postPromotionAnalysis: { templates: [{ templateName: 'smoke' }] } });
    stage.image('web:2');
    stage.pass(3);
    expect(stage.phase).toBe('Progressing (waiting for analysis to complete)');
    expect(stage.status.blueGreen?.activeSelector).toBe(stage.hashOf('web:2'));
    stage.judge('Failed');
    stage.pass(1);
    expect(stage.status.blueGreen?.activeSelector).toBe(stage.hashOf('web:1'));
    expect(stage.status.stableRS).toBe(stage.hashOf('web:1'));
  });
});
