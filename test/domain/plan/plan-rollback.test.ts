import { describe, expect, it } from 'vitest';
import { type Content, versionOf } from '../../../src/domain/content.ts';
import type { ReleaseId } from '../../../src/domain/ids.ts';
import { makePlan } from '../../../src/domain/plan/make-plan.ts';
import { Plan } from '../../../src/domain/plan/plan.ts';
import { planRollback } from '../../../src/domain/plan/plan-rollback.ts';
import type { PlannedRelease, RollbackInput } from '../../../src/domain/plan/rollback-input.ts';
import {
  ANA,
  catalogOf,
  contentOf,
  environmentOf,
  knownAs,
  placementOf,
  planInput,
  serviceOf,
} from './world.ts';

const catalog = catalogOf({ orders: [], payments: ['orders'], web: ['payments'], search: [] });

/** A release as it was planned on what was trusted before it. */
function releaseOf(
  id: ReleaseId,
  contents: Record<string, Content>,
  { known, inFlight }: { known: RollbackInput['known']; inFlight: boolean },
): PlannedRelease {
  const made = makePlan(planInput(contents, { catalog, known }));
  if (made.kind !== 'planned') throw new Error(JSON.stringify(made));
  return { release: id, plan: made.plan, inFlight };
}

const R1 = 'prod/shop-2026-11-02.1';
const R2 = 'prod/shop-2026-11-03.1';
const older = {
  orders: [knownAs(contentOf('orders', '1.7.4'), 1)],
  payments: [knownAs(contentOf('payments', '3.1.0'), 1)],
  web: [knownAs(contentOf('web', '9.9.1'), 1)],
};
const checkout = { orders: contentOf('orders', '1.8.0'), payments: contentOf('payments', '3.2.0') };

/** Nothing in flight; the release of the second day brought orders and payments. */
function afterRelease(asked: RollbackInput['asked'], more: Partial<RollbackInput> = {}): RollbackInput {
  return {
    asked,
    environment: environmentOf(),
    catalog,
    known: {
      orders: [knownAs(checkout.orders, 2, R1), ...older.orders],
      payments: [knownAs(checkout.payments, 2, R1), ...older.payments],
      web: older.web,
    },
    plans: [releaseOf(R1, checkout, { known: older, inFlight: false })],
    makers: [ANA],
    ...more,
  };
}

const services = (...names: string[]): RollbackInput['asked'] => ({ kind: 'services', services: names });

/** Service to "from → to", and the rest of the answer. */
function planned(input: RollbackInput) {
  const answer = planRollback(input);
  if (answer.kind !== 'planned') throw new Error(JSON.stringify(answer));
  const { draft, ...rest } = answer;
  const moves = Object.entries(draft.services).map(([name, { from, to }]) => [
    name,
    `${from ? versionOf(from) : 'nothing'} → ${versionOf(to)}`,
  ]);
  return { moves: Object.fromEntries(moves), draft, ...rest };
}

describe('taking back what Git does not own', () => {
  const { git: _, ...placement } = placementOf('till');
  const till = serviceOf('till', { placements: { prod: [placement] } });
  const outside = (asked: RollbackInput['asked']) =>
    afterRelease(asked, {
      catalog: { services: { ...catalog.services, till } },
      known: { till: [knownAs(contentOf('till', '4.0.1'), 1)] },
    });

  it('brings the newest trusted content, whatever somebody made run there meanwhile', () => {
    const { moves, draft } = planned(outside(services('till')));
    expect(moves).toEqual({ till: 'nothing → 4.0.1' });
    expect(draft.services['till']?.from).toBeUndefined();
    expect(Plan.safeParse({ ...draft, manifestHash: 'x' }).success).toBe(true);
  });

  it('is told that it is on its way when it is', () => {
    const input = outside(services('till'));
    const plan = Plan.parse({ ...planned(input).draft, manifestHash: 'x' });
    const plans = [{ release: R2, plan, inFlight: true }] as const;
    expect(planRollback({ ...input, plans })).toEqual({ kind: 'underway', release: R2 });
  });
});

