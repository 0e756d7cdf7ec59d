import { describe, expect, it } from 'vitest';
import { digestOfImageId } from '../../../src/domain/rollout/digest-of-image-id.ts';
import { manualActionNeeded } from '../../../src/domain/rollout/manual-action.ts';
import { RolloutObject } from '../../../src/domain/rollout/objects/rollout-object.ts';
import { rolloutView } from '../../../src/domain/rollout/read-rollout.ts';
import { analysisRun, canaryAtQuarter, digest, pods, replicaSet, rolloutObject } from './sample-objects.ts';

const router = (max?: number) => ({
  strategy: {
    canary: {
      steps: [{ setWeight: 25 }, { pause: {} }],
      trafficRouting: { nginx: {}, maxTrafficWeight: max },
    },
  },
});

describe('reading a Rollout', () => {
  it('finds the canary, the stable ReplicaSet and their pods among others', () => {
    const view = canaryAtQuarter({
      replicaSets: [
        replicaSet('old', { revision: 1, image: 'cart:1', available: 3 }),
        replicaSet('new', { revision: 2, image: 'cart:2', available: 1 }),
        replicaSet('alien', { revision: 9, image: 'cart:9', owner: 'uid-of-another' }),
      ],
      pods: [...pods('new', { count: 1, imageID: '' }), ...pods('alien', { count: 2, imageID: '' })],
    });
    expect(view.replicaSets.map(({ podHash, readyPods }) => [podHash, readyPods.length])).toEqual([
      ['new', 1],
      ['old', 0],
    ]);
    expect(view).toMatchObject({
      strategy: 'canary',
      stepIndex: 1,
      currentPodHash: 'new',
      stablePodHash: 'old',
      generation: 7,
      images: { cart: `reg/cart@${digest('b')}` },
    });
  });

  it('counts neither pods that are not ready nor pods that are being deleted', () => {
    const view = canaryAtQuarter({
      pods: [
        ...pods('old', { count: 1, imageID: '', ready: false }),
        ...pods('old', { count: 1, imageID: '', deleting: true }),
      ],
    });
    expect(view.replicaSets.flatMap((each) => each.readyPods)).toEqual([]);
  });

  it('reads steps, also durations as Go writes them', () => {
    const steps = [
      { setWeight: 5 },
      { pause: {} },
      { pause: { duration: 30 } },
      { pause: { duration: '90' } },
      { pause: { duration: '1h30m' } },
      { pause: { duration: '1.5m' } },
      { pause: { duration: 'soon' } },
      { analysis: { templates: [] } },
      { setCanaryScale: { replicas: 1 } },
    ];
    const view = canaryAtQuarter({ rollout: rolloutObject({ spec: { strategy: { canary: { steps } } } }) });
    expect(view.steps).toEqual([
      { kind: 'setWeight', weight: 5 },
      { kind: 'pause' },
      { kind: 'pause', durationSeconds: 30 },
      { kind: 'pause', durationSeconds: 90 },
      { kind: 'pause', durationSeconds: 5400 },
      { kind: 'pause', durationSeconds: 90 },
      { kind: 'other', name: 'invalid' },
      { kind: 'other', name: 'analysis' },
      { kind: 'other', name: 'setCanaryScale' },
    ]);
  });

  it('takes the images of a referenced workload, or of the current ReplicaSet where it is not known', () => {
    const rollout = rolloutObject({
      spec: { workloadRef: { kind: 'Deployment', name: 'cart' }, template: undefined },
    });
    expect(
      canaryAtQuarter({ rollout, workload: { generation: 1, images: { cart: 'cart:3' } } }).images,
    ).toEqual({
      cart: 'cart:3',
    });
    expect(canaryAtQuarter({ rollout }).images).toMatchObject({ cart: `reg/cart@${digest('b')}` });
  });

  it('shows the analysis of the present and the stable version', () => {
    const view = canaryAtQuarter({
      analysisRuns: [
        analysisRun('one', { podHash: 'new', step: 2, phase: 'Failed' }),
        analysisRun('two', { podHash: 'gone' }),
      ],
    });
    expect(view.analysisRuns).toEqual([
      { name: 'one', type: 'Step', phase: 'Failed', message: '', podHash: 'new', step: 2 },
    ]);
  });

  it('refuses a Rollout whose status it cannot understand', () => {
    const status = { abort: 'yes' };
    expect(RolloutObject.safeParse({ ...rolloutObject(), status }).success).toBe(false);
    expect(RolloutObject.safeParse({ ...rolloutObject(), status: { phase: 'Splendid' } }).success).toBe(
      false,
    );
  });

  it('reads a Rollout without any status', () => {
    const { spec, metadata } = rolloutObject();
    const rollout = RolloutObject.parse({ metadata, spec: { ...spec, template: undefined } });
    expect(rolloutView({ rollout, replicaSets: [], pods: [], analysisRuns: [] })).toMatchObject({
      phase: 'Progressing',
      currentPodHash: '',
      stablePodHash: '',
      abort: false,
    });
  });

  it('says no step before the controller has said one', () => {
    const view = (currentStepIndex?: number) =>
      canaryAtQuarter({ rollout: rolloutObject({ status: { currentStepIndex } }) });
    expect(view()).not.toHaveProperty('stepIndex');
    expect(view(0)).toMatchObject({ stepIndex: 0 });
  });
});

