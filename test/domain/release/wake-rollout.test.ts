import { describe, expect, it } from 'vitest';
import { nextTurn } from '../../../src/domain/release/next-turn.ts';
import type { RolloutView } from '../../../src/domain/rollout/rollout-view.ts';
import { content, effects, moving, plan, planned, START, type Stage } from './fixtures.ts';

const forward = plan({ services: { 'orders-api': planned('orders-api') }, waves: [['orders-api']] });
const back = plan({
  type: 'rollback',
  services: {
    'orders-api': planned('orders-api', { from: content('orders-api', '7'), to: content('orders-api', '8') }),
  },
  waves: [['orders-api']],
});

/** Argo CD has applied the content, and the controller has not seen it. */
function unheard(cut = forward, more: Partial<RolloutView> = {}): Stage {
  const view = { seed: '8', generation: 3, observed: false, message: 'not observed', writtenAt: START };
  return moving(cut, nextTurn).shows('orders-api', { ...view, ...more });
}

/** The turn so many seconds after the last write. */
function turnAfter(stage: Stage, seconds: number) {
  stage.now = START + seconds * 1000;
  return nextTurn(stage.look());
}

describe('a change that a controller does not see', () => {
  it('is waited for while a busy controller may still come to it', () => {
    const turn = turnAfter(unheard(), 9);
    expect(effects(turn)).toEqual([]);
    expect(turn.waits).toMatchObject([{ kind: 'rollout', says: 'not observed' }]);
  });

  it.each([
    ['a release', forward],
    ['a rollback', back],
  ])('makes %s touch the Rollout as the environment’s policy', (_, cut) => {
    const [intent] = turnAfter(unheard(cut), 10)
      .perform.flat()
      .filter(({ effect }) => effect.kind === 'rollout.wake');
    expect(intent).toEqual({
      id: 'wake/main/shop/orders-api/3/0',
      onBehalfOf: { kind: 'policy', id: 'signalbox:policy:prod' },
      effect: {
        kind: 'rollout.wake',
        cluster: 'main',
        namespace: 'shop',
        rollout: 'orders-api',
        generation: 3,
      },
    });
  });

  it('is touched again only when the last touch was not seen for as long, and after a crash the same one', () => {
    const stage = unheard();
    const turn = turnAfter(stage, 10);
    const [intent] = turn.perform.flat();
    if (intent === undefined) throw new Error('nothing was touched');
    const crashed = unheard().add({ kind: 'effect.intended', data: intent });
    expect(turnAfter(crashed, 11).perform.flat()).toEqual([intent]);
    stage.done(turn).shows('orders-api', {
      seed: '8',
      generation: 3,
      observed: false,
      writtenAt: START + 10_000,
    });
    expect(effects(turnAfter(stage, 19))).toEqual([]);
    expect(turnAfter(stage, 20).perform.flat()).toMatchObject([{ id: 'wake/main/shop/orders-api/3/1' }]);
  });

  it('is given up after three touches, with what a person can look at', () => {
    const stage = unheard();
    for (const seconds of [10, 20, 30]) stage.done(turnAfter(stage, seconds));
    const turn = turnAfter(stage, 40);
    expect(effects(turn)).toEqual([]);
    expect(turn.waits).toMatchObject([{ says: expect.stringContaining('see whether Argo Rollouts runs') }]);
  });

  it('is never touched where nothing tells since when', () => {
    const { writtenAt: _, ...view } = { seed: '8', observed: false, writtenAt: 0 };
    expect(effects(turnAfter(moving(forward, nextTurn).shows('orders-api', view), 3600))).toEqual([]);
  });
});
