import { describe, expect, it } from 'vitest';
import { nextTurn } from '../../src/domain/release/next-turn.ts';
import { board } from '../../src/views/board.ts';
import { postsOf } from '../../src/views/posts.ts';
import {
  ANA,
  BEN,
  content,
  moving,
  pausedAt,
  plan,
  planned,
  START,
  Stage,
} from '../domain/release/fixtures.ts';
import { pictureOf, wordsOf } from './fixtures.ts';

const missing = [{ role: 'release-managers', roles: ['release-managers'], count: 2, services: [] }];

describe('the board', () => {
  it('says on a lock screen what a release is and what it wants', () => {
    const stage = new Stage();
    const message = board(pictureOf(stage, { approval: { kind: 'waiting', missing, expiresAt: START } }));
    expect(message.text).toBe('checkout-2026-11-20.3 → prod · 2 services · wants 2 approvals');
    expect(wordsOf(message.blocks)).toContain('Waits for 2 of @release-managers (not Ana: they made it)');
    expect(wordsOf(message.blocks)).toContain('[Approve]');
  });

  it('binds its forward buttons to plan and state, and its recovery buttons to the release alone', () => {
    const asking = board(
      pictureOf(new Stage(), { approval: { kind: 'waiting', missing, expiresAt: START } }),
    );
    expect(JSON.stringify(asking.blocks)).toContain(
      '"does":{"kind":"approve","release":"prod/checkout-2026-11-20.3","seen":{"planHash":"plan-1","state":"awaitingApproval"}}',
    );
    const running = board(pictureOf(moving(plan(), nextTurn).shows('orders-api', pausedAt(1))));
    expect(JSON.stringify(running.blocks)).toMatch(
      /"does":\{"kind":"abort","release":"checkout-2026-11-20.3","environment":"prod","saw":"moving"\}/,
    );
  });

  it('shows where a canary is, in words and not only as a bar', () => {
    const words = wordsOf(board(pictureOf(moving(plan(), nextTurn).shows('orders-api', pausedAt(1)))).blocks);
    expect(words).toContain('▓▓░░░░░░ 25 %  step 2 of 4');
    expect(words).toContain('payments`  1.7.0 → *1.8.0*   waits for orders-api');
  });

  it('names those who approved, and nobody twice', () => {
    const stage = new Stage().add({
      kind: 'approval.granted',
      data: { planHash: 'plan-1', person: BEN, roles: [] },
    });
    stage.add({ kind: 'approval.granted', data: { planHash: 'plan-1', person: BEN, roles: [] } });
    expect(wordsOf(board(pictureOf(stage)).blocks)).toContain('Approved by Ben');
  });

  it('counts what does not fit on a phone', () => {
    const names = Array.from({ length: 60 }, (_, i) => `service-${i}`);
    const services = Object.fromEntries(names.map((name) => [name, planned(name)]));
    const words = wordsOf(board(pictureOf(new Stage(plan({ services, waves: [names] })))).blocks);
    expect(words).toContain('_and 45 more services: 0 done_');
  });

  it('shows charts that are pinned, and how the pin moves', () => {
    const services = {
      web: planned('web', {
        from: { ...content('web', '7'), chartVersion: '4.0' },
        to: { ...content('web', '8'), chartVersion: '4.1' },
      }),
      cart: planned('cart', {
        from: { ...content('cart', '7'), chartVersion: '2.0' },
        to: { ...content('cart', '8'), chartVersion: '2.0' },
      }),
    };
    const words = wordsOf(board(pictureOf(new Stage(plan({ services, waves: [['web', 'cart']] })))).blocks);
    expect(words).toContain('1.7.0 → *1.8.0* · chart 4.0 → 4.1');
    expect(words).toContain('1.7.0 → *1.8.0* · chart 2.0   tier');
  });

  it('escapes what people and machines wrote', () => {
    const stage = new Stage().add({
      kind: 'approval.rejected',
      data: { person: BEN, reason: '<!channel> & `x`' },
    });
    expect(wordsOf(board(pictureOf(stage)).blocks)).toContain('Rejected by Ben: &lt;!channel&gt; &amp; ˋxˋ');
  });
});

describe('what a release has to say', () => {
  it('asks once when it is held, and redraws the question when somebody has decided', () => {
    const stage = moving(plan(), nextTurn).add({
      kind: 'release.held',
      data: {
        reason: { kind: 'gateFailed', gate: 'error-rate', service: 'orders-api', says: '3.1 % against < 2%' },
      },
    });
    const [, asking] = postsOf(pictureOf(stage));
    expect(asking?.message.text).toBe('prod HELD · gate failed: 3.1 % against < 2%');
    expect(wordsOf(asking?.message.blocks)).toContain('[Abort and put back]');
    stage.add({
      kind: 'release.resumed',
      data: { moments: [] },
      actor: { kind: 'person', id: BEN, via: 'slack' },
    } as never);
    const [, decided] = postsOf(pictureOf(stage));
    expect(decided?.key).toBe(asking?.key);
    expect(wordsOf(decided?.message.blocks)).toContain('let go on by Ben');
    expect(wordsOf(decided?.message.blocks)).not.toContain('[');
  });

  it('says clean only when it is', () => {
    const recovery = plan({
      type: 'rollback',
      services: {
        'orders-api': planned('orders-api', {
          from: content('orders-api', '8'),
          to: content('orders-api', '7'),
        }),
      },
      waves: [['orders-api']],
      recovery: { rollsBack: [], because: {}, restores: {}, standing: {} },
    });
    const stage = new Stage(recovery);
    expect(postsOf(pictureOf(stage)).map(({ key }) => key)).toEqual(['board']);
    expect(postsOf(pictureOf(stage))[0]?.message.text).toMatch(/^prod: Rolling back orders-api/);
    const proofs = [{ placement: 'main/shop/orders-api', podHash: 'h', pods: 12, digests: {} }];
    stage.add({
      kind: 'recovery.reached',
      data: { stage: 'servingStable', proofs, keysLeftAlone: [] },
      at: START + 9000,
    });
    expect(postsOf(pictureOf(stage))[0]?.message.text).toBe(
      'prod: Serving stable · 1.7.0 takes all traffic after 9 s',
    );
    stage.add({
      kind: 'recovery.reached',
      data: { stage: 'clean', proofs, keysLeftAlone: [] },
      at: START + 31000,
    });
    const posts = postsOf(pictureOf(stage));
    expect(posts.map(({ key }) => key)).toEqual(['board', 'clean']);
    expect(posts[1]?.message.text).toBe(
      'prod: Clean · 12 pods run the old digests, Git and cluster agree, 31 s in all',
    );
    expect(wordsOf(posts[1]?.message.blocks)).toContain(`<@${ANA.slice(-4)}>`);
  });
});
