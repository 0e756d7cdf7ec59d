import { expect } from 'vitest';
import type { ConformanceCase } from './case.ts';
import { at, itemsOf, JSON_PATCH, type Json, textAt } from './client.ts';
import { undoAsPlugin } from './plugin-undo.ts';
import type { Stage } from './stage.ts';

const ONE = 'registry.test/app:1';
const TWO = 'registry.test/app:2';
const THREE = 'registry.test/app:3';
const STEPS = [{ setWeight: 50 }, { pause: {} }];

async function templateOf(stage: Stage, image: string): Promise<Json> {
  // Not those of a Deployment with the same labels, which has some of its own even when it is scaled to zero.
  const sets = itemsOf(await stage.get('replicasets?labelSelector=app%3Dweb,rollouts-pod-template-hash'));
  const found = sets.find((set) => textAt(set, 'spec.template.spec.containers.0.image') === image);
  const template = structuredClone(at(found, 'spec.template')) as { metadata: { labels: Json } };
  delete template.metadata.labels['rollouts-pod-template-hash'];
  return template;
}

/** Going back by `kubectl argo rollouts undo`, and by what the product does in its place. */
export const undoCases: readonly ConformanceCase[] = [
  {
    name: 'undo goes to the second-newest revision, which may be the aborted one, and back again the second time',
    async run(stage) {
      await stage.paused('web');
      await stage.status('web', { abort: true });
      await stage.phase('web', 'Degraded', 'RolloutAborted: Rollout aborted update to revision 2');
      await stage.image('web', THREE);
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
      expect(await undoAsPlugin(stage, 'web')).toBe('undone');
      const bad = await stage.phase('web', 'Paused', 'CanaryPauseStep');
      expect(at(bad, 'spec.template.spec.containers.0.image')).toBe(TWO);
      expect(at(bad, 'status.abort')).toBeUndefined();
      expect(await stage.revisions('web')).toEqual({ [ONE]: '1', [TWO]: '4', [THREE]: '3' });
      expect(await undoAsPlugin(stage, 'web')).toBe('undone');
      const again = await stage.phase('web', 'Paused', 'CanaryPauseStep');
      expect(at(again, 'spec.template.spec.containers.0.image')).toBe(THREE);
      expect(await stage.revisions('web')).toEqual({ [ONE]: '1', [TWO]: '4', [THREE]: '5' });
    },
  },
  {
    name: 'undo does nothing, without a word, when the bad version only took something away',
    async run(stage) {
      const env = [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ];
      await stage.healthy('web', { replicas: 1, env });
      const shorter = stage.template('web', { env: env.slice(0, 1) });
      await stage.patch('rollouts/web', { spec: { template: shorter } });
      const bad = await stage.phase('web', 'Healthy');
      expect(await undoAsPlugin(stage, 'web')).toBe('skipped');
      await stage.quiet();
      const same = await stage.get('rollouts/web');
      expect(at(same, 'metadata.generation')).toBe(at(bad, 'metadata.generation'));
      expect(at(same, 'status.stableRS')).toBe(at(bad, 'status.stableRS'));
    },
  },
  {
    name: 'putting a template back changes neither steps nor replicas, and on the way to stable takes no steps',
    async run(stage) {
      const { status: before } = await stage.healthy('web', { strategy: { canary: { steps: STEPS } } });
      const steps = [{ setWeight: 25 }, { pause: {} }, { pause: {} }];
      const spec = {
        replicas: 3,
        strategy: { canary: { steps } },
        template: stage.template('web', { image: TWO }),
      };
      await stage.patch('rollouts/web', { spec });
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
      const value = await templateOf(stage, ONE);
      await stage.act('rollouts/web', [{ op: 'replace', path: '/spec/template', value }], JSON_PATCH);
      const back = await stage.phase('web', 'Healthy');
      expect(at(back, 'status.stableRS')).toBe(at(before, 'stableRS'));
      expect(at(back, 'spec.strategy.canary.steps')).toEqual(steps);
      expect(at(back, 'spec.replicas')).toBe(3);
    },
  },
  {
    name: 'a Rollout that refers to a Deployment goes back when the template of that one is put back',
    async run(stage) {
      await stage.create('deployments', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'web' } },
          template: stage.template('web', { image: ONE }),
        },
      });
      const workloadRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
      const selector = { matchLabels: { app: 'web' } };
      await stage.create('rollouts', {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Rollout',
        metadata: { name: 'web' },
        spec: { replicas: 2, selector, workloadRef, strategy: { canary: { steps: STEPS } } },
      });
      const { status: before } = await stage.phase('web', 'Healthy');
      const restore = async (image: string): Promise<void> => {
        const value = image === ONE ? await templateOf(stage, ONE) : stage.template('web', { image });
        await stage.act('deployments/web', [{ op: 'replace', path: '/spec/template', value }], JSON_PATCH);
      };
      await restore(TWO);
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
      await restore(ONE);
      const back = await stage.phase('web', 'Healthy');
      expect(at(back, 'status.stableRS')).toBe(at(before, 'stableRS'));
      expect(at(back, 'status.workloadObservedGeneration')).toBe('3');
    },
  },
  {
    name: 'ReplicaSets beyond the history limit are gone, and with them the way back',
    async run(stage) {
      await stage.healthy('web', { replicas: 1, more: { revisionHistoryLimit: 1 } });
      for (const image of [TWO, THREE]) {
        // The oldest goes, and birthdays of ReplicaSets are whole seconds.
        await new Promise((resolve) => setTimeout(resolve, 1050));
        await stage.image('web', image);
        await stage.phase('web', 'Healthy');
      }
      const look = (list: Json): boolean => itemsOf(list).length === 2;
      await stage.until('replicasets', look, 'to be the newest two');
      expect(await stage.revisions('web')).toEqual({ [TWO]: '2', [THREE]: '3' });
    },
  },
];
