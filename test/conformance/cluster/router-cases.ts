import { expect } from 'vitest';
import type { ConformanceCase } from './case.ts';
import { at, textAt } from './client.ts';
import type { Stage } from './stage.ts';

const ONE = 'registry.test/app:1';
const TWO = 'registry.test/app:2';
const HASH = 'spec.selector.rollouts-pod-template-hash';

/** A canary behind nginx, with the ingress and the services it needs; Healthy on `:1`. */
async function routed(stage: Stage, canary: Record<string, unknown> = {}): Promise<void> {
  await stage.service('web-stable', 'web');
  await stage.service('web-canary', 'web');
  const backend = { service: { name: 'web-stable', port: { number: 80 } } };
  await stage.create('ingresses', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web' },
    spec: { rules: [{ host: 'web.test', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
  });
  await stage.healthy('web', {
    strategy: {
      canary: {
        steps: [{ setWeight: 50 }, { pause: {} }],
        canaryService: 'web-canary',
        stableService: 'web-stable',
        trafficRouting: { nginx: { stableIngress: 'web' } },
        ...canary,
      },
    },
  });
}

async function blueGreen(stage: Stage, strategy: Record<string, unknown>): Promise<void> {
  await stage.service('web', 'web');
  await stage.service('web-preview', 'web');
  await stage.healthy('web', {
    strategy: { blueGreen: { activeService: 'web', previewService: 'web-preview', ...strategy } },
  });
}

/** Traffic that a router or a Service moves. */
export const routerCases: readonly ConformanceCase[] = [
  {
    name: 'behind a router weight moves by the step, and stable keeps its pods',
    async run(stage) {
      await routed(stage);
      await stage.image('web', TWO);
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
      await stage.untilSpread('web', { [ONE]: 2, [TWO]: 1 });
      const { status } = await stage.until(
        'rollouts/web',
        (rollout) => at(rollout, 'status.canary.weights.canary.weight') === 50,
        'to move half',
      );
      expect(at(status, 'canary.weights')).toEqual({
        canary: { weight: 50, serviceName: 'web-canary', podTemplateHash: at(status, 'currentPodHash') },
        stable: { weight: 50, serviceName: 'web-stable', podTemplateHash: at(status, 'stableRS') },
      });
      expect(at(await stage.get('services/web-canary'), HASH)).toBe(at(status, 'currentPodHash'));
      expect(at(await stage.get('services/web-stable'), HASH)).toBe(at(status, 'stableRS'));
    },
  },
  {
    name: 'an abort takes all weight at once and leaves the pods for a while',
    async run(stage) {
      await routed(stage);
      await stage.image('web', TWO);
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
      await stage.status('web', { abort: true });
      await stage.phase('web', 'Degraded', 'RolloutAborted: Rollout aborted update to revision 2');
      await stage.until(
        'rollouts/web',
        (rollout) => at(rollout, 'status.canary.weights.canary.weight') === 0,
        'to take the weight',
      );
      await stage.quiet();
      expect(await stage.spread('web')).toEqual({ [ONE]: 2, [TWO]: 1 });
      const sets = await stage.replicaSets('web');
      const canary = sets.find((set) => textAt(set, 'spec.template.spec.containers.0.image') === TWO);
      const deadline = Date.parse(textAt(canary, 'metadata.annotations.scale-down-deadline'));
      expect(deadline - Date.now()).toBeGreaterThan(20_000);
    },
  },
  {
    name: 'after promotion the former stable pods wait out their delay',
    async run(stage) {
      await routed(stage, { scaleDownDelaySeconds: 1 });
      await stage.image('web', TWO);
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
      await stage.status('web', { pauseConditions: null });
      await stage.phase('web', 'Healthy');
      await stage.untilSpread('web', { [TWO]: 2 });
    },
  },
  {
    name: 'a missing service is an invalid spec, by name',
    async run(stage) {
      await stage.service('web-canary', 'web');
      await stage.rollout('web', {
        strategy: { canary: { canaryService: 'web-canary', stableService: 'web-stable' } },
      });
      await stage.phase(
        'web',
        'Degraded',
        'InvalidSpec: The Rollout "web" is invalid: spec.strategy.canary.stableService: Invalid value: "web-stable": service "web-stable" not found',
      );
    },
  },
  {
    name: 'blue-green waits for somebody, switches, and is back at once while the old pods are up',
    async run(stage) {
      await blueGreen(stage, { autoPromotionEnabled: false });
      await stage.image('web', TWO);
      const paused = await stage.phase('web', 'Paused', 'BlueGreenPause');
      expect(at(paused, 'status.blueGreen.activeSelector')).toBe(at(paused, 'status.stableRS'));
      expect(at(paused, 'status.blueGreen.previewSelector')).toBe(at(paused, 'status.currentPodHash'));
      await stage.status('web', { pauseConditions: null });
      const { status } = await stage.phase('web', 'Healthy');
      expect(at(status, 'stableRS')).toBe(at(paused, 'status.currentPodHash'));
      expect(at(await stage.get('services/web'), HASH)).toBe(at(status, 'stableRS'));
      expect(await stage.spread('web')).toEqual({ [ONE]: 2, [TWO]: 2 });
      await stage.image('web', ONE);
      const back = await stage.phase('web', 'Healthy');
      expect(at(back, 'status.blueGreen.activeSelector')).toBe(at(paused, 'status.stableRS'));
    },
  },
  {
    name: 'an aborted preview never gets the active service',
    async run(stage) {
      await blueGreen(stage, { autoPromotionEnabled: false });
      await stage.image('web', TWO);
      const paused = await stage.phase('web', 'Paused', 'BlueGreenPause');
      await stage.status('web', { abort: true });
      const { status } = await stage.phase(
        'web',
        'Degraded',
        'RolloutAborted: Rollout aborted update to revision 2',
      );
      expect(at(status, 'blueGreen.activeSelector')).toBe(at(paused, 'status.stableRS'));
      expect(at(await stage.get('services/web'), HASH)).toBe(at(paused, 'status.stableRS'));
    },
  },
  {
    name: 'blue-green without a pause promotes itself when the pods are there',
    async run(stage) {
      await blueGreen(stage, { scaleDownDelaySeconds: 1 });
      await stage.image('web', TWO);
      const { status } = await stage.phase('web', 'Healthy');
      expect(at(status, 'blueGreen.activeSelector')).toBe(at(status, 'currentPodHash'));
      await stage.untilSpread('web', { [TWO]: 2 });
    },
  },
  {
    name: 'a stable that is scaled with its weight gets its pods back on an abort, and the weight with them',
    async run(stage) {
      await routed(stage, { dynamicStableScale: true });
      await stage.image('web', TWO);
      await stage.phase('web', 'Paused', 'CanaryPauseStep');
      await stage.untilSpread('web', { [ONE]: 1, [TWO]: 1 });
      await stage.status('web', { abort: true });
      await stage.phase('web', 'Degraded', 'RolloutAborted: Rollout aborted update to revision 2');
      await stage.until(
        'rollouts/web',
        (rollout) => at(rollout, 'status.canary.weights.stable.weight') === 100,
        'to give stable all weight',
      );
      await stage.untilSpread('web', { [ONE]: 2 });
    },
  },
  {
    name: 'promoteFull switches a blue-green at once, past its pause',
    async run(stage) {
      await blueGreen(stage, { autoPromotionEnabled: false });
      await stage.image('web', TWO);
      const paused = await stage.phase('web', 'Paused', 'BlueGreenPause');
      await stage.status('web', { promoteFull: true });
      const { status } = await stage.phase('web', 'Healthy');
      expect(at(status, 'blueGreen.activeSelector')).toBe(at(paused, 'status.currentPodHash'));
      expect(at(status, 'promoteFull')).toBeUndefined();
    },
  },
  {
    name: 'an abort of a finished blue-green is taken back',
    async run(stage) {
      await blueGreen(stage, {});
      await stage.status('web', { abort: true });
      const cleared = await stage.until(
        'rollouts/web',
        (rollout) => at(rollout, 'status.abort') === undefined,
        'to take the abort back',
      );
      expect(at(cleared, 'status.phase')).toBe('Healthy');
    },
  },
];
