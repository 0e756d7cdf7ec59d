import { describe, expect, it } from 'vitest';
import { phaseOf } from '../../../src/domain/rollout/phase.ts';
import { rolloutObject } from './sample-objects.ts';

const workload = (generation: string) => ({
  annotations: { 'rollout.argoproj.io/workload-generation': generation },
});
const noPhase = { phase: undefined, message: undefined, pauseConditions: null, controllerPause: false };
const full = { ...noPhase, updatedReplicas: 4, availableReplicas: 4, replicas: 4, stableRS: 'new' };
const blueGreen = { spec: { strategy: { blueGreen: { activeService: 'cart' } } } };
const analysed = {
  spec: { strategy: { blueGreen: { activeService: 'cart', postPromotionAnalysis: { templates: [] } } } },
};

const cases: [string, Parameters<typeof rolloutObject>[0], string, string][] = [
  ['takes the controller word', {}, 'Paused', 'CanaryPauseStep'],
  [
    'waits for a spec change to be observed',
    { status: { observedGeneration: '6' } },
    'Progressing',
    'waiting for rollout spec update to be observed',
  ],
  [
    'takes a larger observed generation as observed',
    { status: { observedGeneration: '8' } },
    'Paused',
    'CanaryPauseStep',
  ],
  ['takes a hash as observed', { status: { observedGeneration: '7b7659' } }, 'Paused', 'CanaryPauseStep'],
  [
    'is unpausing once the conditions are cleared',
    { status: { pauseConditions: null } },
    'Progressing',
    'waiting for rollout to unpause',
  ],
  [
    'waits for a referenced workload to be observed',
    {
      spec: { workloadRef: { kind: 'Deployment', name: 'cart' } },
      metadata: workload('3'),
      status: { workloadObservedGeneration: '2' },
    },
    'Progressing',
    'waiting for rollout spec update to be observed for the reference workload',
  ],
  [
    'has observed a referenced workload',
    {
      spec: { workloadRef: { kind: 'Deployment', name: 'cart' } },
      metadata: workload('3'),
      status: { workloadObservedGeneration: '3' },
    },
    'Paused',
    'CanaryPauseStep',
  ],
  [
    'calculates: aborted',
    {
      status: {
        ...full,
        conditions: [
          { type: 'Progressing', reason: 'RolloutAborted', message: 'Rollout aborted update to revision 2' },
        ],
      },
    },
    'Degraded',
    'RolloutAborted: Rollout aborted update to revision 2',
  ],
  [
    'calculates: invalid',
    { status: { ...full, conditions: [{ type: 'InvalidSpec', reason: 'InvalidSpec', message: 'no' }] } },
    'Degraded',
    'InvalidSpec: no',
  ],
  [
    'calculates: timed out',
    {
      status: {
        ...full,
        conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'slow' }],
      },
    },
    'Degraded',
    'ProgressDeadlineExceeded: slow',
  ],
  ['calculates: paused by hand', { spec: { paused: true }, status: full }, 'Paused', 'manually paused'],
  [
    'calculates: restarting',
    { spec: { restartAt: '2026-01-01T10:00:00Z' }, status: full },
    'Progressing',
    'rollout is restarting',
  ],
  [
    'calculates: more replicas',
    { status: { ...full, updatedReplicas: 3 } },
    'Progressing',
    'more replicas need to be updated',
  ],
  [
    'calculates: not available',
    { status: { ...full, availableReplicas: 3 } },
    'Progressing',
    'updated replicas are still becoming available',
  ],
  [
    'calculates: old replicas',
    { status: { ...full, replicas: 5 } },
    'Progressing',
    'old replicas are pending termination',
  ],
  [
    'calculates: steps left',
    { status: { ...full, stableRS: 'old' } },
    'Progressing',
    'waiting for all steps to complete',
  ],
  ['calculates: cutover', { ...blueGreen, status: full }, 'Progressing', 'active service cutover pending'],
  [
    'calculates: verification',
    { ...blueGreen, status: { ...full, stableRS: 'old', blueGreen: { activeSelector: 'new' } } },
    'Progressing',
    'waiting for post-promotion verification to complete',
  ],
  [
    'calculates: analysis after the switch',
    { ...analysed, status: { ...full, stableRS: 'old', blueGreen: { activeSelector: 'new' } } },
    'Progressing',
    'waiting for analysis to complete',
  ],
  [
    'calculates: analysis done',
    {
      ...analysed,
      status: {
        ...full,
        stableRS: 'old',
        blueGreen: { activeSelector: 'new', postPromotionAnalysisRunStatus: { status: 'Successful' } },
      },
    },
    'Progressing',
    'waiting for post-promotion verification to complete',
  ],
  ['calculates: healthy', { status: full }, 'Healthy', ''],
];

describe('the phase of a Rollout', () => {
  it.each(cases)('%s', (_, over, phase, message) => {
    expect(phaseOf(rolloutObject(over))).toMatchObject({ phase, message });
  });

  it('is not observed while a generation or a workload is outstanding, and only then', () => {
    expect(phaseOf(rolloutObject({ status: { observedGeneration: '6' } })).observed).toBe(false);
    expect(phaseOf(rolloutObject({ status: { pauseConditions: [] } })).observed).toBe(true);
    expect(phaseOf(rolloutObject()).observed).toBe(true);
  });

  it('is progressing before the controller has seen a new Rollout', () => {
    const fresh = {
      observedGeneration: undefined,
      currentPodHash: undefined,
      ...noPhase,
      availableReplicas: undefined,
    };
    expect(phaseOf(rolloutObject({ status: fresh })).phase).toBe('Progressing');
  });
});
