import { describe, expect, it } from 'vitest';
import { nextTurn } from '../../../src/domain/release/next-turn.ts';
import { pausedAt } from './fixtures.ts';
import { judged, settled, underWay, withGate } from './gated.ts';

describe('a failure', () => {
  it('of a gate aborts at once by policy, then goes back', () => {
    const stage = underWay(withGate).shows('orders-api', pausedAt(1));
    settled(stage);
    const aborting = nextTurn(stage.add(judged('fail')).look());
    expect(aborting.perform.flat()).toMatchObject([
      { onBehalfOf: { kind: 'policy' }, effect: { kind: 'rollout.abort', podHash: 'hash-8' } },
    ]);
    expect(nextTurn(stage.done(aborting).look()).recover).toMatchObject({
      service: 'orders-api',
      gate: 'error-rate',
    });
  });

  it('where the environment asks is held for a person after the abort', () => {
    const stage = underWay({ ...withGate, onGateFailure: 'ask' }).shows('orders-api', pausedAt(1));
    settled(stage);
    stage.done(nextTurn(stage.add(judged('fail')).look()));
    const turn = nextTurn(stage.look());
    expect(turn.recover).toBeUndefined();
    expect(turn.record.release).toMatchObject([
      { kind: 'release.held', data: { reason: { kind: 'gateFailed' } } },
    ]);
  });

  it('that nobody decides on in the time that the plan gives goes back by itself', () => {
    const minute = 60_000;
    const stage = underWay({ ...withGate, onGateFailure: 'ask', timeToRemediateMs: 15 * minute }).shows(
      'orders-api',
      pausedAt(1),
    );
    settled(stage);
    stage.done(nextTurn(stage.add(judged('fail')).look()));
    stage.take(nextTurn(stage.look()));
    const held = stage.look();
    const until = Date.parse(held.release.hold?.at ?? '') + 15 * minute;
    const waiting = nextTurn({ ...held, now: until - 1 });
    expect(waiting.waits).toContainEqual(expect.objectContaining({ kind: 'held', until }));
    expect(waiting.recover).toBeUndefined();
    expect(nextTurn({ ...held, now: until }).recover).toMatchObject({
      service: 'orders-api',
      gate: 'error-rate',
      says: expect.stringContaining('nobody decided within 15m'),
    });
  });

  it('of the canary itself goes back without another abort', () => {
    const stage = underWay(withGate).shows(
      'orders-api',
      pausedAt(1, { phase: 'Degraded', abort: true, message: 'RolloutAborted' }),
    );
    expect(settled(stage)).toMatchObject({
      perform: [],
      recover: { service: 'orders-api', says: 'RolloutAborted' },
    });
  });

  it('after the deployment goes back too', () => {
    const stage = underWay(withGate).shows('orders-api', { seed: '8' });
    stage.take(settled(stage));
    const [asked] = settled(stage).judge;
    expect(asked?.moment.step).toBe('postDeploy');
    expect(nextTurn(stage.add(judged('fail', asked?.moment)).look()).recover).toMatchObject({
      gate: 'error-rate',
    });
  });

  it('leaves everything alone once recovery has taken the tracks', () => {
    const stage = underWay(withGate).shows('orders-api', pausedAt(1));
    stage.add({
      kind: 'release.takenBack',
      data: { by: 'prod/checkout-2026-11-20.4', services: ['orders-api'], reason: 'x' },
    });
    const turn = nextTurn(stage.look());
    expect(turn).toMatchObject({
      perform: [],
      judge: [],
      waits: [{ kind: 'recovery', by: 'prod/checkout-2026-11-20.4' }],
    });
  });
});