describe('weights', () => {
  const weights = (over: Parameters<typeof rolloutObject>[0]) => {
    const { weight, desiredWeight } = canaryAtQuarter({ rollout: rolloutObject(over) });
    return [desiredWeight, weight];
  };
  const routed = { canary: { weights: { canary: { weight: 20 } } } };

  it('are the steps wish and the share of available pods where there is no router', () => {
    expect(weights({})).toEqual([25, 25]);
    expect(weights({ status: { currentStepIndex: 2 } })).toEqual([50, 25]);
    expect(weights({ status: { availableReplicas: 0 } })).toEqual([25, 0]);
  });

  it('are what the router says where there is one', () => {
    expect(weights({ spec: router(), status: routed })).toEqual([25, 20]);
    expect(weights({ spec: router(1000), status: routed })).toEqual([2.5, 2]);
    expect(weights({ spec: router() })).toEqual([25, 25]);
  });

  it('are 100 once the steps are done and 0 wished for after an abort', () => {
    expect(weights({ status: { currentStepIndex: 4 } })).toEqual([100, 100]);
    expect(weights({ status: { currentStepIndex: 0, abort: true } })).toEqual([0, 25]);
  });

  it('do not exist for blue-green', () => {
    expect(weights({ spec: { strategy: { blueGreen: {} } } })).toEqual([undefined, undefined]);
  });
});

describe('who must act on a pause', () => {
  const paused = (reason: string, over: Parameters<typeof rolloutObject>[0] = {}) => {
    const pauseConditions = [{ reason, startTime: '2026-01-01T10:00:00Z' }];
    const rollout = rolloutObject({ ...over, status: { ...over.status, pauseConditions } });
    return manualActionNeeded(canaryAtQuarter({ rollout }))?.reason;
  };

  it('is somebody at an indefinite step and nobody at a timed one', () => {
    expect(paused('CanaryPauseStep')).toBe('CanaryPauseStep');
    expect(paused('CanaryPauseStep', { status: { currentStepIndex: 3 } })).toBeUndefined();
  });

  it('is always a person when an analysis could not tell', () => {
    expect(paused('InconclusiveAnalysisRun', { status: { currentStepIndex: 3 } })).toBe(
      'InconclusiveAnalysisRun',
    );
  });

  it('is somebody for blue-green only where promotion is by hand', () => {
    const blueGreen = (autoPromotionEnabled?: boolean) => ({
      spec: { strategy: { blueGreen: { autoPromotionEnabled } } },
    });
    expect(paused('BlueGreenPause', blueGreen(false))).toBe('BlueGreenPause');
    expect(paused('BlueGreenPause', blueGreen())).toBeUndefined();
  });
});

describe('the digest of an image id', () => {
  const hex = digest('a');
  it.each([
    [`docker-pullable://ghcr.io/acme/cart@${hex}`, hex],
    [`ghcr.io/acme/cart@${hex}`, hex],
    [hex, hex],
    [`docker://${hex}`, undefined],
    ['ghcr.io/acme/cart:1.2', undefined],
    [`ghcr.io/acme/cart@sha512:${'a'.repeat(128)}`, undefined],
    [`${hex}a`, undefined],
    ['', undefined],
  ])('of %s is %s', (imageId, expected) => {
    expect(digestOfImageId(imageId)).toBe(expected);
  });
});
