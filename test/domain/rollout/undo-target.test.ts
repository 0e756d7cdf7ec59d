import { describe, expect, it } from 'vitest';
import { undoTarget } from '../../../src/domain/rollout/undo-target.ts';
import { canaryAtQuarter, digest, pods, replicaSet, rolloutObject } from './sample-objects.ts';

const pinned = (letter: string) => `reg/cart@${digest(letter)}`;
/** v1 stable, v2 aborted before, v3 current: the case in which plain `undo` picks the bad v2. */
const three = [
  replicaSet('old', { revision: 1, image: pinned('a'), available: 3 }),
  replicaSet('bad', { revision: 2, image: pinned('c') }),
  replicaSet('new', { revision: 3, image: pinned('b'), available: 1 }),
];

describe('the target of an undo', () => {
  it('is the ReplicaSet that runs the images, whatever its number', () => {
    const view = canaryAtQuarter({ replicaSets: three });
    expect(undoTarget(view, { cart: [digest('a')] })).toEqual({ kind: 'found', podHash: 'old', revision: 1 });
  });

  it('is nothing new when the template asks for the images already', () => {
    const view = canaryAtQuarter({ replicaSets: three });
    expect(undoTarget(view, { cart: [digest('b')] })).toEqual({ kind: 'current' });
  });

  it('is refused when no ReplicaSet that is kept has the images', () => {
    expect(undoTarget(canaryAtQuarter({ replicaSets: three }), { cart: [digest('d')] }).kind).toBe('none');
    expect(
      undoTarget(canaryAtQuarter({ replicaSets: three }), { cart: [digest('a')], x: [digest('a')] }).kind,
    ).toBe('none');
  });

  it('prefers stable, then the newest, among several with the same images', () => {
    const again = replicaSet('again', { revision: 9, image: pinned('a') });
    const view = canaryAtQuarter({ replicaSets: [again, ...three] });
    expect(undoTarget(view, { cart: [digest('a')] })).toMatchObject({ podHash: 'old' });
    const other = canaryAtQuarter({
      rollout: rolloutObject({ status: { stableRS: 'new' } }),
      replicaSets: [...three, again],
    });
    expect(undoTarget(other, { cart: [digest('a')] })).toMatchObject({ podHash: 'again' });
  });

  it('goes by what ready pods report where templates name tags', () => {
    const view = canaryAtQuarter({
      rollout: rolloutObject({
        spec: { template: { spec: { containers: [{ name: 'cart', image: 'reg/cart:2' }] } } },
      }),
      replicaSets: [
        replicaSet('old', { revision: 1, image: 'reg/cart:1', available: 3 }),
        replicaSet('bad', { revision: 2, image: 'reg/cart:1' }),
      ],
      pods: pods('old', { count: 3, imageID: pinned('a') }),
    });
    expect(undoTarget(view, { cart: [digest('a')] })).toMatchObject({ kind: 'found', podHash: 'old' });
    expect(undoTarget(view, { cart: [digest('c')] }).kind).toBe('none');
  });
});
