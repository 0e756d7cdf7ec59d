import { describe, expect, it } from 'vitest';
import { nextTurn } from '../../../src/domain/release/next-turn.ts';
import { BEN, plan, Stage } from './fixtures.ts';

/** A release to whose branch somebody else has pushed. `plan()` asks for an hour. */
function pushedTo(): Stage {
  const stage = new Stage();
  stage.done(nextTurn(stage.look()));
  return stage.add({
    kind: 'approvals.voided',
    data: { reason: 'pushed', head: 'foreign', author: 'Mallory' },
  });
}

const HOUR_MS = plan().approvals.expiresAfterMs;

describe('a release whose branch somebody else changed', () => {
  it('waits for whoever takes the change over, as long as approvals would be waited for', () => {
    const stage = pushedTo();
    stage.now += HOUR_MS - 1;
    expect(nextTurn(stage.look()).waits).toMatchObject([{ kind: 'adoption' }]);
  });

  it('is told of every further push, so that nobody takes over what they did not see', () => {
    const stage = pushedTo();
    stage.branchHead = { commit: 'foreign', author: 'Mallory' };
    expect(nextTurn(stage.look()).record.release).toEqual([]);
    stage.branchHead = { commit: 'again', author: 'Mallory' };
    const turn = nextTurn(stage.look());
    expect(turn.record.release).toMatchObject([{ kind: 'approvals.voided', data: { head: 'again' } }]);
    expect(stage.take(turn).state.foreignPush?.head).toBe('again');
  });

  it('expires when nobody does', () => {
    const stage = pushedTo();
    stage.now += HOUR_MS;
    expect(nextTurn(stage.look()).record.release).toMatchObject([
      { kind: 'release.ended', data: { outcome: 'expired' } },
    ]);
  });

  it('asks for approvals anew from the moment it was taken over', () => {
    const stage = pushedTo();
    stage.now += HOUR_MS - 1;
    const data = { person: BEN, head: 'foreign', plan: plan(), planHash: 'plan-2', text: 'text' } as const;
    stage.add({ kind: 'manifest.adopted', data });
    expect(stage.state.askedAt).toBe(new Date(stage.now).toISOString());
  });
});
