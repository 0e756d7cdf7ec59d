import { describe, expect, it } from 'vitest';
import { approvalStatus } from '../../../src/domain/approval/approval-status.ts';
import type { PersonId } from '../../../src/domain/ids.ts';
import { withoutServices } from '../../../src/domain/manifest/amend-manifest.ts';
import type { Plan, PlannedService } from '../../../src/domain/plan/plan.ts';
import { dependentsOn, keptApprovals, makersLeft } from '../../../src/domain/release/amend.ts';
import { ANA, BEN, CLEO, contentOf, placementOf } from '../plan/world.ts';

const AT = '2026-11-20T12:00:00.000Z';

function planned(name: string, more: Partial<PlannedService> = {}): PlannedService {
  return {
    tier: 2,
    owner: `${name}-owners`,
    from: contentOf(name, '1'),
    to: contentOf(name, '2'),
    placements: [placementOf(name)],
    dependsOn: [],
    needs: [],
    gates: [],
    ...more,
  };
}

function planOf(services: Record<string, PlannedService>, more: Partial<Plan> = {}): Plan {
  const names = Object.keys(services);
  return {
    environment: 'prod',
    type: 'standard',
    manifestHash: 'hash',
    services,
    waves: [names],
    approvals: {
      required: 1,
      from: ['managers'],
      owners: Object.fromEntries(names.map((name) => [name, `${name}-owners`])),
      expiresAfterMs: 3_600_000,
    },
    makers: [ANA],
    onGateFailure: 'ask',
    ...more,
  };
}

const OLD = planOf({ cart: planned('cart'), web: planned('web'), stock: planned('stock') });

function kept(approval: { person: PersonId; roles: string[]; services?: string[] }, plan: Plan) {
  const old = { id: 'prod/shop-2026-11-20.1' as const, plan: OLD, approvals: [{ ...approval, at: AT }] };
  return keptApprovals(old, { plan, planHash: 'next' }).flatMap(({ services }) => services);
}

describe('what depends on a service', () => {
  it('is found through others, and never twice', () => {
    const plan = planOf({
      a: planned('a'),
      b: planned('b', { dependsOn: ['a'] }),
      c: planned('c', { dependsOn: ['b', 'a'] }),
      d: planned('d', { dependsOn: ['elsewhere'] }),
    });
    expect(dependentsOn(plan, ['a'])).toEqual(['b', 'c']);
    expect(dependentsOn(plan, ['a', 'b'])).toEqual(['c']);
    expect(dependentsOn(plan, ['d'])).toEqual([]);
  });
});

describe('an approval of the release before', () => {
  const owner = { person: BEN, roles: ['cart-owners', 'web-owners'] };
  const rest = planOf({ cart: planned('cart'), stock: planned('stock') });

  it('counts on for what its owner owns, where that is the same', () => {
    expect(kept(owner, rest)).toEqual(['cart']);
    expect(kept({ ...owner, services: ['web'] }, rest)).toEqual([]);
  });

  it.each<[string, PlannedService]>([
    ['other content', planned('cart', { to: contentOf('cart', '3') })],
    ['something else running by now', planned('cart', { from: contentOf('cart', '0') })],
    ['another place', planned('cart', { placements: [placementOf('cart', 'elsewhere')] })],
    ['another tier', planned('cart', { tier: 0 })],
  ])('does not count with %s', (_, cart) => {
    expect(kept(owner, planOf({ cart, stock: planned('stock') }))).toEqual([]);
  });

  it('does not count for the release as a whole, for makers, or where another role owns it now', () => {
    expect(kept({ person: BEN, roles: ['managers'] }, rest)).toEqual([]);
    expect(kept(owner, { ...rest, makers: [ANA, BEN] })).toEqual([]);
    const { approvals } = rest;
    const others = { ...approvals, owners: { cart: 'others', stock: 'stock-owners' } };
    expect(kept(owner, { ...rest, approvals: others })).toEqual([]);
  });

  it('is counted for owning, and not as the one that the environment asks for', () => {
    const plan = planOf({ cart: planned('cart') });
    const status = approvalStatus({
      plan,
      approvals: [{ person: BEN, at: AT, services: ['cart'] }],
      rolesOf: () => new Set(['managers', 'cart-owners']),
      since: Date.parse(AT),
      now: Date.parse(AT) + 1,
    });
    expect(status).toMatchObject({
      kind: 'waiting',
      missing: [{ role: 'managers', count: 1, services: [] }],
    });
  });
});

