import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/domain/plan/make-plan.ts';
import { Plan } from '../../../src/domain/plan/plan.ts';
import { planHash } from '../../../src/domain/plan/plan-hash.ts';
import type { PlanInput } from '../../../src/domain/plan/plan-input.ts';
import { tracksOf } from '../../../src/domain/plan/tracks.ts';
import {
  ANA,
  BEN,
  CLEO,
  catalogOf,
  contentOf,
  environmentOf,
  knownAs,
  planInput,
  serviceOf,
} from './world.ts';

const contents = { web: contentOf('web', '9.10.0'), orders: contentOf('orders', '1.8.0') };
const catalog = catalogOf({ web: ['orders', 'search'], orders: [], search: [] });
const known = {
  orders: [knownAs(contentOf('orders', '1.7.4'), 1)],
  web: [knownAs(contentOf('web', '9.9.1'), 1, 'prod/shop-2026-11-01.1')],
};

function planOf(input: PlanInput): Plan {
  const made = makePlan(input);
  if (made.kind !== 'planned') throw new Error(JSON.stringify(made));
  return Plan.parse(made.plan);
}

function rulesOf(input: PlanInput): string[] {
  const made = makePlan(input);
  return made.kind === 'refused' ? made.findings.map((finding) => finding.rule) : [made.kind];
}

describe('the plan of a release', () => {
  it('says from what to what, where, in which order, and what needs what', () => {
    const plan = planOf(planInput(contents, { catalog, known }));
    expect(plan.waves).toEqual([['orders'], ['web']]);
    expect(plan.services['web']).toMatchObject({
      owner: 'web-owners',
      from: known.web[0]?.content,
      dependsOn: ['orders', 'search'],
      needs: ['orders'],
    });
    expect(tracksOf(plan)).toEqual({ exclusive: ['orders', 'web'], shared: ['search'] });
  });

  it('holds the values that Git will have for it in this environment, whatever those of an earlier one were', () => {
    const fromDev = contentOf('orders', '1.8.0', {
      keys: [{ repository: 'gitops', file: 'dev/orders/kustomization.yaml', path: ['x'], value: 'y' }],
    });
    const plan = planOf(planInput({ orders: fromDev }, { catalog }));
    const files = plan.services['orders']?.to.keys.map((key) => key.file);
    expect(files).not.toHaveLength(0);
    expect(new Set(files)).toEqual(new Set(['prod/orders/kustomization.yaml']));
  });

  it('lets nothing ride along that the manifest does not name', () => {
    const sidecar = contentOf('sidecar', '6.6.6').images;
    const stowaway = contentOf('orders', '1.8.0', { images: { ...contents.orders.images, ...sidecar } });
    const plan = planOf({ ...planInput(contents, { catalog }), contents: { ...contents, orders: stowaway } });
    expect(Object.keys(plan.services['orders']?.to.images ?? {})).toEqual(['orders']);
  });

  it('counts the authors of what is new among its makers, and not those of what stays', () => {
    const authored = { ...contents, orders: contentOf('orders', '1.8.0', { authors: [CLEO] }) };
    expect(planOf(planInput(authored, { catalog, known })).makers).toEqual([ANA, CLEO]);
    const stays = { ...authored, orders: contentOf('orders', '1.7.4', { authors: [CLEO] }) };
    expect(planOf(planInput(stays, { catalog, known })).makers).toEqual([ANA]);
  });

  it('says so when there is nothing to do', () => {
    const same = { orders: contentOf('orders', '1.7.4') };
    expect(makePlan(planInput(same, { catalog, known })).kind).toBe('nothing');
  });

  it('is refused without the content of a service', () => {
    expect(rulesOf({ ...planInput(contents, { catalog }), contents: { web: contents.web } })).toEqual([
      'digest-exists',
    ]);
  });
});

describe('who must approve', () => {
  const critical = { services: { ...catalog.services, orders: serviceOf('orders', { tier: 1 }) } };
  const owners = (choice: 'none' | 'tier-1' | 'all') =>
    environmentOf({ approvals: { required: 1, from: ['managers'], owners: choice, expiresAfterMs: 1 } });

  it.each([
    ['none', {}],
    ['tier-1', { orders: 'orders-owners' }],
    ['all', { orders: 'orders-owners', web: 'web-owners' }],
  ] as const)('asks owners as the environment says: %s', (choice, asked) => {
    const input = planInput(contents, { catalog: critical, environment: owners(choice) });
    expect(planOf(input).approvals.owners).toEqual(asked);
  });

  it('asks for more when the manifest does, and refuses a manifest that asks for less', () => {
    const more = { spec: { approvals: { required: 2, perService: true } } };
    const plan = planOf(planInput(contents, { catalog, said: more }));
    expect(plan.approvals).toMatchObject({
      required: 2,
      owners: { orders: 'orders-owners', web: 'web-owners' },
    });
    for (const less of [{ required: 0 }, { from: ['everybody'] }, { from: [] }, { makerChecker: false }]) {
      expect(rulesOf(planInput(contents, { catalog, said: { spec: { approvals: less } } }))).toEqual([
        'no-weakening',
      ]);
    }
  });

  it('takes a stricter tier from the manifest, and refuses a weaker one', () => {
    const tier = (value: unknown) => ({ services: { orders: { tier: value } } });
    const environment = owners('tier-1');
    const strict = planInput(contents, { catalog, environment, said: tier('tier-1') });
    expect(planOf(strict).approvals.owners).toEqual({ orders: 'orders-owners' });
    expect(rulesOf(planInput(contents, { catalog: critical, said: tier(3) }))).toEqual(['no-weakening']);
  });
});

describe('the hash of a plan', () => {
  it('is the same however the keys are ordered, and another when anything in it is', () => {
    const plan = planOf(planInput(contents, { catalog, known }));
    const turned = Object.fromEntries(Object.entries(plan).toReversed());
    expect(planHash(Plan.parse(turned))).toBe(planHash(plan));
    expect(planHash({ ...plan, makers: [BEN] })).not.toBe(planHash(plan));
  });

  it('survives being stored', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }), (names) => {
        const some = Object.fromEntries(names.map((name) => [name, contentOf(name, '1.0.0')]));
        const plan = planOf(planInput(some));
        return planHash(Plan.parse(JSON.parse(JSON.stringify(plan)))) === planHash(plan);
      }),
    );
  });
});
