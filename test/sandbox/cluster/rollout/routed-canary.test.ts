import { describe, expect, it } from 'vitest';
import type { CanaryStrategy } from '../../../../src/sandbox/cluster/rollout/rollout-object.ts';
import { rolloutWith, Stage, serviceNamed } from './stage.ts';

function routed(strategy: Partial<CanaryStrategy> = {}): Stage {
  const canary: CanaryStrategy = {
    steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }],
    canaryService: 'web-canary',
    stableService: 'web-stable',
    trafficRouting: { nginx: { stableIngress: 'web' } },
    ...strategy,
  };
  const stage = new Stage(rolloutWith({ strategy: { canary } }), [
    serviceNamed('web-canary'),
    serviceNamed('web-stable'),
  ]);
  stage.pass(3);
  return stage;
}

function selected(stage: Stage, name: string): string | undefined {
  const service = stage.world.services.find(({ metadata }) => metadata.name === name);
  return service?.spec.selector?.['rollouts-pod-template-hash'];
}

describe('a canary behind a traffic router', () => {
  it('moves weight by the step while stable keeps all of its pods', () => {
    const stage = routed();
    stage.image('web:2');
    stage.pass(10);
    expect(stage.phase).toBe('Paused (CanaryPauseStep)');
    expect(stage.pods).toEqual({ 'web:1': 4, 'web:2': 1 });
    expect(stage.status.canary?.weights).toEqual({
      canary: { weight: 25, serviceName: 'web-canary', podTemplateHash: stage.hashOf('web:2') },
      stable: { weight: 75, serviceName: 'web-stable', podTemplateHash: stage.hashOf('web:1') },
    });
    expect(selected(stage, 'web-canary')).toBe(stage.hashOf('web:2'));
    expect(selected(stage, 'web-stable')).toBe(stage.hashOf('web:1'));
  });

  it('takes all weight from an aborted canary at once and its pods half a minute later', () => {
    const stage = routed();
    stage.image('web:2');
    stage.pass(10);
    stage.patchStatus({ abort: true });
    expect(stage.status.canary?.weights?.canary.weight).toBe(0);
    expect(selected(stage, 'web-canary')).toBe(stage.hashOf('web:1'));
    stage.pass(20);
    expect(stage.pods).toEqual({ 'web:1': 4, 'web:2': 1 });
    stage.pass(20);
    expect(stage.pods).toEqual({ 'web:1': 4 });
  });

  it('leaves the aborted pods up for good when the delay is zero', () => {
    const stage = routed({ abortScaleDownDelaySeconds: 0 });
    stage.image('web:2');
    stage.pass(10);
    stage.patchStatus({ abort: true });
    stage.pass(600);
    expect(stage.pods['web:1']).toBe(4);
    expect(stage.status.canary?.weights?.canary.weight).toBe(0);
  });

  it('keeps the former stable pods for the scale-down delay after promotion', () => {
    const stage = routed();
    stage.image('web:2');
    stage.pass(10);
    stage.patchStatus({ promoteFull: true });
    stage.pass(10);
    expect(stage.phase).toBe('Healthy');
    expect(stage.status.canary?.weights?.stable.podTemplateHash).toBe(stage.hashOf('web:2'));
    expect(stage.pods).toEqual({ 'web:1': 4, 'web:2': 4 });
    stage.pass(40);
    expect(stage.pods).toEqual({ 'web:2': 4 });
  });

  it('never gives weight to a canary that has no pods', () => {
    const stage = routed();
    stage.broken.add('web:2');
    stage.image('web:2');
    stage.pass(30);
    expect(stage.status.canary?.weights?.canary.weight).toBe(0);
    expect(stage.status.currentStepIndex).toBe(0);
  });

  it('scales by setCanaryScale apart from the weight', () => {
    const stage = routed({
      steps: [{ setCanaryScale: { replicas: 3 } }, { setWeight: 10 }, { pause: {} }],
    });
    stage.image('web:2');
    stage.pass(10);
    expect(stage.pods).toEqual({ 'web:1': 4, 'web:2': 3 });
    expect(stage.status.canary?.weights?.canary.weight).toBe(10);
  });

  it('brings stable back before traffic when stable had been scaled down with the weight', () => {
    const stage = routed({ dynamicStableScale: true, steps: [{ setWeight: 50 }, { pause: {} }] });
    stage.image('web:2');
    stage.pass(10);
    expect(stage.pods).toEqual({ 'web:1': 2, 'web:2': 2 });
    stage.patchStatus({ abort: true });
    expect(stage.status.canary?.weights?.canary.weight).toBe(50);
    stage.pass(10);
    expect(stage.status.canary?.weights?.canary.weight).toBe(0);
    expect(stage.pods).toEqual({ 'web:1': 4 });
  });

  it('refuses a service that is not there', () => {
    const canary: CanaryStrategy = {
      canaryService: 'a',
      stableService: 'b',
      trafficRouting: { nginx: {} },
    };
    const stage = new Stage(rolloutWith({ strategy: { canary } }), []);
    expect(stage.phase).toBe(
      'Degraded (InvalidSpec: The Rollout "web" is invalid: spec.strategy.canary.stableService: Invalid value: "b": service "b" not found)',
    );
  });
});
