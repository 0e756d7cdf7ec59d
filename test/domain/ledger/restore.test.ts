import { describe, expect, it } from 'vitest';
import { lineOfFact, sealFact } from '../../../src/domain/ledger/chain.ts';
import type { FactEnvelope } from '../../../src/domain/ledger/fact.ts';
import { restoreHistory } from '../../../src/domain/ledger/restore.ts';
import { ENVIRONMENT, ended, history, RELEASE, resumed, taken } from './facts.ts';

const DAY_MS = 24 * 3600 * 1000;

function restored(facts: readonly FactEnvelope[]) {
  const answer = restoreHistory(facts.map(lineOfFact));
  if (answer.kind === 'refused') throw new Error(answer.says);
  return answer.history;
}

describe('restoring a history', () => {
  it('of nothing is an empty history', () => {
    expect(restored([])).toEqual({ facts: [], epochs: {}, open: [], incarnation: 0 });
  });

  it('takes each track’s epoch from its last taking', () => {
    const facts = history([
      [ENVIRONMENT, taken('cart', 1)],
      [ENVIRONMENT, taken('orders', 1)],
      [ENVIRONMENT, taken('cart', 2)],
    ]);
    expect(restored(facts).epochs).toEqual({ 'prod/cart': 2, 'prod/orders': 1 });
  });

  it('opens what has not ended, and looks once more at what ended lately', () => {
    const start = Date.parse('2026-11-01T10:00:00Z');
    const facts = history(
      [
        ['release:prod/a-2026-11-01.1', resumed('x')],
        ['release:prod/b-2026-11-01.1', resumed('x')],
        ['release:prod/b-2026-11-01.1', ended()],
        ['release:prod/c-2026-11-04.1', resumed('x')],
        ['release:prod/c-2026-11-04.1', ended()],
        [ENVIRONMENT, taken('cart', 1)],
      ],
      { now: (i) => start + i * 0.9 * DAY_MS },
    );
    expect(restored(facts).open).toEqual([
      { stream: 'release:prod/a-2026-11-01.1', since: 1 },
      { stream: 'release:prod/c-2026-11-04.1', since: 4 },
    ]);
  });

  it('keeps facts of a newer program as they are, and refuses unsound ones of its own', () => {
    const [first] = history([[RELEASE, resumed('x')]]);
    if (first === undefined) throw new Error('there is no fact');
    const { hash, seq: _seq, ...rest } = first;
    const following = (change: Partial<FactEnvelope>) => ({
      ...sealFact({ ...rest, version: 2, prevHash: hash, ...change }).fact,
      seq: 2,
    });
    const newer = following({ kind: 'release.teleported', schemaVersion: 2, data: { anything: true } });
    expect(restored([first, newer]).facts).toEqual([first, newer]);
    const unsound = following({ data: { moments: 'none' } });
    expect(restoreHistory([first, unsound].map(lineOfFact))).toMatchObject({
      kind: 'refused',
      says: expect.stringContaining('Fact 2'),
    });
  });
});
