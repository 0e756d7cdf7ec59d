import { describe, expect, it } from 'vitest';
import { versionOf } from '../../../src/domain/content.ts';
import type { ReleaseId } from '../../../src/domain/ids.ts';
import { makePlan } from '../../../src/domain/plan/make-plan.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { planRollback } from '../../../src/domain/plan/plan-rollback.ts';
import type { RollbackInput } from '../../../src/domain/plan/rollback-input.ts';
import { catalogOf, contentOf, environmentOf, knownAs, planInput } from './world.ts';

const catalog = catalogOf({ orders: [], search: [] });
const FIRST: ReleaseId = 'prod/shop-2026-11-02.1';
const SECOND: ReleaseId = 'prod/shop-2026-11-03.1';
const BAD: ReleaseId = 'prod/shop-2026-11-04.1';
const BACK: ReleaseId = 'prod/shop-2026-11-04.2';

/** `search` was released once and `orders` twice. */
const known = {
  orders: [
    knownAs(contentOf('orders', '1.2.0'), 3, SECOND),
    knownAs(contentOf('orders', '1.1.0'), 2, FIRST),
    knownAs(contentOf('orders', '1.0.0'), 1),
  ],
  search: [knownAs(contentOf('search', '2.0.0'), 2, FIRST), knownAs(contentOf('search', '1.0.0'), 1)],
};

/** A release of both is in flight, and a rollback of it. */
function inTheMiddle(): Omit<RollbackInput, 'asked'> {
  const contents = { orders: contentOf('orders', '9.0.0'), search: contentOf('search', '9.0.0') };
  const made = makePlan(planInput(contents, { catalog, known }));
  if (made.kind !== 'planned') throw new Error(JSON.stringify(made));
  const bad = { release: BAD, plan: made.plan, inFlight: true };
  const input = { environment: environmentOf(), catalog, known, makers: [] };
  const back = planRollback({ ...input, asked: { kind: 'release', release: BAD }, plans: [bad] });
  if (back.kind !== 'planned') throw new Error(JSON.stringify(back));
  const plan: Plan = { ...back.draft, manifestHash: 'hash' };
  return { ...input, plans: [{ release: BACK, plan, inFlight: true }, bad] };
}

const orders = { kind: 'services' as const, services: ['orders'] };

describe('a rollback that overtakes another one', () => {
  it('sees through what the other had begun, also where both go to the same content', () => {
    const answer = planRollback({ ...inTheMiddle(), asked: orders, to: FIRST });
    if (answer.kind !== 'planned') throw new Error(JSON.stringify(answer));
    const targets = Object.entries(answer.draft.services).map(([name, { to }]) => [name, versionOf(to)]);
    expect(Object.fromEntries(targets)).toEqual({ orders: '1.1.0', search: '2.0.0' });
    expect(answer.draft.recovery?.rollsBack).toEqual([BACK]);
  });

  it('is none when the other goes there already', () => {
    expect(planRollback({ ...inTheMiddle(), asked: orders, to: SECOND })).toEqual({
      kind: 'underway',
      release: BACK,
    });
  });

  it('goes further back with what was asked for, and no further than the other with the rest', () => {
    const made = makePlan(
      planInput({ orders: contentOf('orders', '1.2.0') }, { catalog, known: earlier(2) }),
    );
    if (made.kind !== 'planned') throw new Error(JSON.stringify(made));
    const second = { release: SECOND, plan: made.plan, inFlight: false };
    const { plans, ...input } = inTheMiddle();
    const asked = { kind: 'release' as const, release: SECOND };
    const answers = [known, { ...known, search: known.search.slice(0, 1) }].map((trusted) =>
      planRollback({ ...input, asked, known: trusted, plans: [...plans, second] }),
    );
    for (const answer of answers) {
      if (answer.kind !== 'planned') throw new Error(JSON.stringify(answer));
      const targets = Object.entries(answer.draft.services).map(([name, { to }]) => [name, versionOf(to)]);
      expect(Object.fromEntries(targets)).toEqual({ orders: '1.1.0', search: '2.0.0' });
      expect(answer.leftOut).toEqual([]);
    }
  });
});

/** What was trusted before the newest of `orders`. */
function earlier(count: number): typeof known {
  return { ...known, orders: known.orders.slice(-count) };
}
