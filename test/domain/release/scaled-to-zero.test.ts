import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { nextTurn } from '../../../src/domain/release/next-turn.ts';
import type { RolloutView } from '../../../src/domain/rollout/rollout-view.ts';
import { board } from '../../../src/views/board.ts';
import { recoveryBoard } from '../../../src/views/recovery-board.ts';
import { pictureOf, wordsOf } from '../../views/fixtures.ts';
import { content, moving, plan, planned, RELEASE, rollout, type Stage } from './fixtures.ts';

const ID = 'main/shop/orders-api';
const alone = plan({ services: { 'orders-api': planned('orders-api') }, waves: [['orders-api']] });

/** Healthy on a content, with no pod asked for and none there. */
function empty(seed: string): Partial<RolloutView> & { seed: string } {
  const replicaSets = rollout('orders-api', { seed }).replicaSets.map((each) => ({
    ...each,
    replicas: 0,
    readyPods: [],
  }));
  return { seed, desiredReplicas: 0, availableReplicas: 0, updatedReplicas: 0, replicaSets };
}

/** Takes turns that only record, as the job does. */
function settled(stage: Stage) {
  let turn = nextTurn(stage.look());
  while (turn.record.release.length > 0 && turn.record.environment.length === 0) {
    stage.take(turn);
    turn = nextTurn(stage.look());
  }
  return turn;
}

function letGo(stage: Stage): Stage {
  const [wait] = settled(stage).waits;
  if (wait?.kind !== 'person') throw new Error(`waits for ${wait?.kind ?? 'nothing'}`);
  return stage.add({ kind: 'release.resumed', data: { moments: [wait.moment] } });
}

describe('a release to a service that is scaled to zero', () => {
  const reached = (cut: Plan = alone) => moving(cut, nextTurn).shows('orders-api', empty('8'));

  it('waits for a person and says why: nothing is claimed without a proof', () => {
    const stage = reached();
    const { waits, record } = settled(stage);
    expect(record.environment).toEqual([]);
    expect(waits).toMatchObject([{ kind: 'person', service: 'orders-api', moment: { step: 'postDeploy' } }]);
    const words = wordsOf(board(pictureOf(stage, { progress: { at: 0, waits, pending: [] } })).blocks);
    expect(words).toContain('*1.8.0*   scaled to zero: nothing to prove');
    expect(words).toContain('Waits for a person: orders-api is scaled to zero: nothing to prove');
    expect(words).toContain('[Let orders-api go on]');
  });

  it('ends when a person lets it go on, and remembers the content as found and not as verified', () => {
    const stage = letGo(reached());
    const turn = settled(stage);
    expect(turn.record.release).toMatchObject([{ kind: 'release.ended', data: { outcome: 'released' } }]);
    expect(turn.record.environment).toMatchObject([
      { kind: 'content.adopted', data: { service: 'orders-api', content: content('orders-api', '8') } },
      { kind: 'tracks.freed' },
    ]);
    stage.take(turn);
    expect(stage.environmentState.known['orders-api']?.[0]).toMatchObject({
      standing: 'adopted',
      release: RELEASE,
    });
    expect(board(pictureOf(stage)).text).toContain(
      'released · 0 services proved · 1 scaled to zero: nothing to prove',
    );
  });

  it('goes on by itself when pods come, and they prove it', () => {
    const stage = reached();
    settled(stage);
    expect(settled(stage.shows('orders-api', { seed: '8' })).record.environment).toMatchObject([
      { kind: 'content.verified', data: { contents: { 'orders-api': content('orders-api', '8') } } },
      { kind: 'tracks.freed' },
    ]);
  });

  it('needs no second proof for what proved itself before it was scaled down', () => {
    const stage = moving(plan(), nextTurn).shows('orders-api', { seed: '8' });
    settled(stage);
    expect(stage.state.proofs[ID]?.proof.pods).toBe(2);
    expect(settled(stage.shows('orders-api', empty('8'))).waits).not.toContainEqual(
      expect.objectContaining({ kind: 'person' }),
    );
  });

  it.each<[string, Partial<RolloutView>]>([
    ['its last pods still serve', { replicaSets: rollout('orders-api', { seed: '8' }).replicaSets }],
    ['its update is not finished', { stablePodHash: 'hash-7', phase: 'Progressing' }],
    ['its controller has not seen the change', { observed: false }],
  ])('asks nobody while %s', (_, more) => {
    const { waits } = settled(reached().shows('orders-api', { ...empty('8'), ...more }));
    expect(waits).toMatchObject([{ kind: 'rollout' }]);
  });
});

describe('a rollback of a service that is scaled to zero', () => {
  it('ends by itself, claims no pods, and says that nothing serves', () => {
    const services = {
      'orders-api': planned('orders-api', {
        from: content('orders-api', '8'),
        to: content('orders-api', '7'),
      }),
    };
    const stage = moving(plan({ type: 'rollback', services, waves: [['orders-api']] }), nextTurn);
    stage.shows('orders-api', empty('7'));
    const turn = settled(stage);
    expect(stage.state.stages.servingStable).toBeDefined();
    expect(recoveryBoard(pictureOf(stage)).text).toBe(
      'prod: Nothing serves · orders-api scaled to zero: nothing to prove',
    );
    expect(turn.record.release.map((fact) => fact.kind)).toEqual(['recovery.reached', 'release.ended']);
    expect(turn.record.environment.map((fact) => fact.kind)).toEqual(['content.adopted', 'tracks.freed']);
    stage.take(turn);
    expect(recoveryBoard(pictureOf(stage)).text).toMatch(
      /Clean · 1 scaled to zero: nothing to prove, Git and cluster agree/,
    );
  });
});
