import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { nextTurn } from '../../../src/domain/release/next-turn.ts';
import { recoveryBoard } from '../../../src/views/recovery-board.ts';
import { pictureOf, wordsOf } from '../../views/fixtures.ts';
import {
  ANA,
  BEN,
  content,
  digest,
  effects,
  pausedAt,
  plan,
  planned,
  RELEASE,
  START,
  Stage,
} from './fixtures.ts';

/** Seed 8 is what goes back, seed 7 what comes back. */
function back(service: string, more = {}) {
  return planned(service, { from: content(service, '8'), to: content(service, '7'), ...more });
}

function rollback(more: Partial<Plan> = {}): Plan {
  return plan({
    type: 'rollback',
    services: { 'orders-api': back('orders-api') },
    waves: [['orders-api']],
    recovery: {
      rollsBack: ['prod/checkout-2026-11-20.2'],
      because: { 'orders-api': { kind: 'asked' } },
      restores: {},
      standing: { 'orders-api': 'verified' },
    },
    ...more,
  });
}

function started(cut = rollback()): Stage {
  return new Stage(cut).add({ kind: 'release.started', data: { epochs: { 'orders-api': 2 } } });
}

function settled(stage: Stage) {
  for (let turn = nextTurn(stage.look()); ; turn = nextTurn(stage.look())) {
    if (!turn.record.release.some((fact) => fact.kind === 'service.moved')) return turn;
    stage.take(turn);
  }
}

