import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { nextTurn } from '../../../src/domain/release/next-turn.ts';
import { content, effects, moving, pausedAt, plan, planned, Stage } from './fixtures.ts';

const WAVES = [['orders-api']];
const FORWARD = plan({ services: { 'orders-api': planned('orders-api') }, waves: WAVES });
const BACK: Plan = plan({
  type: 'rollback',
  services: {
    'orders-api': planned('orders-api', { from: content('orders-api', '8'), to: content('orders-api', '7') }),
  },
  waves: WAVES,
  recovery: { rollsBack: [], because: {}, restores: {}, standing: {} },
});
const HELD = { ...pausedAt(1), pausedBySpec: true };

/** The next turn after everything that moved was written down. */
function settled(stage: Stage) {
  for (let turn = nextTurn(stage.look()); ; turn = nextTurn(stage.look())) {
    if (!turn.record.release.some((fact) => fact.kind === 'service.moved')) return turn;
    stage.take(turn);
  }
}

function recovering(): Stage {
  const stage = new Stage(BACK).add({ kind: 'release.started', data: { epochs: { 'orders-api': 2 } } });
  return stage.done(settled(stage.shows('orders-api', pausedAt(1))));
}

describe('a canary that is paused by its spec', () => {
  it('is aborted by a recovery although it is marked aborted, because it goes on serving', () => {
    const stage = new Stage(BACK).add({ kind: 'release.started', data: { epochs: { 'orders-api': 2 } } });
    expect(effects(settled(stage.shows('orders-api', { ...HELD, abort: true })))).toContain('rollout.abort');
  });

  it('is aborted after a failure although it is marked aborted', () => {
    const stage = moving(FORWARD, nextTurn);
    stage.shows('orders-api', { ...HELD, abort: true, phase: 'Degraded', message: 'RolloutAborted' });
    expect(effects(settled(stage))).toEqual(['rollout.abort']);
  });

  it('is let go when it is back on what it is to serve', () => {
    const stage = recovering().shows('orders-api', { seed: '7', phase: 'Paused', pausedBySpec: true });
    stage.take(settled(stage));
    expect(effects(settled(stage))).toEqual(['rollout.promoteFull']);
  });
});

describe('a full promotion that was meant for an older spec', () => {
  const target = {
    seed: '7',
    phase: 'Paused' as const,
    currentPodHash: 'hash-7',
    stablePodHash: 'hash-8',
    replicaSets: [],
  };

  it('is meant anew for the present one', () => {
    const stage = recovering().shows('orders-api', { ...target, generation: 5 });
    stage.refused(settled(stage), 'stale');
    expect(effects(settled(stage))).toEqual([]);
    expect(effects(settled(stage.shows('orders-api', { ...target, generation: 6 })))).toEqual([
      'rollout.promoteFull',
    ]);
  });
});