describe('taking back a finished release', () => {
  it('restores its whole change set, dependents first, approved by nobody and gated by nothing', () => {
    const { moves, draft } = planned(afterRelease({ kind: 'release', release: R1 }));
    expect(moves).toEqual({ orders: '1.8.0 → 1.7.4', payments: '3.2.0 → 3.1.0' });
    expect(draft.waves).toEqual([['payments'], ['orders']]);
    expect(draft.approvals).toMatchObject({ required: 0, owners: {} });
    expect(Object.values(draft.services).flatMap((service) => service.gates)).toEqual([]);
    expect(draft.recovery).toEqual({
      rollsBack: [R1],
      because: { orders: { kind: 'sameRelease' }, payments: { kind: 'sameRelease' } },
      restores: {},
      standing: { orders: 'adopted', payments: 'adopted' },
    });
    expect(Plan.safeParse({ ...draft, manifestHash: 'x' }).success).toBe(true);
  });

  it('takes along what needs the service that was asked for, and says why', () => {
    const { moves, draft } = planned(afterRelease(services('orders')));
    expect(Object.keys(moves)).toEqual(['orders', 'payments']);
    expect(draft.recovery?.because).toEqual({
      orders: { kind: 'asked' },
      payments: { kind: 'needs', service: 'orders' },
    });
  });

  it('leaves what the service depends on where it is', () => {
    expect(planned(afterRelease(services('payments'))).moves).toEqual({ payments: '3.2.0 → 3.1.0' });
  });

  it('takes back only what no newer release has replaced', () => {
    const input = afterRelease({ kind: 'release', release: R1 });
    const known = {
      ...input.known,
      payments: [knownAs(contentOf('payments', '3.3.0'), 3, R2), ...(input.known['payments'] ?? [])],
    };
    const newer = releaseOf(
      R2,
      { payments: contentOf('payments', '3.3.0') },
      { known: input.known, inFlight: false },
    );
    const { moves, unproven } = planned({ ...input, known, plans: [newer, ...input.plans] });
    expect(moves).toEqual({ orders: '1.8.0 → 1.7.4' });
    expect(unproven).toEqual([{ service: 'payments', on: 'orders' }]);
  });

  it('takes along a service whose lowest version in the catalog is above what comes back', () => {
    const strict = {
      services: {
        ...catalog.services,
        web: serviceOf('web', { dependsOn: [{ service: 'orders', minVersion: '1.8' }] }),
      },
    };
    const input = afterRelease(services('orders'), { catalog: strict });
    const known = { ...input.known, web: [knownAs(contentOf('web', '9.10.0'), 3), ...older.web] };
    expect(planned({ ...input, known }).moves).toMatchObject({ web: '9.10.0 → 9.9.1' });
  });

  it('goes back to what was trusted when a named release had been verified', () => {
    const input = afterRelease(services('orders'));
    const third = knownAs(contentOf('orders', '1.9.0'), 3, R2);
    const known = { ...input.known, orders: [third, ...(input.known['orders'] ?? [])] };
    const { moves, draft } = planned({ ...input, known, to: R1 });
    expect(moves).toEqual({ orders: '1.9.0 → 1.8.0' });
    expect(draft.recovery).toMatchObject({ restores: { orders: R1 }, standing: { orders: 'verified' } });
    expect(planRollback({ ...input, to: R1 })).toMatchObject({ kind: 'nothing' });
    expect(planRollback({ ...input, to: 'prod/shop-2026-11-02.7' })).toMatchObject({
      kind: 'refused',
      remedy: `Perhaps: did you mean ${R1}?`,
    });
  });

  it('does not come forward again when it is asked a second time', () => {
    const input = afterRelease(services('orders'));
    const again = knownAs(contentOf('orders', '1.7.4'), 3, 'prod/shop-2026-11-03.2');
    const known = { ...input.known, orders: [again, ...(input.known['orders'] ?? [])] };
    expect(planRollback({ ...input, known })).toMatchObject({ kind: 'refused', service: 'orders' });
  });

  it('still knows what a content needs after a rollback has brought it back', () => {
    const back = 'prod/shop-2026-11-04.1';
    const input = afterRelease(services('orders'));
    const known = {
      orders: [knownAs(checkout.orders, 4, back), ...(input.known['orders'] ?? [])],
      payments: [knownAs(checkout.payments, 4, back), ...(input.known['payments'] ?? [])],
    };
    const draft = planned(afterRelease({ kind: 'release', release: R1 })).draft;
    const restored = Object.entries(input.plans[0]?.plan.services ?? {}).map(([name, one]) => [
      name,
      { ...one, needs: [] },
    ]);
    const plan = { ...draft, manifestHash: 'x', services: Object.fromEntries(restored) };
    const rollback = { release: back, plan, inFlight: false } as const;
    expect(Object.keys(planned({ ...input, known, plans: [rollback, ...input.plans] }).moves)).toEqual([
      'orders',
      'payments',
    ]);
  });
});

