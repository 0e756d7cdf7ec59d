import { describe, expect, it } from 'vitest';
import { restoreRollout, restoreWorkload, templateOf } from '../../../src/domain/rollout/change/undo.ts';
import { rolloutObject } from './sample-objects.ts';

const replicaSet = (annotations?: Record<string, string>) => ({
  metadata: { name: 'cart-old', annotations },
  spec: {
    template: {
      metadata: {
        creationTimestamp: null,
        labels: { app: 'cart', role: 'stable', 'rollouts-pod-template-hash': 'old' },
        annotations: { team: 'shop', color: 'blue' },
      },
      spec: {
        containers: [{ name: 'cart', image: 'cart:1', env: [{ name: 'A', value: '1' }] }],
        dnsPolicy: 'ClusterFirst',
      },
    },
  },
});

describe('the template that an undo restores', () => {
  it('is the whole one of the ReplicaSet without the pod hash', () => {
    const { spec } = replicaSet().spec.template;
    expect(templateOf(replicaSet())).toEqual({
      metadata: {
        creationTimestamp: null,
        labels: { app: 'cart', role: 'stable' },
        annotations: { team: 'shop', color: 'blue' },
      },
      spec,
    });
  });

  it('leaves out what the controller injected', () => {
    const injected = JSON.stringify({ labels: { role: 'stable' }, annotations: { color: 'blue' } });
    const template = templateOf(replicaSet({ 'rollout.argoproj.io/ephemeral-metadata': injected }));
    expect(template['metadata']).toEqual({
      creationTimestamp: null,
      labels: { app: 'cart' },
      annotations: { team: 'shop' },
    });
  });

  it('takes an unreadable note of the controller for none', () => {
    const template = templateOf(replicaSet({ 'rollout.argoproj.io/ephemeral-metadata': '{' }));
    expect(template.metadata).toMatchObject({ labels: { role: 'stable' } });
  });

  it('replaces only the spec that was read', () => {
    expect(restoreRollout(rolloutObject(), { spec: {} })).toEqual([
      { op: 'test', path: '/metadata/generation', value: 7 },
      { op: 'test', path: '/status/currentPodHash', value: 'new' },
      { op: 'replace', path: '/spec/template', value: { spec: {} } },
    ]);
    expect(restoreWorkload({ generation: 3 }, {})).toMatchObject([
      { op: 'test', value: 3 },
      { op: 'replace' },
    ]);
  });
});
