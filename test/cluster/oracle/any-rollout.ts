import fc from 'fast-check';
import type { Snapshot } from './rollout-info.ts';

const UID = 'uid-any';
const HASHES = ['aaa', 'bbb', 'ccc'];
const TIMES = ['2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z'];
const REASONS = ['CanaryPauseStep', 'BlueGreenPause', 'InconclusiveAnalysisRun', 'InconclusiveExperiment'];
const PHASES = ['Pending', 'Running', 'Successful', 'Failed', 'Error', 'Inconclusive'];

/** Sometimes absent, as most fields may be. */
function perhaps<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

const hash = fc.constantFrom(...HASHES);
const count = fc.integer({ min: 0, max: 4 });
const template = fc.record({
  metadata: fc.constant({ labels: { app: 'any' } }),
  spec: fc.record({
    containers: fc.uniqueArray(
      fc.record({ name: fc.constantFrom('app', 'proxy'), image: fc.constantFrom('reg/a:1', 'reg/a:2') }),
      { minLength: 1, maxLength: 2, selector: ({ name }) => name },
    ),
  }),
});

const step = fc.oneof(
  fc.record({ setWeight: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ pause: fc.record({ duration: fc.constantFrom(10, '30', '90s', '1h30m') }) }),
  fc.constantFrom({ pause: {} }, { setCanaryScale: { weight: 50 } }, { analysis: { templates: [] } }),
);

const canary = fc.record(
  {
    steps: fc.array(step, { maxLength: 4 }),
    trafficRouting: fc.record(
      { nginx: fc.constant({ stableIngress: 'any' }), maxTrafficWeight: fc.constantFrom(100, 1000) },
      { requiredKeys: ['nginx'] },
    ),
  },
  { requiredKeys: [] },
);

const blueGreen = fc.record(
  {
    activeService: fc.constant('any'),
    autoPromotionEnabled: fc.boolean(),
    postPromotionAnalysis: fc.constant({ templates: [{ templateName: 'any' }] }),
  },
  { requiredKeys: ['activeService'] },
);

const spec = fc.record(
  {
    replicas: count,
    paused: fc.boolean(),
    restartAt: fc.constantFrom(...TIMES),
    strategy: fc.oneof(fc.record({ canary }), fc.record({ blueGreen })),
    template,
    workloadRef: fc.constant({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'any' }),
  },
  { requiredKeys: ['strategy', 'template'] },
);

const condition = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ type: 'Available', status: 'True', reason: 'AvailableReason' }) },
  fc.constantFrom(
    { type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message: 'a weight of 101' },
    { type: 'Progressing', status: 'False', reason: 'RolloutAborted', message: 'Rollout aborted update' },
    { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'it has timed out' },
    { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: 'it goes on' },
  ),
);

const weights = fc.record({
  canary: fc.record({ weight: fc.integer({ min: 0, max: 1000 }), podTemplateHash: hash }),
  stable: fc.record({ weight: fc.integer({ min: 0, max: 1000 }), podTemplateHash: hash }),
});

const status = fc.record(
  {
    abort: fc.boolean(),
    availableReplicas: count,
    blueGreen: fc.record(
      {
        activeSelector: hash,
        previewSelector: hash,
        postPromotionAnalysisRunStatus: fc.record({
          name: fc.constant('any'),
          status: fc.constantFrom(...PHASES),
        }),
      },
      { requiredKeys: [] },
    ),
    canary: fc.record({ weights }, { requiredKeys: [] }),
    conditions: fc.array(condition, { maxLength: 2 }),
    controllerPause: fc.boolean(),
    currentPodHash: hash,
    currentStepIndex: count,
    /** A hash, as controllers before 0.10 wrote it, is no generation. */
    observedGeneration: fc.constantFrom('1', '2', '2', '2', '3', '5d8f'),
    pauseConditions: fc.array(
      fc.record({ reason: fc.constantFrom(...REASONS), startTime: fc.constantFrom(...TIMES) }),
      { maxLength: 2 },
    ),
    /** Absent three times in four, because what is calculated then is the larger half of it. */
    phase: fc.constantFrom('Healthy', 'Progressing', 'Paused', 'Degraded', ...Array<string>(12).fill('')),
    message: fc.constantFrom('', 'CanaryPauseStep', 'RolloutAborted: any'),
    promoteFull: fc.boolean(),
    replicas: count,
    restartedAt: fc.constantFrom(...TIMES),
    stableRS: hash,
    updatedReplicas: count,
    workloadObservedGeneration: fc.constantFrom('1', '2', 'x'),
  },
  { requiredKeys: [] },
);

const metadata = perhaps(fc.constantFrom('1', '2', 'x')).map((workloadGeneration) => ({
  name: 'any',
  namespace: 'shop',
  uid: UID,
  resourceVersion: '7',
  generation: 2,
  ...(workloadGeneration !== undefined && {
    annotations: { 'rollout.argoproj.io/workload-generation': workloadGeneration },
  }),
}));

function owned(name: string, { podHash, annotations }: { podHash: string; annotations?: object }): object {
  return {
    name,
    namespace: 'shop',
    uid: `uid-${name}`,
    labels: { app: 'any', 'rollouts-pod-template-hash': podHash },
    ...(annotations && { annotations }),
    ownerReferences: [
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'any', uid: UID, controller: true },
    ],
  };
}

const replicaSet = fc
  .record({
    podHash: hash,
    revision: perhaps(fc.integer({ min: 1, max: 12 })),
    leaving: fc.boolean(),
    replicas: count,
    availableReplicas: count,
    template,
  })
  .map(({ podHash, revision, leaving, replicas, availableReplicas, template: of }) => ({
    podHash,
    object: {
      metadata: owned(`any-${podHash}`, {
        podHash,
        annotations: {
          ...(revision !== undefined && { 'rollout.argoproj.io/revision': String(revision) }),
          ...(leaving && { 'scale-down-deadline': TIMES[1] }),
        },
      }),
      spec: { replicas, template: of },
      status: { replicas, availableReplicas },
    },
  }));

const analysisRun = fc
  .record({ podHash: hash, phase: fc.constantFrom('', ...PHASES) })
  .map(({ podHash, phase }) => ({
    podHash,
    object: { metadata: owned(`any-${podHash}-1`, { podHash }), status: { phase } },
  }));

/**
 * Rollouts as their controller may or may not ever leave them, with ReplicaSets and AnalysisRuns of their own: every field that
 * either reading looks at, present or not.
 */
export const anySnapshot: fc.Arbitrary<Snapshot> = fc
  .record({
    rollout: fc.record({ metadata, spec, status: perhaps(status) }, { requiredKeys: ['metadata', 'spec'] }),
    replicaSets: fc.uniqueArray(replicaSet, { maxLength: 3, selector: ({ podHash }) => podHash }),
    analysisRuns: fc.uniqueArray(analysisRun, { maxLength: 2, selector: ({ podHash }) => podHash }),
    workload: template,
  })
  .map(({ rollout, replicaSets, analysisRuns, workload }) => ({
    rollout,
    replicaSets: replicaSets.map(({ object }) => object),
    analysisRuns: analysisRuns.map(({ object }) => object),
    pods: [],
    ...(rollout.spec.workloadRef && {
      workload: {
        metadata: { name: 'any', namespace: 'shop', uid: 'uid-workload', generation: 2 },
        spec: { template: workload },
      },
    }),
  }));