describe('who made what is left', () => {
  const plan = planOf(
    {
      cart: planned('cart', { to: contentOf('cart', '2', { authors: [CLEO] }) }),
      web: planned('web', { to: contentOf('web', '2', { authors: [BEN] }) }),
    },
    { makers: [ANA, BEN, CLEO] },
  );
  const old = { plan, requestedBy: ANA };

  it('is everybody but those who only wrote what is dropped', () => {
    expect(makersLeft(old, { dropped: ['web'], adopters: [] })).toEqual([ANA, CLEO]);
    expect(makersLeft(old, { dropped: ['cart'], adopters: [CLEO] })).toEqual([ANA, BEN, CLEO]);
    expect(makersLeft({ ...old, requestedBy: BEN }, { dropped: ['web'], adopters: [] })).toContain(BEN);
  });

  it('is everybody of a release that was amended before', () => {
    const again = { ...old, amends: 'prod/shop-2026-11-20.1' as const };
    expect(makersLeft(again, { dropped: ['web'], adopters: [] })).toEqual([ANA, BEN, CLEO]);
  });
});

describe('a document without some of its services', () => {
  it('keeps everything else that stands in it, and no gate that was only about them', () => {
    const document = {
      apiVersion: 'release.gitplumbers.io/v1',
      kind: 'Release',
      metadata: { name: 'shop-2026-11-20.1', labels: { train: 'shop' } },
      spec: {
        environment: 'prod',
        'x-note': 'by hand',
        services: { cart: { image: 'a' }, web: { image: 'b' } },
        gates: [
          { name: 'all' },
          { name: 'web', services: ['web'] },
          { name: 'two', services: ['web', 'cart'] },
        ],
      },
    };
    const amends = 'prod/shop-2026-11-20.1';
    const to = { dropped: ['web'], name: 'shop-2026-11-20.2', amends, requestedBy: ANA } as const;
    expect(withoutServices(document, to)).toEqual({
      ...document,
      metadata: {
        name: 'shop-2026-11-20.2',
        labels: { train: 'shop' },
        annotations: { 'signalbox/requested-by': ANA, 'signalbox/amends': amends },
      },
      spec: {
        environment: 'prod',
        'x-note': 'by hand',
        services: { cart: { image: 'a' } },
        gates: [{ name: 'all' }, { name: 'two', services: ['cart'] }],
      },
    });
  });

  it('goes without the contracts that what is dropped makes, and keeps those of others', () => {
    const contracts = [
      { type: 'schemaRegistry', producer: 'web', consumers: ['cart'] },
      { type: 'schemaRegistry', producer: 'cart', consumers: ['web'] },
      { type: 'pact', pacticipant: 'web' },
      { type: 'openapi', service: 'cart' },
    ];
    const spec = { services: { web: { image: 'b' }, cart: { image: 'a' } }, contracts };
    const to = {
      dropped: ['web'],
      name: 'shop-2026-11-20.2',
      amends: 'prod/shop-2026-11-20.1',
      requestedBy: ANA,
    } as const;
    expect(withoutServices({ metadata: {}, spec }, to)).toMatchObject({
      spec: { contracts: [contracts[1], contracts[3]] },
    });
    const all = withoutServices({ metadata: {}, spec: { ...spec, contracts: [contracts[0]] } }, to);
    expect(all['spec']).not.toHaveProperty('contracts');
  });

  it('goes without the migrations that are only about what is dropped', () => {
    const migrations = [
      { name: 'a', services: ['web'] },
      { name: 'b', services: ['web', 'cart'] },
      { name: 'c' },
    ];
    const spec = { services: { web: { image: 'b' }, cart: { image: 'a' } }, migrations };
    const to = {
      dropped: ['web'],
      name: 'shop-2026-11-20.2',
      amends: 'prod/shop-2026-11-20.1',
      requestedBy: ANA,
    } as const;
    expect(withoutServices({ metadata: {}, spec }, to)).toMatchObject({
      spec: { migrations: [{ name: 'b', services: ['cart'] }, { name: 'c' }] },
    });
  });
});
