import { describe, expect, it } from 'vitest';
import { decideChange, type RolloutVerb } from '../../../src/domain/rollout/change/decide-change.ts';
import type { RolloutChange } from '../../../src/domain/rollout/change/rollout-change.ts';
import { rolloutObject } from './sample-objects.ts';

const START = '2026-01-01T10:00:00Z';
const where = { cluster: 'east', namespace: 'shop', rollout: 'cart' };
const abort: RolloutVerb = { kind: 'rollout.abort', ...where, podHash: 'new' };
const retry: RolloutVerb = { kind: 'rollout.retry', ...where, podHash: 'new' };
const pause: RolloutVerb = { kind: 'rollout.pause', ...where, podHash: 'new' };
const full: RolloutVerb = { kind: 'rollout.promoteFull', ...where, podHash: 'new', generation: 7 };
const wake: RolloutVerb = { kind: 'rollout.wake', ...where, generation: 7 };
const resume: RolloutVerb = {
  kind: 'rollout.resume',
  ...where,
  podHash: 'new',
  generation: 7,
  stepIndex: 1,
  pauseStart: START,
};

const decide = (verb: RolloutVerb, over: Parameters<typeof rolloutObject>[0] = {}) =>
  decideChange(verb, rolloutObject(over));
const operations = (change: RolloutChange) => (change.kind === 'patches' ? change.patches : change.kind);
const promoted = { stableRS: 'new', currentStepIndex: 4, pauseConditions: null };
const going = { pauseConditions: null, controllerPause: false };

describe('every verb', () => {
  it.each([abort, retry, pause, full, resume])('$kind is stale on another pod hash', (verb) => {
    expect(decide(verb, { status: { currentPodHash: 'newer' } })).toMatchObject({
      kind: 'stale',
      reason: 'the Rollout is now at newer, not at new',
    });
  });
});

describe('wake', () => {
  const unheard = { status: { observedGeneration: '6' } };
  const touch = { op: 'add', path: '/metadata/annotations/signalbox~1look-again', value: '12' };
  const same = { op: 'test', path: '/metadata/generation', value: 7 };
  const metadata = { resourceVersion: '12' };

  it('touches an annotation, and makes room for it where there is none', () => {
    expect(operations(decide(wake, { ...unheard, metadata: { ...metadata, annotations: {} } }))).toEqual([
      { part: 'spec', operations: [same, touch] },
    ]);
    expect(operations(decide(wake, { ...unheard, metadata }))).toEqual([
      {
        part: 'spec',
        operations: [
          same,
          { op: 'test', path: '/metadata/annotations', value: null },
          { op: 'add', path: '/metadata/annotations', value: {} },
          touch,
        ],
      },
    ]);
  });

  it('does nothing once the controller has seen the spec, and is stale on another one', () => {
    expect(decide(wake).kind).toBe('found');
    expect(decide(wake, { ...unheard, metadata: { generation: 8 } }).kind).toBe('stale');
  });
});

describe('abort', () => {
  it('tests the pod hash alone', () => {
    expect(operations(decide(abort))).toEqual([
      {
        part: 'status',
        operations: [
          { op: 'test', path: '/status/currentPodHash', value: 'new' },
          { op: 'add', path: '/status/abort', value: true },
        ],
      },
    ]);
  });

  it('clears a full promotion in the same patch, also when the abort is set already', () => {
    const cleared = { op: 'add', path: '/status/promoteFull', value: false };
    for (const status of [{ promoteFull: true }, { promoteFull: true, abort: true }]) {
      const change = decide(abort, { status });
      expect(change.kind === 'patches' && change.patches[0].operations).toContainEqual(cleared);
    }
  });

  it('also ends a hold, because nothing is scaled behind one, also when the abort is set already', () => {
    const held = { spec: { paused: true } };
    expect(operations(decide(abort, held))).toMatchObject([{ part: 'status' }, { part: 'spec' }]);
    expect(operations(decide(abort, { ...held, status: { abort: true } }))).toMatchObject([{ part: 'spec' }]);
  });

  it('is found on an aborted Rollout and refused on a finished one', () => {
    expect(decide(abort, { status: { abort: true } }).kind).toBe('found');
    expect(decide(abort, { status: promoted }).kind).toBe('stale');
  });
});