describe('taking back a release in flight', () => {
  const inFlight = (more: Partial<RollbackInput> = {}): RollbackInput => ({
    ...afterRelease({ kind: 'release', release: R1 }),
    known: older,
    plans: [releaseOf(R1, checkout, { known: older, inFlight: true })],
    ...more,
  });

  it('restores what was trusted before, also what was not yet seen moving', () => {
    expect(planned(inFlight()).moves).toEqual({ orders: '1.8.0 → 1.7.4', payments: '3.2.0 → 3.1.0' });
  });

  it('takes the whole release when one of its services is asked for', () => {
    const { draft } = planned(inFlight({ asked: services('payments') }));
    expect(draft.recovery?.because).toEqual({ payments: { kind: 'asked' }, orders: { kind: 'sameRelease' } });
  });

  it('does without a catalog', () => {
    expect(planned(inFlight({ catalog: undefined })).moves).toEqual(planned(inFlight()).moves);
  });

  it('merges releases in flight that need each other', () => {
    const strict = {
      services: {
        ...catalog.services,
        web: serviceOf('web', { dependsOn: [{ service: 'orders', minVersion: '1.8' }] }),
      },
    };
    const other = releaseOf(
      R2,
      { web: contentOf('web', '9.10.0'), search: contentOf('search', '2.0.0') },
      { known: older, inFlight: true },
    );
    const known = { ...older, search: [knownAs(contentOf('search', '1.0.0'), 1)] };
    const base = inFlight({ catalog: strict, known });
    const { draft } = planned({ ...base, plans: [other, ...base.plans] });
    expect(Object.keys(draft.services)).toEqual(['orders', 'payments', 'search', 'web']);
    expect(draft.recovery?.rollsBack.toSorted()).toEqual([R1, R2]);
    expect(draft.recovery?.because['search']).toEqual({ kind: 'sameRelease' });
  });

  it('leaves a service out of which nothing is known, and refuses when just that one was asked for', () => {
    const known = { payments: older.payments, web: older.web };
    const { moves, leftOut } = planned(inFlight({ known }));
    expect(moves).toEqual({ payments: '3.2.0 → 3.1.0' });
    expect(leftOut).toEqual([{ service: 'orders', says: 'no content from before is known' }]);
    expect(planRollback(inFlight({ known, asked: services('orders') }))).toMatchObject({
      kind: 'refused',
      service: 'orders',
      says: 'orders cannot go back: no content from before is known',
    });
  });

  it('points to a rollback that is already on its way, and takes over from it only with another target', () => {
    const draft = planned(inFlight()).draft;
    const back: PlannedRelease = { release: R2, plan: { ...draft, manifestHash: 'x' }, inFlight: true };
    const [first] = inFlight().plans;
    const plans = first ? [back, { ...first, inFlight: true }] : [];
    expect(planRollback(inFlight({ plans, asked: services('orders') }))).toEqual({
      kind: 'underway',
      release: R2,
    });
    expect(planRollback(inFlight({ plans, asked: { kind: 'release', release: R2 } }))).toEqual({
      kind: 'underway',
      release: R2,
    });
  });
});

describe('what cannot be taken back', () => {
  it.each([
    [
      'a service that nobody knows',
      services('ordres'),
      'prod has no service ordres',
      'Perhaps: did you mean orders?',
    ],
    [
      'a release without a plan at hand',
      { kind: 'release', release: 'prod/shop-2026-11-02.9' } as const,
      'there is no plan of prod/shop-2026-11-02.9 at hand',
      `Name its services instead, or: did you mean ${R1}?`,
    ],
  ])('%s', (_, asked, says, remedy) => {
    expect(planRollback(afterRelease(asked))).toMatchObject({ kind: 'refused', says, remedy });
  });

  it('a rollback that is over', () => {
    const draft = planned(afterRelease({ kind: 'release', release: R1 })).draft;
    const plans = [{ release: R2, plan: { ...draft, manifestHash: 'x' }, inFlight: false } as const];
    const answer = planRollback(afterRelease({ kind: 'release', release: R2 }, { plans }));
    expect(answer).toMatchObject({ kind: 'refused', says: `${R2} is itself a rollback` });
  });

  it('a release of which nothing runs any more', () => {
    const input = afterRelease({ kind: 'release', release: R1 });
    expect(planRollback({ ...input, known: older })).toMatchObject({ kind: 'nothing' });
  });
});
