import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { nextTurn } from '../../../src/domain/release/next-turn.ts';
import { content, effects, pausedAt, plan, planned, Stage } from './fixtures.ts';

const BACK: Plan = plan({
  type: 'rollback',
  services: {
    'orders-api': planned('orders-api', { from: content('orders-api', '8'), to: content('orders-api', '7') }),
  },
  waves: [['orders-api']],
  recovery: { rollsBack: [], because: {}, restores: {}, standing: {} },
});

/** A canary that has just been made: the old version still takes all traffic, and is proved. */
const STARTING = {
  ...pausedAt(0),
  weight: 0,
  replicaSets: [
    {
      podHash: 'hash-7',
      revision: 1,
      images: {},
      replicas: 2,
      readyPods: [1, 2].map((i) => ({
        name: `pod-${i}`,
        digests: { 'orders-api': `sha256:${'7'.repeat(64)}` },
      })),
      leaving: false,
    },
  ],
};

describe('a recovery', () => {
  it('says that the stable version serves only when the canary is stopped', () => {
    const stage = new Stage(BACK).add({ kind: 'release.started', data: { epochs: { 'orders-api': 2 } } });
    const turn = nextTurn(stage.shows('orders-api', STARTING).look());
    expect(turn.record.release).toEqual([]);
    expect(effects(turn)[0]).toBe('rollout.abort');
    stage.done(turn);
    const moved = nextTurn(stage.shows('orders-api', { ...STARTING, abort: true, phase: 'Degraded' }).look());
    expect(nextTurn(stage.take(moved).look()).record.release).toMatchObject([
      { kind: 'recovery.reached', data: { stage: 'servingStable' } },
    ]);
  });

  it('that another one took back acts no more', () => {
    const stage = new Stage(BACK).add(
      { kind: 'release.started', data: { epochs: { 'orders-api': 2 } } },
      {
        kind: 'release.takenBack',
        data: { by: 'prod/checkout-2026-11-20.9', services: ['orders-api'], reason: 'further back' },
      },
    );
    const turn = nextTurn(stage.shows('orders-api', STARTING).look());
    expect(turn.perform).toEqual([]);
    expect(turn.waits).toEqual([{ kind: 'recovery', by: 'prod/checkout-2026-11-20.9' }]);
  });
});
