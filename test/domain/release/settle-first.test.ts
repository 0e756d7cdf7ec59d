import { describe, expect, it } from 'vitest';
import type { Intent } from '../../../src/domain/effect.ts';
import { nextTurn } from '../../../src/domain/release/next-turn.ts';
import { moving, plan, planned, type Stage } from './fixtures.ts';

const ONE = plan({ services: { 'orders-api': planned('orders-api') }, waves: [['orders-api']] });
const POLICY = { kind: 'policy' as const, id: 'signalbox:policy:prod' };
const HOLD: Intent = {
  id: 'pause/main/shop/orders-api/hash-8/1/2026-11-20T14:01:00Z',
  onBehalfOf: POLICY,
  effect: {
    kind: 'rollout.pause',
    cluster: 'main',
    namespace: 'shop',
    rollout: 'orders-api',
    podHash: 'hash-8',
  },
};
const WORDS: Intent = {
  id: 'say/held',
  onBehalfOf: POLICY,
  effect: { kind: 'chat.post', key: 'held', channel: 'C1' },
};

/** A release whose only service serves and is proved. */
function served(...open: Intent[]): Stage {
  const stage = moving(ONE, nextTurn).shows('orders-api', { seed: '8' });
  for (const data of open) stage.add({ kind: 'effect.intended', data });
  for (
    let turn = nextTurn(stage.look());
    !turn.record.release.some((fact) => fact.kind === 'release.ended');
  ) {
    if (turn.record.release.length === 0) return stage;
    stage.take(turn);
    turn = nextTurn(stage.look());
  }
  return stage;
}

describe('a release that could end', () => {
  it('first asks what became of an act whose answer was lost', () => {
    expect(nextTurn(served(HOLD).look()).perform).toEqual([[HOLD]]);
  });

  it('ends once that is known, whatever it was', () => {
    const stage = served(HOLD);
    stage.refused(nextTurn(stage.look()), 'stale');
    expect(nextTurn(stage.look()).record.release).toMatchObject([{ kind: 'release.ended' }]);
  });

  it('does not wait for what is still to be said', () => {
    expect(nextTurn(served(WORDS).look()).record.release).toMatchObject([{ kind: 'release.ended' }]);
  });
});