describe('a rollback', () => {
  it('aborts the canary first and commits the whole set in the same turn, asking nobody', () => {
    const stage = started().shows('orders-api', pausedAt(1));
    stage.approval = { kind: 'waiting', missing: [], expiresAt: 0 };
    stage.restoreUnconfirmed = true;
    const turn = settled(stage);
    expect(effects(turn)).toEqual(['rollout.abort', 'git.commit']);
    expect(turn.perform.flat()[0]).toMatchObject({
      onBehalfOf: { kind: 'person', id: ANA },
      effect: { podHash: 'hash-8' },
    });
    expect(turn.perform.flat()[1]?.effect).toMatchObject({ keys: [{ value: digest('7') }] });
  });

  it('stops the bleeding before it remembers where the canary was', () => {
    const stage = started().shows('orders-api', pausedAt(1));
    const first = nextTurn(stage.look());
    expect(first.record.release).toEqual([]);
    expect(effects(first)[0]).toBe('rollout.abort');
  });

  it('aborts dependents before what they depend on', () => {
    const services = { 'orders-api': back('orders-api'), payments: back('payments') };
    const stage = started(rollback({ services, waves: [['payments'], ['orders-api']] }));
    stage.shows('orders-api', pausedAt(1)).shows('payments', pausedAt(1));
    const groups = settled(stage).perform.map((group) => group.map((intent) => intent.id));
    expect(groups.slice(0, 2)).toEqual([
      ['abort/main/shop/payments/hash-8'],
      ['abort/main/shop/orders-api/hash-8'],
    ]);
  });

  it('commits without a word from the cluster', () => {
    const stage = started();
    stage.observed['main/shop/orders-api'] = { kind: 'unknown', reason: 'away' };
    const turn = settled(stage);
    expect(effects(turn)).toEqual(['git.commit']);
    expect(turn.waits).toMatchObject([{ kind: 'cluster', says: 'away' }]);
  });

  it('leaves a Rollout alone that is on its way to something that is neither its from nor its to', () => {
    const stage = started().shows(
      'orders-api',
      pausedAt(1, { images: { 'orders-api': `ghcr.io/acme/orders-api@${digest('9')}` } }),
    );
    expect(effects(settled(stage))).toEqual(['git.commit']);
  });

  it('promotes fully only on the target’s own hash, observed and not aborted', () => {
    const stage = started().shows('orders-api', pausedAt(1));
    stage.done(settled(stage));
    const target = {
      seed: '7',
      phase: 'Paused' as const,
      currentPodHash: 'hash-7',
      stablePodHash: 'hash-8',
      stepIndex: 0,
      replicaSets: [],
    };
    expect(effects(settled(stage.shows('orders-api', { ...target, observed: false })))).toEqual([]);
    expect(effects(settled(stage.shows('orders-api', { ...target, abort: true })))).toEqual([]);
    expect(effects(settled(stage.shows('orders-api', target)))).toEqual(['rollout.promoteFull']);
  });

  it('says stable before clean, and neither before its proof', () => {
    const stage = started().shows('orders-api', pausedAt(1));
    stage.done(settled(stage));
    expect(stage.state.stages).toEqual({});
    stage.shows('orders-api', { seed: '7' });
    const stable = settled(stage);
    expect(stable.record.release).toMatchObject([
      { kind: 'recovery.reached', data: { stage: 'servingStable' } },
    ]);
    const clean = nextTurn(stage.take(stable).look());
    expect(clean.record.release.map((fact) => fact.kind)).toEqual(['recovery.reached', 'release.ended']);
    expect(clean.record.environment).toMatchObject([
      { kind: 'content.verified', data: { contents: { 'orders-api': content('orders-api', '7') } } },
      { kind: 'tracks.freed' },
    ]);
  });

  it('is put back once more when a person asks, where somebody changed Git since', () => {
    const stage = started().shows('orders-api', pausedAt(1));
    stage.done(settled(stage));
    stage.shows('orders-api', { seed: '9' });
    stage.take(settled(stage));
    const waits = nextTurn(stage.look());
    expect(effects(waits)).toEqual([]);
    const progress = { at: START, waits: waits.waits, pending: [] };
    const labels = (now: number) => wordsOf(recoveryBoard(pictureOf(stage, { now, progress })).blocks);
    expect(labels(START + 59_000)).not.toContain('Put it back again');
    expect(labels(START + 60_000)).toContain('Put it back again');
    stage.add({
      kind: 'release.resumed',
      actor: { kind: 'person', id: BEN, via: 'slack' },
      data: { moments: [] },
    });
    expect(nextTurn(stage.look()).perform.flat()).toMatchObject([
      { id: 'restore@gitops#1', onBehalfOf: { id: BEN }, effect: { kind: 'git.commit' } },
    ]);
    expect(labels(START + 60_000)).not.toContain('Put it back again');
  });

  it('is not clean while Git refuses, and shows what Git says', () => {
    const stage = started().shows('orders-api', { seed: '7' });
    stage.take(settled(stage));
    stage.refused(nextTurn(stage.look()), 'rejected', 'protected branch');
    const turn = nextTurn(stage.look());
    expect(turn.record.release).toEqual([]);
    expect(turn.waits).toMatchObject([{ kind: 'merge', says: 'protected branch' }]);
  });

  it('breaks the glass when the API server refuses a person whom we authorise', () => {
    const stage = started().shows('orders-api', pausedAt(1));
    const turn = settled(stage);
    const [abort, commit] = turn.perform;
    stage
      .refused({ ...turn, perform: abort ? [abort] : [] }, 'forbidden')
      .done({ ...turn, perform: commit ? [commit] : [] });
    expect(nextTurn(stage.look()).perform.flat()).toMatchObject([
      {
        id: 'abort/main/shop/orders-api/hash-8/glass',
        onBehalfOf: { kind: 'recovery', person: ANA },
        effect: { kind: 'rollout.abort' },
      },
    ]);
  });

  it('asks Argo CD as the environment’s policy where the API server refuses the person, and says so', () => {
    const argocd = { application: 'orders-api', namespace: 'argocd' };
    const placements = back('orders-api').placements.map((placement) => ({ ...placement, argocd }));
    const services = { 'orders-api': back('orders-api', { placements }) };
    const stage = started(rollback({ services })).shows('orders-api', { seed: '8' });
    const commit = settled(stage);
    expect(effects(commit)).toEqual(['git.commit']);
    const refresh = nextTurn(stage.done(commit).look());
    expect(effects(refresh)).toEqual(['argocd.refresh']);
    const glass = nextTurn(stage.refused(refresh, 'forbidden').look());
    expect(glass.perform.flat()).toMatchObject([
      {
        id: 'refresh/main/orders-api/restore/glass',
        onBehalfOf: { kind: 'policy', id: 'signalbox:policy:prod' },
        effect: { kind: 'argocd.refresh' },
      },
    ]);
    stage.done(glass);
    expect(effects(nextTurn(stage.look()))).toEqual([]);
    expect(wordsOf(recoveryBoard(pictureOf(stage)).blocks)).toMatch(
      /Glass broken.*Ana, so signalbox:policy:prod acted/,
    );
  });

  it('clears an abort mark as the environment’s policy where the API server refuses the person', () => {
    const stage = started().shows('orders-api', { seed: '7', abort: true, phase: 'Degraded' });
    stage.take(settled(stage));
    const turn = nextTurn(stage.look());
    expect(effects(turn)).toEqual(['git.commit', 'rollout.retry']);
    const [commit, retry] = turn.perform.map((group) => ({ ...turn, perform: [group] }));
    if (commit === undefined || retry === undefined) throw new Error('two groups were expected');
    stage.done(commit);
    const glass = nextTurn(stage.refused(retry, 'forbidden').look());
    expect(glass.perform.flat()).toMatchObject([{ onBehalfOf: { kind: 'policy' } }]);
  });

  it('says what the API server said when it lets nobody abort, and is clean all the same when others do it', () => {
    const stage = started().shows('orders-api', pausedAt(1));
    const [abort, commit] = settled(stage).perform.map((group) => ({ ...settled(stage), perform: [group] }));
    if (abort === undefined || commit === undefined) throw new Error('an abort and a commit were expected');
    stage.refused(abort, 'forbidden', 'no slack:T1:UANA here').done(commit);
    expect(JSON.stringify(nextTurn(stage.look()).waits)).not.toContain('no slack');
    stage.refused(nextTurn(stage.look()), 'forbidden', 'no signalbox:recovery here');
    stage.take(nextTurn(stage.look()));
    const { waits } = nextTurn(stage.look());
    expect(waits).toContainEqual(
      expect.objectContaining({
        kind: 'cluster',
        says: expect.stringMatching(/^no signalbox:recovery here/),
      }),
    );
    stage.shows('orders-api', { seed: '7' });
    for (let i = 0; i < 3; i += 1) stage.take(nextTurn(stage.look()));
    expect(stage.state.ended?.outcome).toBe('restored');
  });

  it('undoes to the very digests where Git does not own the Rollout', () => {
    const service = back('orders-api', {
      placements: [{ cluster: 'main', namespace: 'shop', rollout: 'orders-api' }],
    });
    const stage = started(rollback({ services: { 'orders-api': service } })).shows('orders-api', {
      seed: '8',
    });
    const undo = settled(stage)
      .perform.flat()
      .find((intent) => intent.effect.kind === 'rollout.undo');
    expect(undo?.effect).toMatchObject({ images: { 'orders-api': [digest('7')] } });
  });

  it('names what it takes back in its commit', () => {
    const stage = started().shows('orders-api', { seed: '8' });
    const commit = settled(stage)
      .perform.flat()
      .find((intent) => intent.effect.kind === 'git.commit');
    const trailers = commit?.effect.kind === 'git.commit' ? Object.fromEntries(commit.effect.trailers) : {};
    expect(trailers).toMatchObject({
      'Release-Id': RELEASE,
      'Release-Intent': 'rollback',
      'Rolls-Back': 'prod/checkout-2026-11-20.2',
    });
  });
});