describe('resume', () => {
  const test = (path: string, value: unknown) => ({ op: 'test', path, value });
  const tests = [
    test('/metadata/generation', 7),
    test('/status/currentPodHash', 'new'),
    test('/status/currentStepIndex', 1),
    test('/status/pauseConditions/0/startTime', START),
  ];
  const unpause = {
    part: 'spec',
    operations: [
      test('/metadata/generation', 7),
      test('/status/currentPodHash', 'new'),
      { op: 'replace', path: '/spec/paused', value: false },
    ],
  };

  it('compares generation, pod hash, step and the start of the pause', () => {
    expect(operations(decide(resume))).toEqual([
      { part: 'status', operations: [...tests, { op: 'remove', path: '/status/pauseConditions' }] },
    ]);
  });

  it('also ends a hold by spec, and that alone where nothing else holds', () => {
    const both = operations(decide(resume, { spec: { paused: true } }));
    // The hold first, and then the pause of the spec that this makes.
    expect(both).toMatchObject([unpause, { part: 'status', operations: [{ value: 8 }, {}, {}, {}, {}] }]);
    expect(operations(decide(resume, { spec: { paused: true }, status: going }))).toEqual([unpause]);
  });

  it('leaves the step of an inconclusive analysis behind', () => {
    const status = {
      pauseConditions: [{ reason: 'InconclusiveAnalysisRun', startTime: START }],
      canary: { currentStepAnalysisRunStatus: { name: 'run', status: 'Inconclusive' } },
    };
    expect(operations(decide(resume, { status }))).toEqual([
      {
        part: 'status',
        operations: [
          ...tests,
          { op: 'add', path: '/status/controllerPause', value: false },
          { op: 'add', path: '/status/currentStepIndex', value: 2 },
          { op: 'remove', path: '/status/pauseConditions' },
        ],
      },
    ]);
  });

  it('leaves a pause alone that came after the one that was seen', () => {
    const late = { reason: 'InconclusiveAnalysisRun', startTime: '2026-01-01T10:05:00Z' };
    const pauseConditions = [{ reason: 'CanaryPauseStep', startTime: START }, late];
    expect(operations(decide(resume, { status: { pauseConditions } }))).toMatchObject([
      { operations: [{}, {}, {}, {}, { op: 'remove', path: '/status/pauseConditions/0' }] },
    ]);
  });

  it.each<[string, Parameters<typeof rolloutObject>[0]]>([
    ['the canary is past it', { status: { ...going, currentStepIndex: 2 } }],
    ['it stands at a later pause that began in the same second', { status: { currentStepIndex: 3 } }],
    ['the pause is gone and the step not left yet', { status: { pauseConditions: null } }],
    ['the update is finished', { status: promoted }],
    [
      'somebody holds a later step',
      { spec: { paused: true }, metadata: { generation: 8 }, status: { ...going, currentStepIndex: 3 } },
    ],
  ])('is found when %s', (_, over) => {
    expect(decide(resume, over).kind).toBe('found');
  });

  it.each<[string, Parameters<typeof rolloutObject>[0]]>([
    ['the spec changed', { metadata: { generation: 8 } }],
    ['it was aborted', { status: { abort: true } }],
    ['the steps began again', { status: { currentStepIndex: 0 } }],
    [
      'it is another pause at the same step',
      { status: { pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '2026-01-01T11:00:00Z' }] } },
    ],
    [
      'somebody else holds it by spec since',
      { spec: { paused: true }, metadata: { generation: 8 }, status: going },
    ],
  ])('is stale when %s', (_, over) => {
    expect(decide(resume, over).kind).toBe('stale');
  });

  it('works for blue-green, which has no steps', () => {
    const blueGreen = { spec: { strategy: { blueGreen: { autoPromotionEnabled: false } } } };
    const status = {
      currentStepIndex: undefined,
      pauseConditions: [{ reason: 'BlueGreenPause', startTime: START }],
    };
    const seen = { ...resume, stepIndex: 0 } as RolloutVerb;
    expect(decide(seen, { ...blueGreen, status }).kind).toBe('patches');
    expect(decide(seen, { ...blueGreen, status: { ...status, pauseConditions: null } }).kind).toBe('found');
  });
});

describe('a full promotion', () => {
  const running = { ...going, currentStepIndex: 1, phase: 'Progressing' };

  it('tests generation, pod hash and that nothing is aborted', () => {
    expect(operations(decide(full, { status: running }))).toEqual([
      {
        part: 'status',
        operations: [
          { op: 'test', path: '/metadata/generation', value: 7 },
          { op: 'test', path: '/status/currentPodHash', value: 'new' },
          { op: 'test', path: '/status/abort', value: null },
          { op: 'add', path: '/status/promoteFull', value: true },
        ],
      },
    ]);
  });

  it('also ends a hold by spec', () => {
    expect(operations(decide(full, { spec: { paused: true }, status: running }))).toHaveLength(2);
    const half = operations(
      decide(full, { spec: { paused: true }, status: { ...running, promoteFull: true } }),
    );
    expect(half).toMatchObject([{ part: 'spec' }]);
    expect(operations(decide(full, { spec: { paused: true }, status: promoted }))).toMatchObject([
      { part: 'spec' },
    ]);
  });

  it('is refused on an abort, an unseen spec and another spec, and found when it is done', () => {
    expect(decide(full, { status: { abort: true } }).kind).toBe('stale');
    expect(decide(full, { status: { observedGeneration: '6' } }).kind).toBe('stale');
    expect(decide(full, { metadata: { generation: 8 } }).kind).toBe('stale');
    expect(decide(full, { status: { promoteFull: true } }).kind).toBe('found');
    expect(decide(full, { status: promoted }).kind).toBe('found');
  });
});

describe('pause and retry', () => {
  it('pause by spec, once, and never what is finished or aborted', () => {
    expect(operations(decide(pause))).toEqual([
      {
        part: 'spec',
        operations: [
          { op: 'test', path: '/status/currentPodHash', value: 'new' },
          { op: 'test', path: '/status/abort', value: null },
          { op: 'add', path: '/spec/paused', value: true },
        ],
      },
    ]);
    expect(decide(pause, { spec: { paused: true } }).kind).toBe('found');
    expect(decide(pause, { status: promoted }).kind).toBe('stale');
    expect(decide(pause, { status: { abort: true } }).kind).toBe('stale');
  });

  it('retry what is aborted, once', () => {
    expect(operations(decide(retry, { status: { abort: true } }))).toMatchObject([
      {
        part: 'status',
        operations: [{}, { op: 'test', path: '/status/abort', value: true }, { op: 'replace', value: false }],
      },
    ]);
    expect(decide(retry).kind).toBe('found');
  });
});
