import { expect } from 'vitest';
import type { ConformanceCase } from './case.ts';
import { at, itemsOf, type Json, MERGE, textAt } from './client.ts';
import { BY_PERSON, type Stage } from './stage.ts';

const ONE = 'registry.test/app:1';
const TWO = 'registry.test/app:2';
const THREE = 'registry.test/app:3';
const STEPS = [{ setWeight: 50 }, { pause: {} }];
const NEVER_READY = { 'signalbox.test/pods': 'never-ready' };

function neverReady(stage: Stage, image = TWO): Promise<Json> {
  const template = stage.template('web', { image, annotations: NEVER_READY });
  return stage.patch('rollouts/web', { spec: { template } });
}

/** What a Rollout says from moment to moment, its deadlines, and its end. */
export const lifeCases: readonly ConformanceCase[] = [
  {
    name: 'an abort shows itself in two steps: the flag with the answer, the phase when the controller has looked',
    async run(stage) {
      await stage.paused('web');
      const { code, body } = await stage.client.ask(
        'PATCH',
        stage.path('rollouts/web/status'),
        { status: { abort: true } },
        { ...BY_PERSON, type: MERGE },
      );
      expect(code).toBe(200);
      expect(at(body, 'status.abort')).toBe(true);
      expect([at(body, 'status.phase'), at(body, 'status.message')]).toEqual(['Paused', 'CanaryPauseStep']);
      const reasons = itemsOf(body, 'status.conditions').map(({ reason }) => reason);
      expect(reasons).not.toContain('RolloutAborted');
      await stage.phase('web', 'Degraded', 'RolloutAborted: Rollout aborted update to revision 2');
    },
  },
  {
    name: 'a plain promotion of an aborted Rollout is accepted and changes nothing',
    async run(stage) {
      await stage.paused('web');
      await stage.status('web', { abort: true });
      const degraded = 'RolloutAborted: Rollout aborted update to revision 2';
      await stage.phase('web', 'Degraded', degraded);
      await stage.untilSpread('web', { [ONE]: 2 });
      await stage.status('web', { pauseConditions: null, currentStepIndex: 1 });
      const back = (one: Json): boolean => at(one, 'status.currentStepIndex') === 0;
      await stage.until('rollouts/web', back, 'to go back to its first step');
      const { status } = await stage.phase('web', 'Degraded', degraded);
      expect(at(status, 'abort')).toBe(true);
      expect(await stage.spread('web')).toEqual({ [ONE]: 2 });
    },
  },
  {
    name: 'pods that are not there yet: too few of the new, none that serves, too many of the old',
    async run(stage) {
      await stage.rollout('first', { annotations: NEVER_READY });
      await stage.phase('first', 'Progressing', 'updated replicas are still becoming available');
      await stage.healthy('web', { strategy: { canary: { steps: STEPS } } });
      await neverReady(stage);
      await stage.phase('web', 'Progressing', 'more replicas need to be updated');
      const strategy = { canary: { steps: null, maxSurge: '100%' } };
      await stage.patch('rollouts/web', { spec: { strategy } });
      await stage.phase('web', 'Progressing', 'old replicas are pending termination');
    },
  },
  {
    name: 'a pause does not count towards the progress deadline',
    async run(stage) {
      await stage.healthy('web', {
        strategy: { canary: { steps: STEPS } },
        more: { progressDeadlineSeconds: 2 },
      });
      await stage.image('web', TWO);
      const paused = await stage.phase('web', 'Paused', 'CanaryPauseStep');
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await stage.act('rollouts/web', { metadata: { annotations: { 'signalbox.test/look': 'again' } } });
      await stage.quiet();
      const later = await stage.get('rollouts/web');
      expect(at(later, 'status.phase')).toBe('Paused');
      expect(at(later, 'status.pauseConditions')).toEqual(at(paused, 'status.pauseConditions'));
    },
  },
  {
    name: 'a missed deadline aborts where the spec wants that; why is told by an event only',
    async run(stage) {
      await stage.healthy('web', {
        strategy: { canary: { steps: STEPS } },
        more: { progressDeadlineSeconds: 2, progressDeadlineAbort: true },
      });
      await neverReady(stage);
      const degraded = 'RolloutAborted: Rollout aborted update to revision 2';
      const aborted = await stage.phase('web', 'Degraded', degraded);
      const why = `ReplicaSet "web-${textAt(aborted, 'status.currentPodHash')}" has timed out progressing.`;
      const tells = (list: Json): boolean => itemsOf(list).some(({ message }) => message === why);
      await stage.until('events', tells, `to say ${why}`);
      expect(at(aborted, 'status.abort')).toBe(true);
      await stage.untilSpread('web', { [ONE]: 2 });
    },
  },
  {
    name: 'a Rollout that is deleted and made again in the middle of a canary begins anew, without steps',
    async run(stage) {
      const before = await stage.paused('web');
      const selector = encodeURIComponent('metadata.name=web');
      const version = textAt(before, 'metadata.resourceVersion');
      await stage.client.ask('DELETE', `${stage.path('rollouts/web')}?propagationPolicy=Background`);
      await stage.rollout('web', { image: THREE, strategy: { canary: { steps: STEPS } } });
      const watch = `${stage.path('rollouts')}?watch=true&timeoutSeconds=5&fieldSelector=${selector}&resourceVersion=${version}`;
      const isNew = ({ type }: Json): boolean => type === 'ADDED';
      const events = await stage.client.watch(watch, (seen) => seen.some(isNew));
      expect(events.map(({ type }) => type).filter((type) => type !== 'MODIFIED')).toEqual([
        'DELETED',
        'ADDED',
      ]);
      const after = await stage.phase('web', 'Healthy');
      expect(at(after, 'metadata.uid')).not.toBe(at(before, 'metadata.uid'));
      expect(at(after, 'status.stableRS')).toBe(at(after, 'status.currentPodHash'));
      expect(at(after, 'status.currentStepIndex')).toBe(2);
      await stage.untilSpread('web', { [THREE]: 2 });
      expect(await stage.revisions('web')).toEqual({ [THREE]: '1' });
    },
  },
];
