import { expect } from 'vitest';
import type { ConformanceCase } from './case.ts';
import { at, itemsOf, JSON_PATCH, textAt } from './client.ts';

const ONE = 'registry.test/app:1';
const TWO = 'registry.test/app:2';
const THREE = 'registry.test/app:3';
const STEPS = [{ setWeight: 50 }, { pause: {} }];

/** Canaries without a traffic router, as Argo Rollouts moves them. */
export const canaryCases: readonly ConformanceCase[] = [
  {
    name: 'the first deploy skips all steps',
    async run(stage) {
      const { status } = await stage.healthy('web', { strategy: { canary: { steps: STEPS } } });
      expect(at(status, 'currentStepIndex')).toBe(2);
      expect(at(status, 'observedGeneration')).toBe('1');
      expect(at(status, 'stableRS')).toBe(at(status, 'currentPodHash'));
      expect(at(status, 'canary')).toEqual({});
      expect(at(status, 'blueGreen')).toEqual({});
      const [set] = await stage.replicaSets('web');
      const hash = textAt(status, 'stableRS');
      expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]+$/);
      expect(textAt(set, 'metadata.name')).toBe(`web-${hash}`);
      expect(at(set, 'metadata.labels.rollouts-pod-template-hash')).toBe(hash);
      expect(at(set, 'spec.selector.matchLabels')).toEqual({
        app: 'web',
        'rollouts-pod-template-hash': hash,
      });
      const types = itemsOf(status, 'conditions').map(({ type, status: holds }) => `${type}=${holds}`);
      expect(types.sort()).toEqual(['Available=True', 'Completed=True', 'Healthy=True', 'Progressing=True']);
    },
  },
  {
    name: 'an update stops at a pause, its weight being its share of the pods',
    async run(stage) {
      const { status } = await stage.paused('web');
      expect(at(status, 'currentStepIndex')).toBe(1);
      expect(at(status, 'controllerPause')).toBe(true);
      expect(itemsOf(status, 'pauseConditions').map(({ reason }) => reason)).toEqual(['CanaryPauseStep']);
      expect(textAt(status, 'pauseConditions.0.startTime')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      await stage.untilSpread('web', { [ONE]: 1, [TWO]: 1 });
      expect(await stage.revisions('web')).toEqual({ [ONE]: '1', [TWO]: '2' });
      const settled = await stage.until(
        'rollouts/web',
        (rollout) => at(rollout, 'status.updatedReplicas') === 1 && at(rollout, 'status.replicas') === 2,
        'to count its pods',
      );
      expect(at(settled, 'status.availableReplicas')).toBe(2);
    },
  },
  {
    name: 'clearing the pause conditions moves it on',
    async run(stage) {
      await stage.paused('web');
      await stage.status('web', { pauseConditions: null });
      const { status } = await stage.phase('web', 'Healthy');
      expect(at(status, 'controllerPause')).toBeUndefined();
      expect(at(status, 'currentStepIndex')).toBe(2);
      await stage.untilSpread('web', { [TWO]: 2 });
    },
  },
  {
    name: 'raising the step index skips a step that runs',
    async run(stage) {
      await stage.healthy('web', { strategy: { canary: { steps: STEPS } } });
      const annotations = { 'signalbox.test/pods': 'never-ready' };
      await stage.patch('rollouts/web', {
        spec: { template: stage.template('web', { image: TWO, annotations }) },
      });
      await stage.phase('web', 'Progressing');
      await stage.status('web', { pauseConditions: null, currentStepIndex: 1 });
      const { status } = await stage.phase('web', 'Paused', 'CanaryPauseStep');
      expect(at(status, 'currentStepIndex')).toBe(1);
    },
  },
  {
    name: 'raising the index of a paused canary skips the next pause too: controllerPause stays and says that somebody resumed',
    async run(stage) {
      await stage.paused('web', [{ setWeight: 50 }, { pause: {} }, { setWeight: 60 }, { pause: {} }]);
      await stage.status('web', { pauseConditions: null, currentStepIndex: 3 });
      const { status } = await stage.phase('web', 'Healthy');
      expect(at(status, 'currentStepIndex')).toBe(4);
    },
  },
  {
    name: 'a timed pause ends by itself',
    async run(stage) {
      await stage.healthy('web', {
        strategy: { canary: { steps: [{ setWeight: 50 }, { pause: { duration: '1s' } }] } },
      });
      await stage.image('web', TWO);
      await stage.until('rollouts/web', (rollout) => at(rollout, 'status.phase') === 'Paused', 'to pause');
      await stage.phase('web', 'Healthy');
      await stage.untilSpread('web', { [TWO]: 2 });
    },
  },
  {
    name: 'a template that comes back brings its hash back, and removing something makes another',
    async run(stage) {
      const env = [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ];
      const first = await stage.healthy('web', { replicas: 1, env });
      const shorter = { spec: { template: stage.template('web', { env: env.slice(0, 1) }) } };
      await stage.patch('rollouts/web', shorter);
      const second = await stage.phase('web', 'Healthy');
      expect(at(second, 'status.currentPodHash')).not.toBe(at(first, 'status.currentPodHash'));
      await stage.patch('rollouts/web', { spec: { template: stage.template('web', { env }) } });
      const third = await stage.phase('web', 'Healthy');
      expect(at(third, 'status.currentPodHash')).toBe(at(first, 'status.currentPodHash'));
    },
  },
  {
    name: 'going back to an old template renumbers it: revisions are no lasting names',
    async run(stage) {
      await stage.healthy('web', { replicas: 1 });
      await stage.image('web', TWO);
      await stage.phase('web', 'Healthy');
      const sets = await stage.replicaSets('web');
      const old = sets.find((set) => textAt(set, 'spec.template.spec.containers.0.image') === ONE);
      const template = structuredClone(at(old, 'spec.template')) as {
        metadata: { labels: Record<string, string> };
      };
      delete template.metadata.labels['rollouts-pod-template-hash'];
      await stage.act(
        'rollouts/web',
        [{ op: 'replace', path: '/spec/template', value: template }],
        JSON_PATCH,
      );
      const undone = await stage.phase('web', 'Healthy');
      expect(at(undone, 'status.stableRS')).toBe(at(old, 'metadata.labels.rollouts-pod-template-hash'));
      expect(await stage.revisions('web')).toEqual({ [ONE]: '3', [TWO]: '2' });
      const [again] = (await stage.replicaSets('web')).filter(
        (set) => textAt(set, 'spec.template.spec.containers.0.image') === ONE,
      );
      const annotations = at(again, 'metadata.annotations') as Record<string, string>;
      // The present number follows when somebody touches the Rollout.
      expect(annotations['rollout.argoproj.io/revision-history']).toMatch(/^1(,3)*$/);
    },
  },
  {
    name: 'the way back from a finished update has all its steps, unless a rollback window covers it',
    async run(stage) {
      const finish = async (name: string, more: Record<string, unknown>): Promise<void> => {
        await stage.healthy(name, { replicas: 1, strategy: { canary: { steps: STEPS } }, more });
        // Birthdays of ReplicaSets, which the window is counted by, are whole seconds.
        await new Promise((resolve) => setTimeout(resolve, 1050));
        await stage.image(name, TWO);
        await stage.phase(name, 'Paused', 'CanaryPauseStep');
        await stage.status(name, { promoteFull: true });
        await stage.phase(name, 'Healthy');
        await stage.image(name, ONE);
      };
      await Promise.all([finish('plain', {}), finish('windowed', { rollbackWindow: { revisions: 3 } })]);
      await stage.phase('plain', 'Paused', 'CanaryPauseStep');
      const { status } = await stage.phase('windowed', 'Healthy');
      expect(at(status, 'currentStepIndex')).toBe(2);
    },
  },
  {
    name: 'a third version takes the place of the second, which goes',
    async run(stage) {
      await stage.paused('web');
      await stage.image('web', THREE);
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
      await stage.untilSpread('web', { [ONE]: 1, [THREE]: 1 });
    },
  },
  {
    name: 'spec.paused holds everything and changes the generation',
    async run(stage) {
      await stage.healthy('web', { strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } } });
      await stage.act('rollouts/web', { spec: { paused: true } });
      await stage.phase('web', 'Paused', 'manually paused');
      await stage.image('web', TWO);
      await stage.phase('web', 'Paused', 'manually paused');
      await stage.quiet();
      expect(await stage.spread('web')).toEqual({ [ONE]: 2 });
      await stage.act('rollouts/web', { spec: { paused: false } });
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
    },
  },
  {
    name: 'pods that never start hold the first step up, and time it out',
    async run(stage) {
      await stage.healthy('web', {
        strategy: { canary: { steps: STEPS } },
        more: { progressDeadlineSeconds: 2 },
      });
      const annotations = { 'signalbox.test/pods': 'never-ready' };
      await stage.patch('rollouts/web', {
        spec: { template: stage.template('web', { image: TWO, annotations }) },
      });
      const late = await stage.until(
        'rollouts/web',
        (rollout) => textAt(rollout, 'status.message').startsWith('ProgressDeadlineExceeded'),
        'to time out',
      );
      const name = `web-${textAt(late, 'status.currentPodHash')}`;
      expect(at(late, 'status.message')).toBe(
        `ProgressDeadlineExceeded: ReplicaSet "${name}" has timed out progressing.`,
      );
      expect(at(late, 'status.phase')).toBe('Degraded');
      expect(at(late, 'status.abort')).toBeUndefined();
      expect(at(late, 'status.currentStepIndex')).toBe(0);
    },
  },
  {
    name: 'scaled to zero it is healthy while nothing serves',
    async run(stage) {
      await stage.healthy('web', { replicas: 1 });
      await stage.patch('rollouts/web', { spec: { replicas: 0 } });
      await stage.until('pods', (list) => itemsOf(list).length === 0, 'to go');
      const { status } = await stage.phase('web', 'Healthy');
      expect(at(status, 'availableReplicas')).toBeUndefined();
    },
  },
  {
    name: 'replicas that nobody wrote become one, and containers get empty resources: two writes to the spec',
    async run(stage) {
      const template = {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'app', image: ONE }] },
      };
      const made = await stage.create('rollouts', {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Rollout',
        metadata: { name: 'web' },
        spec: { selector: { matchLabels: { app: 'web' } }, template, strategy: { canary: {} } },
      });
      expect(at(made, 'spec.replicas')).toBeUndefined();
      const healthy = await stage.phase('web', 'Healthy');
      expect([at(healthy, 'spec.replicas'), at(healthy, 'metadata.generation')]).toEqual([1, 3]);
      expect(at(healthy, 'spec.template.spec.containers.0.resources')).toEqual({});
    },
  },
  {
    name: 'an invalid spec is said in full, and mended by the next write',
    async run(stage) {
      await stage.rollout('web', { replicas: 1, strategy: { canary: { steps: [{ setWeight: 101 }] } } });
      await stage.phase(
        'web',
        'Degraded',
        'InvalidSpec: The Rollout "web" is invalid: spec.strategy.steps[0].setWeight: Invalid value: 101: SetWeight needs to be between 0 and 100',
      );
      await stage.patch('rollouts/web', { spec: { strategy: { canary: { steps: [{ setWeight: 10 }] } } } });
      await stage.phase('web', 'Healthy');
    },
  },
  {
    name: 'restartAt replaces all pods',
    async run(stage) {
      await stage.healthy('web', { replicas: 2 });
      const before = (await stage.pods('web')).map((pod) => textAt(pod, 'metadata.uid'));
      // A pod is old when it was made before this second.
      const restartAt = `${new Date(Date.now() + 1000).toISOString().slice(0, 19)}Z`;
      await stage.patch('rollouts/web', { spec: { restartAt } });
      // Where pods come up at once it may be over before somebody looks.
      const isAt = (rollout: unknown): boolean =>
        at(rollout, 'status.message') === 'rollout is restarting' ||
        at(rollout, 'status.restartedAt') === restartAt;
      await stage.until('rollouts/web', isAt, 'to restart');
      const look = (list: unknown): boolean =>
        itemsOf(list).filter((pod) => before.includes(textAt(pod, 'metadata.uid'))).length < before.length;
      await stage.until('pods', look, 'to be replaced');
    },
  },
  {
    name: 'pods report digests: the one asked for, or another when the node runs another',
    async run(stage) {
      const asked = `sha256:${'a'.repeat(64)}`;
      const other = `sha256:${'b'.repeat(64)}`;
      await stage.healthy('same', { replicas: 1, image: `registry.test/app:1@${asked}` });
      const annotations = { 'signalbox.test/image-digest': other };
      await stage.healthy('other', { replicas: 1, image: `registry.test/app:1@${asked}`, annotations });
      const imageId = async (app: string) =>
        textAt((await stage.pods(app))[0], 'status.containerStatuses.0.imageID');
      expect(await imageId('same')).toBe(`registry.test/app@${asked}`);
      expect(await imageId('other')).toBe(`registry.test/app@${other}`);
    },
  },
  {
    name: 'a Rollout that refers to a Deployment follows its template and notes its generation',
    async run(stage) {
      const template = (image: string) => stage.template('web', { image });
      await stage.create('deployments', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: template(ONE) },
      });
      await stage.create('rollouts', {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Rollout',
        metadata: { name: 'web' },
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: 'web' } },
          workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
          strategy: { canary: { steps: STEPS } },
        },
      });
      const first = await stage.phase('web', 'Healthy');
      expect(at(first, 'status.workloadObservedGeneration')).toBe('1');
      const patch = [{ op: 'replace', path: '/spec/template', value: template(TWO) }];
      await stage.patch('deployments/web', patch, JSON_PATCH);
      const second = await stage.phase('web', 'Paused', 'CanaryPauseStep');
      expect(at(second, 'metadata.generation')).toBe(at(first, 'metadata.generation'));
      expect(at(second, 'status.workloadObservedGeneration')).toBe('2');
      const annotations = at(second, 'metadata.annotations') as Record<string, string>;
      expect(annotations['rollout.argoproj.io/workload-generation']).toBe('2');
      expect(at(second, 'spec.template')).toBeUndefined();
    },
  },
];
