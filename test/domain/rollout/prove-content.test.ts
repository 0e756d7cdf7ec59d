import { describe, expect, it } from 'vitest';
import { Content } from '../../../src/domain/content.ts';
import { proveContent } from '../../../src/domain/rollout/prove-content.ts';
import type { RolloutView } from '../../../src/domain/rollout/rollout-view.ts';
import { canaryAtQuarter, digest, pods, replicaSet, rolloutObject } from './sample-objects.ts';

const content = (letter: string, platforms: Record<string, string> = {}) =>
  Content.parse({ images: { cart: { repository: 'reg/cart', digest: digest(letter), platforms } } });

const aborted = { abort: true, currentStepIndex: 0, pauseConditions: null, controllerPause: false };

/** All pods on the old ReplicaSet, the new one empty, after an abort. */
function backOnStable(over: Partial<Parameters<typeof canaryAtQuarter>[0]> = {}): RolloutView {
  return canaryAtQuarter({
    rollout: rolloutObject({ status: aborted }),
    replicaSets: [
      replicaSet('old', { revision: 1, image: `reg/cart@${digest('a')}`, available: 4 }),
      replicaSet('new', { revision: 2, image: `reg/cart@${digest('b')}` }),
    ],
    pods: pods('old', { count: 4, imageID: `reg/cart@${digest('a')}` }),
    ...over,
  });
}

const answer = (view: RolloutView, letter = 'a') => proveContent(view, content(letter), 'east/shop/cart');
const why = (view: RolloutView, letter = 'a') => {
  const said = answer(view, letter);
  return said.kind === 'unproved' ? said.why : said.kind;
};

describe('proof of what serves', () => {
  it('is given by the ready pods of the stable ReplicaSet, with their digests', () => {
    expect(answer(backOnStable())).toEqual({
      kind: 'proved',
      proof: { placement: 'east/shop/cart', podHash: 'old', pods: 4, digests: { cart: [digest('a')] } },
    });
  });

  it('takes a platform digest for the index that was released, and counts no sidecar', () => {
    const view = backOnStable({ pods: pods('old', { count: 4, imageID: `reg/cart@${digest('c')}` }) });
    expect(why(view)).toBe('otherImage');
    expect(proveContent(view, content('a', { 'linux/amd64': digest('c') }), 'x').kind).toBe('proved');
  });

  it('is not given by other bytes, nor by a container that is not there', () => {
    expect(why(backOnStable(), 'b')).toBe('otherImage');
    const two = Content.parse({
      images: { ...content('a').images, worker: { repository: 'w', digest: digest('a') } },
    });
    expect(proveContent(backOnStable(), two, 'x')).toMatchObject({ kind: 'unproved', why: 'otherImage' });
  });

  it('is not given by one wrong pod among right ones', () => {
    const right = pods('old', { count: 4, imageID: `reg/cart@${digest('a')}` });
    const wrong = pods('old', { count: 1, imageID: `reg/cart@${digest('e')}` });
    expect(why(backOnStable({ pods: [...right, ...wrong] }))).toBe('otherImage');
  });

  it('needs as many ready pods as are asked for', () => {
    const view = backOnStable({ pods: pods('old', { count: 3, imageID: `reg/cart@${digest('a')}` }) });
    expect(answer(view)).toMatchObject({ why: 'tooFewPods', reason: '3 of 4 stable pods are ready' });
  });

  it('is not given while a canary still takes traffic, whatever stable runs', () => {
    const stable = pods('old', { count: 4, imageID: `reg/cart@${digest('a')}` });
    expect(answer(canaryAtQuarter({ pods: stable }))).toMatchObject({
      why: 'otherTraffic',
      reason: '25 % of the traffic still goes to another version',
    });
  });

  it('is not disturbed by old pods in their scale-down delay, and not given by them', () => {
    const done = { currentPodHash: 'new', stableRS: 'new', currentStepIndex: 4, phase: 'Healthy' };
    const view = canaryAtQuarter({
      rollout: rolloutObject({ status: { ...done, pauseConditions: null } }),
      replicaSets: [
        replicaSet('old', { revision: 1, image: 'cart:1', available: 4, leaving: true }),
        replicaSet('new', { revision: 2, image: 'cart:2', available: 4 }),
      ],
      pods: [
        ...pods('old', { count: 4, imageID: `reg/cart@${digest('a')}` }),
        ...pods('new', { count: 4, imageID: `reg/cart@${digest('b')}` }),
      ],
    });
    expect(why(view, 'b')).toBe('proved');
    expect(why(view, 'a')).toBe('otherImage');
    const leaving = replicaSet('old', { revision: 1, image: 'cart:1', available: 4, leaving: true });
    expect(why(backOnStable({ replicaSets: [leaving] }))).toBe('leaving');
  });

  it('asks the active selector of a blue-green Rollout, not the stable one', () => {
    const at = (activeSelector: string) =>
      backOnStable({
        rollout: rolloutObject({
          spec: { strategy: { blueGreen: {} } },
          status: { blueGreen: { activeSelector } },
        }),
      });
    expect(why(at('old'))).toBe('proved');
    expect(why(at('new'))).toBe('tooFewPods');
    expect(why(at(''))).toBe('noStable');
  });

  it('is not given before the controller has seen the change, before anything is stable, or at zero replicas', () => {
    expect(
      why(backOnStable({ rollout: rolloutObject({ status: { ...aborted, observedGeneration: '6' } }) })),
    ).toBe('unobserved');
    expect(why(backOnStable({ rollout: rolloutObject({ status: { ...aborted, stableRS: '' } }) }))).toBe(
      'noStable',
    );
    expect(
      why(backOnStable({ rollout: rolloutObject({ spec: { replicas: 0 }, status: aborted }), pods: [] })),
    ).toBe('scaledToZero');
  });
});
