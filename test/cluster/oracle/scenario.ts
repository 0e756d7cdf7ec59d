import fc from 'fast-check';
import type { MessageClass } from './message-class.ts';

/** What the analysis of a step comes to; `slow` passes, after two seconds. */
export type Verdict = 'pass' | 'fail' | 'unsure' | 'slow';

export type Step =
  | { kind: 'setWeight'; percent: number }
  /** Absent: until somebody promotes. */
  | { kind: 'pause'; seconds?: number }
  | { kind: 'analysis'; verdict: Verdict }
  | { kind: 'experiment'; verdict: Verdict };

/** How a Rollout is made. */
export type Shape =
  | { kind: 'canary'; steps: readonly Step[]; template: 'own' | 'workload' }
  /** With nginx as its router; `maxWeight` is what it takes for all of the traffic. */
  | { kind: 'routed'; steps: readonly Step[]; maxWeight: 100 | 1000 }
  | { kind: 'blueGreen'; autoPromotion: boolean; before?: Verdict; after?: Verdict };

/** What people and other programs do to it. */
export type Act =
  /** Another version, whose Pods get ready at once, late or never. */
  | { kind: 'deploy'; pods: 'ready' | 'late' | 'never-ready' }
  | { kind: 'promote' | 'promoteFull' | 'pause' | 'abort' | 'retry' | 'undo' | 'restart' }
  | { kind: 'scale'; replicas: number }
  /** A spec that the controller refuses, and the end of that. */
  | { kind: 'misspell' | 'mend' };

export interface Scenario {
  shape: Shape;
  replicas: number;
  /** Absent: ten minutes, the controller's own. */
  progressDeadlineSeconds?: number;
  acts: readonly {
    act: Act;
    /** The controller stands still for as long, so that what was not observed is seen. */
    unseen: boolean;
    /** What comes next waits until the Rollout has said this. Absent: for nothing. */
    until?: MessageClass;
    thenMs: number;
  }[];
}

const verdict = fc.constantFrom<Verdict>('pass', 'pass', 'fail', 'unsure', 'slow');

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('setWeight'), percent: fc.integer({ min: 0, max: 100 }) }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'pause' }) },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'pause', seconds: 1 }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('analysis'), verdict }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('experiment'), verdict }) },
) as fc.Arbitrary<Step>;

const steps = fc.array(step, { maxLength: 5 });

const shape = fc.oneof(
  fc.record({
    kind: fc.constant('canary'),
    steps,
    template: fc.constantFrom('own', 'own', 'workload'),
  }),
  fc.record({ kind: fc.constant('routed'), steps, maxWeight: fc.constantFrom(100, 1000) }),
  fc.record(
    { kind: fc.constant('blueGreen'), autoPromotion: fc.boolean(), before: verdict, after: verdict },
    { requiredKeys: ['kind', 'autoPromotion'] },
  ),
) as fc.Arbitrary<Shape>;

const deploy = fc.record({
  kind: fc.constant('deploy'),
  pods: fc.constantFrom('ready', 'ready', 'late', 'never-ready'),
});
const act = fc.oneof(
  { weight: 4, arbitrary: deploy },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'promote',
        'promote',
        'promoteFull',
        'pause',
        'abort',
        'retry',
        'undo',
        'restart',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('scale'), replicas: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('misspell', 'mend') }) },
) as fc.Arbitrary<Act>;

const DEPLOY: Act = { kind: 'deploy', pods: 'ready' };

/** A Rollout of any shape, a first deployment over it, and whatever comes to people's minds afterwards. */
export const anyScenario: fc.Arbitrary<Scenario> = fc
  .record(
    {
      shape,
      replicas: fc.integer({ min: 1, max: 5 }),
      progressDeadlineSeconds: fc.integer({ min: 1, max: 3 }),
      first: deploy as fc.Arbitrary<Act>,
      more: fc.array(fc.record({ act, unseen: fc.boolean(), thenMs: fc.constantFrom(0, 100, 400, 1200) }), {
        minLength: 3,
        maxLength: 6,
      }),
    },
    { requiredKeys: ['shape', 'replicas', 'first', 'more'] },
  )
  .map(({ first, more, ...rest }) => ({
    ...rest,
    acts: [{ act: first, unseen: false, thenMs: 400 }, ...more],
  }));

/** What must be seen in every run, and is not left to chance. */
export const CERTAIN: readonly Scenario[] = [
  {
    shape: { kind: 'canary', template: 'own', steps: [{ kind: 'analysis', verdict: 'unsure' }] },
    replicas: 2,
    acts: [
      { act: DEPLOY, unseen: true, until: 'Paused: InconclusiveAnalysisRun', thenMs: 0 },
      { act: { kind: 'promote' }, unseen: true, until: 'Healthy', thenMs: 0 },
      { act: { kind: 'restart' }, unseen: false, thenMs: 1500 },
      { act: { kind: 'misspell' }, unseen: false, until: 'Degraded: InvalidSpec', thenMs: 0 },
    ],
  },
  {
    shape: {
      kind: 'routed',
      maxWeight: 1000,
      steps: [
        { kind: 'setWeight', percent: 20 },
        { kind: 'pause' },
        { kind: 'experiment', verdict: 'unsure' },
      ],
    },
    replicas: 3,
    acts: [
      { act: DEPLOY, unseen: false, until: 'Paused: CanaryPauseStep', thenMs: 0 },
      { act: { kind: 'promote' }, unseen: true, until: 'Paused: InconclusiveExperiment', thenMs: 0 },
      { act: { kind: 'abort' }, unseen: true, until: 'Degraded: RolloutAborted', thenMs: 0 },
    ],
  },
  {
    shape: { kind: 'blueGreen', autoPromotion: false, after: 'slow' },
    replicas: 2,
    acts: [
      { act: DEPLOY, unseen: false, until: 'Paused: BlueGreenPause', thenMs: 0 },
      {
        act: { kind: 'promote' },
        unseen: true,
        until: 'Progressing: waiting for analysis to complete',
        thenMs: 0,
      },
      { act: { kind: 'abort' }, unseen: false, until: 'Degraded: RolloutAborted', thenMs: 0 },
    ],
  },
  {
    shape: {
      kind: 'canary',
      template: 'workload',
      steps: [{ kind: 'setWeight', percent: 50 }, { kind: 'pause' }],
    },
    replicas: 2,
    acts: [
      { act: DEPLOY, unseen: true, until: 'Paused: CanaryPauseStep', thenMs: 0 },
      { act: { kind: 'pause' }, unseen: false, until: 'Paused: manually paused', thenMs: 0 },
    ],
  },
  {
    shape: { kind: 'canary', template: 'own', steps: [{ kind: 'setWeight', percent: 50 }] },
    replicas: 2,
    progressDeadlineSeconds: 1,
    acts: [
      {
        act: { kind: 'deploy', pods: 'never-ready' },
        unseen: false,
        until: 'Degraded: ProgressDeadlineExceeded',
        thenMs: 0,
      },
    ],
  },
  {
    shape: { kind: 'canary', template: 'own', steps: [] },
    replicas: 3,
    acts: [
      { act: { kind: 'deploy', pods: 'late' }, unseen: false, thenMs: 300 },
      { act: { kind: 'abort' }, unseen: false, until: 'Degraded: RolloutAborted', thenMs: 1500 },
      { act: { kind: 'retry' }, unseen: false, thenMs: 3000 },
    ],
  },
];
