import { describe, expect, it } from 'vitest';
import type { Look } from '../../../src/domain/release/look.ts';
import { nextTurn } from '../../../src/domain/release/next-turn.ts';
import { effects, plan, Stage } from './fixtures.ts';

const CLOSED = { kind: 'closed', window: 'weekend', reason: 'nobody is there', opensAt: 7 } as const;
const closed = (stage: Stage): Look => ({ ...stage.look(), changes: CLOSED });
const WAIT = { kind: 'window', window: 'weekend', reason: 'nobody is there', until: 7 };

/** Approved, with its tracks, and about to commit its first wave. */
function started(cut = plan()): Stage {
  const stage = new Stage(cut);
  stage.done(nextTurn(stage.look()));
  stage.take(nextTurn(stage.look()));
  for (const service of Object.keys(cut.services)) stage.shows(service, { seed: '7' });
  return stage;
}

describe('a closed window', () => {
  it('holds what has not begun, and a wave that has not', () => {
    const approved = new Stage();
    approved.done(nextTurn(approved.look()));
    expect(nextTurn(closed(approved)).waits).toEqual([WAIT]);
    expect(nextTurn(closed(started()))).toMatchObject({ perform: [], waits: [WAIT] });
  });

  it('does not hold a commit that a dead process may have made', () => {
    const stage = started();
    const [intent] = nextTurn(stage.look()).perform.flat();
    if (intent === undefined) throw new Error('nothing is to be committed');
    stage.add({ kind: 'effect.intended', data: intent });
    expect(effects(nextTurn(closed(stage)))).toEqual(['git.commit']);
  });

  it('does not hold a hotfix', () => {
    const hotfix = plan({ type: 'hotfix', hotfix: { incident: 'INC-1', repairs: [] } });
    expect(effects(nextTurn(closed(started(hotfix))))).toEqual(['git.commit']);
  });
});
