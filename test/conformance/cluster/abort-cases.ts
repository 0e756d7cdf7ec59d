import { expect } from 'vitest';
import type { ConformanceCase } from './case.ts';
import { at, itemsOf, textAt } from './client.ts';
import type { Stage } from './stage.ts';

const ONE = 'registry.test/app:1';
const TWO = 'registry.test/app:2';
const ABORTED = 'RolloutAborted: Rollout aborted update to revision 2';

async function aborted(stage: Stage): Promise<void> {
  await stage.paused('web');
  await stage.status('web', { abort: true });
  await stage.phase('web', 'Degraded', ABORTED);
}

/** Aborting, and what it clashes with. */
export const abortCases: readonly ConformanceCase[] = [
  {
    name: 'an abort goes back to stable, says so and keeps the bad template',
    async run(stage) {
      await aborted(stage);
      await stage.untilSpread('web', { [ONE]: 2 });
      const { status, spec } = await stage.get('rollouts/web');
      expect(at(status, 'currentStepIndex')).toBe(0);
      expect(at(status, 'abort')).toBe(true);
      expect(textAt(status, 'abortedAt')).not.toBe('');
      expect(at(status, 'pauseConditions')).toBeUndefined();
      expect(at(status, 'currentPodHash')).not.toBe(at(status, 'stableRS'));
      expect(at(spec, 'template.spec.containers.0.image')).toBe(TWO);
      const progressing = itemsOf(status, 'conditions').find(({ type }) => type === 'Progressing');
      expect(progressing).toMatchObject({ status: 'False', reason: 'RolloutAborted' });
      const events = await stage.until(
        'events',
        (list) => itemsOf(list).some(({ reason }) => reason === 'RolloutAborted'),
        'to tell of the abort',
      );
      expect(itemsOf(events).find(({ reason }) => reason === 'RolloutAborted')).toMatchObject({
        type: 'Warning',
        message: 'Rollout aborted update to revision 2',
      });
    },
  },
  {
    name: 'a retry begins again at the first step',
    async run(stage) {
      await aborted(stage);
      await stage.untilSpread('web', { [ONE]: 2 });
      await stage.status('web', { abort: false });
      const { status } = await stage.phase('web', 'Paused', 'CanaryPauseStep');
      expect(at(status, 'currentStepIndex')).toBe(1);
      expect(at(status, 'abort')).not.toBe(true);
      expect(at(status, 'abortedAt')).toBeUndefined();
    },
  },
  {
    name: 'after an abort the stable template is healthy at once, without steps',
    async run(stage) {
      await aborted(stage);
      await stage.untilSpread('web', { [ONE]: 2 });
      await stage.image('web', ONE);
      const { status } = await stage.phase('web', 'Healthy');
      expect(at(status, 'currentStepIndex')).toBe(2);
      expect(at(status, 'abort')).toBeUndefined();
      expect(await stage.revisions('web')).toEqual({ [ONE]: '3', [TWO]: '2' });
      await stage.until(
        'events',
        (list) => itemsOf(list).some(({ message }) => message === 'Rollback to stable ReplicaSets'),
        'to tell that steps were skipped',
      );
    },
  },
  {
    name: 'a change of the steps takes the abort back and starts the bad version again',
    async run(stage) {
      await aborted(stage);
      const steps = [{ setWeight: 50 }, { pause: {} }, { setWeight: 100 }];
      await stage.patch('rollouts/web', { spec: { strategy: { canary: { steps } } } });
      const { status } = await stage.phase('web', 'Paused', 'CanaryPauseStep');
      expect(at(status, 'abort')).toBeUndefined();
      await stage.untilSpread('web', { [ONE]: 1, [TWO]: 1 });
    },
  },
  {
    name: 'promoteFull on an aborted Rollout ships the aborted version',
    async run(stage) {
      await aborted(stage);
      await stage.status('web', { promoteFull: true });
      const { status } = await stage.phase('web', 'Healthy');
      expect(at(status, 'abort')).toBeUndefined();
      expect(at(status, 'promoteFull')).toBeUndefined();
      await stage.untilSpread('web', { [TWO]: 2 });
    },
  },
  {
    name: 'abort is ignored while promoteFull is set, and obeyed when one patch clears that',
    async run(stage) {
      await stage.healthy('web', { strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } } });
      const annotations = { 'signalbox.test/pods': 'never-ready' };
      await stage.patch('rollouts/web', {
        spec: { template: stage.template('web', { image: TWO, annotations }) },
      });
      await stage.until(
        'rollouts/web',
        (one) => at(one, 'status.updatedReplicas') === 1,
        'to start the canary',
      );
      await stage.status('web', { promoteFull: true });
      await stage.until(
        'rollouts/web',
        (one) => at(one, 'status.currentStepIndex') === 2,
        'to skip its steps',
      );
      await stage.status('web', { abort: true });
      await stage.until(
        'rollouts/web',
        (one) => at(one, 'status.abort') === undefined,
        'to take the abort back',
      );
      await stage.status('web', { promoteFull: false, abort: true });
      const { status } = await stage.phase('web', 'Degraded', ABORTED);
      expect(at(status, 'currentStepIndex')).toBe(0);
      await stage.untilSpread('web', { [ONE]: 2 });
    },
  },
  {
    name: 'an abort of a Rollout that is fully promoted is taken back',
    async run(stage) {
      await stage.healthy('web', { replicas: 1, strategy: { canary: { steps: [{ setWeight: 50 }] } } });
      await stage.status('web', { abort: true });
      const cleared = await stage.until(
        'rollouts/web',
        (rollout) => at(rollout, 'status.abort') === undefined,
        'to take the abort back',
      );
      expect(at(cleared, 'status.phase')).toBe('Healthy');
    },
  },
  {
    name: 'promoteFull before the update is seen does nothing: the steps are taken',
    async run(stage) {
      await stage.healthy('web', { strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } } });
      await stage.status('web', { promoteFull: true });
      await stage.image('web', TWO);
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
    },
  },
];
