import { describe, expect, it } from 'vitest';
import { rolloutWith, Stage } from './stage.ts';

const STEPS = [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: 10 } }];

function canary(): Stage {
  const stage = new Stage(rolloutWith({ strategy: { canary: { steps: STEPS } } }));
  stage.pass(2);
  return stage;
}

describe('a canary without a traffic router', () => {
  it('skips its steps on the first deploy', () => {
    const stage = canary();
    expect(stage.phase).toBe('Healthy');
    expect(stage.pods).toEqual({ 'web:1': 4 });
    expect(stage.status.currentStepIndex).toBe(4);
    expect(stage.status.stableRS).toBe(stage.hashOf('web:1'));
    expect(stage.status.observedGeneration).toBe('2');
    expect(stage.events).toContain(
      `RolloutCompleted: Rollout completed update to revision 1 (${stage.hashOf('web:1')}): Initial deploy`,
    );
  });

  it('stops at a pause that waits for somebody, a quarter of the pods being new', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(60);
    expect(stage.phase).toBe('Paused (CanaryPauseStep)');
    expect(stage.pods).toEqual({ 'web:1': 3, 'web:2': 1 });
    expect(stage.status.currentStepIndex).toBe(1);
    expect(stage.status.controllerPause).toBe(true);
    expect(stage.status.conditions?.find(({ type }) => type === 'Progressing')?.reason).toBe('RolloutPaused');
  });

  it('goes on when the pause is cleared, waits a timed pause out and becomes healthy', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ pauseConditions: null });
    stage.pass(5);
    expect(stage.phase).toBe('Paused (CanaryPauseStep)');
    expect(stage.pods).toEqual({ 'web:1': 2, 'web:2': 2 });
    stage.pass(20);
    expect(stage.phase).toBe('Healthy');
    expect(stage.pods).toEqual({ 'web:2': 4 });
    expect(stage.status.stableRS).toBe(stage.hashOf('web:2'));
    expect(stage.status.controllerPause).toBeUndefined();
  });

  it('shows that it is unpausing until the controller has looked', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(5);
    const { rollout } = stage.world;
    const { pauseConditions: _, ...status } = stage.status;
    stage.world = { ...stage.world, rollout: { ...rollout, status } };
    expect(stage.phase).toBe('Progressing (waiting for rollout to unpause)');
  });

  it('aborts to stable, says so, and keeps the bad template', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ abort: true });
    stage.pass(5);
    expect(stage.phase).toBe('Degraded (RolloutAborted: Rollout aborted update to revision 2)');
    expect(stage.pods).toEqual({ 'web:1': 4 });
    expect(stage.status.currentStepIndex).toBe(0);
    expect(stage.status.abortedAt).toBeDefined();
    expect(stage.status.pauseConditions).toBeUndefined();
    expect(stage.status.currentPodHash).toBe(stage.hashOf('web:2'));
  });

  it('begins again at the first step on a retry', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ abort: true });
    stage.pass(5);
    stage.patchStatus({ abort: false });
    stage.pass(5);
    expect(stage.phase).toBe('Paused (CanaryPauseStep)');
    expect(stage.pods).toEqual({ 'web:1': 3, 'web:2': 1 });
  });

  it('is healthy at once when an aborted update is taken back to the stable template', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ abort: true });
    stage.pass(5);
    stage.image('web:1');
    expect(stage.phase).toBe('Healthy');
    expect(stage.events).toContain('SkipSteps: Rollback to stable ReplicaSets');
    expect(stage.revisions).toEqual({ 'web:1': '3', 'web:2': '2' });
  });

  it('begins the bad version again when an unrelated step is edited after an abort', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ abort: true });
    stage.pass(5);
    stage.set({ strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } } });
    stage.pass(5);
    expect(stage.status.abort).toBeUndefined();
    expect(stage.pods).toEqual({ 'web:1': 2, 'web:2': 2 });
  });

  it('removes an abort from a Rollout that is fully promoted', () => {
    const stage = canary();
    stage.patchStatus({ abort: true });
    expect(stage.phase).toBe('Healthy');
    expect(stage.status.abort).toBeUndefined();
  });

  it('ships the aborted version when somebody promotes it fully', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ abort: true });
    stage.pass(5);
    stage.patchStatus({ promoteFull: true });
    stage.pass(10);
    expect(stage.phase).toBe('Healthy');
    expect(stage.pods).toEqual({ 'web:2': 4 });
    expect(stage.status.abort).toBeUndefined();
    expect(stage.status.promoteFull).toBeUndefined();
  });

  it('ignores an abort while promoteFull is set, and obeys when both come in one patch', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ promoteFull: true });
    stage.patchStatus({ abort: true });
    expect(stage.status.abort).toBeUndefined();
    stage.patchStatus({ promoteFull: false, abort: true });
    stage.pass(10);
    expect(stage.phase).toBe('Degraded (RolloutAborted: Rollout aborted update to revision 2)');
    expect(stage.pods).toEqual({ 'web:1': 4 });
  });

  it('skips a step when the index is raised, even one that runs', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(5);
    stage.patchStatus({ pauseConditions: null, currentStepIndex: 2 });
    stage.pass(3);
    expect(stage.status.currentStepIndex).toBe(3);
    expect(stage.pods).toEqual({ 'web:1': 2, 'web:2': 2 });
  });

  it('halts on spec.paused without losing its place', () => {
    const stage = canary();
    stage.image('web:2');
    stage.set({ paused: true });
    stage.pass(60);
    expect(stage.phase).toBe('Paused (manually paused)');
    expect(stage.pods['web:2'] ?? 0).toBeLessThanOrEqual(1);
    stage.set({ paused: false });
    stage.pass(5);
    expect(stage.phase).toBe('Paused (CanaryPauseStep)');
  });

  it('drops the version in between when a third one comes in mid-update', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(5);
    stage.image('web:3');
    stage.pass(10);
    expect(stage.phase).toBe('Paused (CanaryPauseStep)');
    expect(stage.pods).toEqual({ 'web:1': 3, 'web:3': 1 });
    expect(stage.revisions).toEqual({ 'web:1': '1', 'web:2': '2', 'web:3': '3' });
  });

  it('gives an old template a new revision number, so numbers are no lasting names', () => {
    const stage = canary();
    stage.set({ strategy: { canary: {} } });
    stage.image('web:2');
    stage.pass(10);
    stage.image('web:1');
    stage.pass(10);
    expect(stage.revisions).toEqual({ 'web:1': '3', 'web:2': '2' });
    const first = stage.world.replicaSets.find(({ metadata }) =>
      metadata.name.endsWith(stage.hashOf('web:1')),
    );
    expect(first?.metadata.annotations?.['rollout.argoproj.io/revision-history']).toBe('1');
  });

  it('goes through all its steps again on the way back from a finished update, unless a rollback window covers it', () => {
    const finished = (revisions: number): Stage => {
      const stage = new Stage(
        rolloutWith({ strategy: { canary: { steps: STEPS } }, rollbackWindow: { revisions } }),
      );
      stage.pass(5);
      stage.image('web:2');
      stage.patchStatus({ promoteFull: true });
      stage.pass(30);
      expect(stage.phase).toBe('Healthy');
      stage.image('web:1');
      stage.pass(10);
      return stage;
    };
    expect(finished(0).phase).toBe('Paused (CanaryPauseStep)');
    const covered = finished(3);
    expect(covered.phase).toBe('Healthy');
    expect(covered.pods).toEqual({ 'web:1': 4 });
  });

  it('does not take promoteFull for an update that it has not seen yet', () => {
    const stage = canary();
    stage.patchStatus({ promoteFull: true });
    stage.image('web:2');
    stage.pass(10);
    expect(stage.phase).toBe('Paused (CanaryPauseStep)');
  });

  it('times out when pods never start, and comes back when they do', () => {
    const stage = new Stage(
      rolloutWith({
        strategy: { canary: { steps: [{ setWeight: 25 }, { pause: {} }] } },
        progressDeadlineSeconds: 30,
      }),
    );
    stage.pass(5);
    stage.broken.add('web:2');
    stage.image('web:2');
    stage.pass(20);
    expect(stage.phase).toBe('Progressing (more replicas need to be updated)');
    stage.pass(20);
    const name = `web-${stage.hashOf('web:2')}`;
    expect(stage.phase).toBe(
      `Degraded (ProgressDeadlineExceeded: ReplicaSet "${name}" has timed out progressing.)`,
    );
    expect(stage.status.abort).toBeUndefined();
  });

  it('aborts on the deadline when told to', () => {
    const stage = new Stage(
      rolloutWith({
        strategy: { canary: { steps: [{ setWeight: 25 }, { pause: {} }] } },
        progressDeadlineSeconds: 30,
        progressDeadlineAbort: true,
      }),
    );
    stage.pass(5);
    stage.broken.add('web:2');
    stage.image('web:2');
    stage.pass(60);
    expect(stage.status.abort).toBe(true);
    expect(stage.phase).toBe('Degraded (RolloutAborted: Rollout aborted update to revision 2)');
    expect(stage.pods).toEqual({ 'web:1': 4 });
  });

  it('never falls below what must be available while it rolls on', () => {
    const stage = new Stage(rolloutWith({ replicas: 10 }));
    stage.pass(5);
    stage.image('web:2');
    for (let step = 0; step < 60; step += 1) {
      stage.pass(0.25);
      expect(stage.status.availableReplicas ?? 0).toBeGreaterThanOrEqual(8);
      expect(stage.world.pods.length).toBeLessThanOrEqual(13);
    }
    expect(stage.pods).toEqual({ 'web:2': 10 });
  });

  it('is healthy with no pods at all when scaled to zero', () => {
    const stage = canary();
    stage.set({ replicas: 0 });
    stage.pass(2);
    expect(stage.phase).toBe('Healthy');
    expect(stage.pods).toEqual({});
  });

  it('scales in mid-update before it goes on', () => {
    const stage = canary();
    stage.image('web:2');
    stage.pass(5);
    stage.set({ replicas: 8 });
    stage.pass(5);
    expect(stage.phase).toBe('Paused (CanaryPauseStep)');
    expect(stage.pods).toEqual({ 'web:1': 6, 'web:2': 2 });
  });

  it('keeps as many empty ReplicaSets as the history limit says', () => {
    const stage = new Stage(rolloutWith({ revisionHistoryLimit: 2 }));
    for (let version = 2; version <= 6; version += 1) {
      stage.pass(5);
      stage.image(`web:${version}`);
    }
    stage.pass(10);
    expect(Object.keys(stage.revisions)).toEqual(['web:4', 'web:5', 'web:6']);
  });

  it('writes the default for replicas and empty resources, each a new generation', () => {
    const { replicas: _, ...spec } = rolloutWith({}).spec;
    const stage = new Stage({ ...rolloutWith({}), spec });
    stage.pass(2);
    expect(stage.world.rollout.spec.replicas).toBe(1);
    expect(stage.world.rollout.metadata.generation).toBe(3);
    expect(stage.phase).toBe('Healthy');
  });

  it('says what is wrong with an invalid spec and goes on when it is mended', () => {
    const stage = new Stage(rolloutWith({ strategy: { canary: { steps: [{ setWeight: 101 }] } } }));
    expect(stage.phase).toBe(
      'Degraded (InvalidSpec: The Rollout "web" is invalid: spec.strategy.steps[0].setWeight: Invalid value: 101: SetWeight needs to be between 0 and 100)',
    );
    stage.set({ strategy: { canary: { steps: [{ setWeight: 10 }] } } });
    stage.pass(3);
    expect(stage.phase).toBe('Healthy');
  });

  it('shows a spec change that the controller has not seen', () => {
    const stage = canary();
    const { rollout } = stage.world;
    stage.world = {
      ...stage.world,
      rollout: { ...rollout, metadata: { ...rollout.metadata, generation: 9 } },
    };
    expect(stage.phase).toBe('Progressing (waiting for rollout spec update to be observed)');
  });
});
