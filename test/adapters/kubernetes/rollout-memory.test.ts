import { describe, expect, it } from 'vitest';
import { createRolloutMemory } from '../../../src/adapters/kubernetes/rollout-memory.ts';
import { digest, pods, replicaSet, rolloutObject } from '../../domain/rollout/sample-objects.ts';

const KEY = 'shop/cart';
const OLD = replicaSet('old', { revision: 1, image: `reg/cart@${digest('a')}` });
const [POD] = pods('old', { count: 1, imageID: `reg/cart@${digest('a')}` });

function memory() {
  const rung: string[] = [];
  return { rung, ...createRolloutMemory((key) => rung.push(key)) };
}

describe('the memory of Rollouts', () => {
  it('finds what belongs to a Rollout, in whatever order it came', () => {
    const { pod, replicaSet: put, rollout, find, rung } = memory();
    if (POD) pod({ key: 'shop/pod', after: POD });
    put({ key: 'shop/cart-old', after: OLD });
    expect([rung, find(KEY)]).toEqual([[], { kind: 'missing' }]);
    rollout({ key: KEY, after: rolloutObject() });
    expect(rung).toEqual([KEY]);
    expect(find(KEY)).toMatchObject({ kind: 'found', parts: { replicaSets: [OLD], pods: [POD] } });
  });

  it('rings for each part of a Rollout', () => {
    const { pod, replicaSet: put, rollout, rung } = memory();
    rollout({ key: KEY, after: rolloutObject() });
    put({ key: 'shop/cart-old', after: OLD });
    if (POD) pod({ key: 'shop/pod', after: POD });
    if (POD) pod({ key: 'shop/pod', before: POD });
    put({ key: 'shop/cart-old', before: OLD });
    expect(rung).toEqual([KEY, KEY, KEY, KEY, KEY]);
  });

  it('does not ring for a new version alone, but knows it', () => {
    const { rollout, find, rung } = memory();
    const before = rolloutObject();
    const after = rolloutObject({ metadata: { resourceVersion: '2' } });
    rollout({ key: KEY, after: before });
    rollout({ key: KEY, before, after });
    expect(rung).toEqual([KEY]);
    expect(find(KEY)).toMatchObject({ parts: { rollout: { metadata: { resourceVersion: '2' } } } });
  });

  it('forgets a Rollout that is gone, and what it was known by', () => {
    const { rollout, replicaSet: put, find, rung } = memory();
    const before = rolloutObject();
    rollout({ key: KEY, after: before });
    rollout({ key: KEY, before });
    put({ key: 'shop/cart-old', after: OLD });
    expect(find(KEY)).toEqual({ kind: 'missing' });
    expect(rung).toEqual([KEY, KEY]);
  });

  it('tells a Rollout that cannot be read from one that is not there, until it can', () => {
    const { rollout, find, rung } = memory();
    rollout({ key: KEY, unreadable: 'status.phase: odd' });
    expect(find(KEY)).toEqual({ kind: 'unreadable', reason: 'status.phase: odd' });
    rollout({ key: KEY, after: rolloutObject() });
    expect(find(KEY).kind).toBe('found');
    expect(rung).toEqual([KEY, KEY]);
  });
});
