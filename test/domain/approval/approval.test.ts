import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalStatus, type GivenApproval } from '../../../src/domain/approval/approval-status.ts';
import { mayApprove } from '../../../src/domain/approval/may-approve.ts';
import type { PersonId } from '../../../src/domain/ids.ts';
import type { ApprovalRule, Plan } from '../../../src/domain/plan/plan.ts';
import { ANA, BEN, CLEO } from '../plan/world.ts';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-11-20T12:00:00Z');

const ROLES: Record<PersonId, readonly string[]> = {
  [ANA]: ['managers', 'orders-owners'],
  [BEN]: ['managers', 'orders-owners'],
  [CLEO]: ['web-owners'],
};

function planOf(rule: Partial<ApprovalRule> = {}): Pick<Plan, 'approvals' | 'makers'> {
  return {
    approvals: {
      required: 1,
      from: ['managers'],
      owners: { orders: 'orders-owners' },
      expiresAfterMs: HOUR,
      ...rule,
    },
    makers: [ANA],
  };
}

function given(person: PersonId, at = NOON): GivenApproval {
  return { person, at: new Date(at).toISOString() };
}

function statusOf(
  approvals: readonly GivenApproval[],
  more: {
    plan?: Pick<Plan, 'approvals' | 'makers'>;
    now?: number;
    roles?: Record<PersonId, readonly string[]>;
  } = {},
) {
  const roles = more.roles ?? ROLES;
  return approvalStatus({
    plan: more.plan ?? planOf(),
    approvals,
    rolesOf: (person) => new Set(roles[person]),
    since: NOON,
    now: more.now ?? NOON,
  });
}

describe('who may approve', () => {
  const may = (id: PersonId, rule: Partial<ApprovalRule> = {}) =>
    mayApprove({ id, roles: new Set(ROLES[id]) }, planOf(rule));

  it('is whoever is asked, in every capacity they have', () => {
    expect(may(BEN)).toEqual({
      kind: 'yes',
      capacities: [
        { kind: 'approver', role: 'managers' },
        { kind: 'owner', role: 'orders-owners', service: 'orders' },
      ],
    });
  });

  it('is nobody who made the release, whatever their roles', () => {
    expect(may(ANA)).toMatchObject({
      kind: 'no',
      rule: 'maker-checker',
      roles: ['managers', 'orders-owners'],
    });
  });

  it('is nobody who is not asked, and those who are are named', () => {
    expect(may(CLEO)).toEqual({
      kind: 'no',
      rule: 'approvers',
      says: 'approving this needs managers or orders-owners',
      roles: ['managers', 'orders-owners'],
    });
    expect(may(CLEO, { required: 0, owners: {} })).toMatchObject({ kind: 'no', roles: [] });
  });
});

describe('counting approvals', () => {
  it('counts one person in both of their capacities', () => {
    expect(statusOf([given(BEN)])).toEqual({ kind: 'satisfied' });
  });

  it('says who is missing, how many, and until when', () => {
    expect(statusOf([], { plan: planOf({ required: 2, from: ['managers', 'leads'] }) })).toEqual({
      kind: 'waiting',
      missing: [
        { role: 'managers or leads', roles: ['managers', 'leads'], count: 2, services: [] },
        { role: 'orders-owners', roles: ['orders-owners'], count: 1, services: ['orders'] },
      ],
      expiresAt: NOON + HOUR,
    });
  });

  it.each<[string, readonly GivenApproval[], Parameters<typeof statusOf>[1]]>([
    ['that a maker gave', [given(ANA)], {}],
    ['that one person gave twice', [given(BEN), given(BEN)], { plan: planOf({ required: 2 }) }],
    ['that is as old as it may be', [given(BEN)], { now: NOON + HOUR }],
    ['of somebody who has lost the role since', [given(BEN)], { roles: {} }],
    ['of somebody who was never asked', [given(CLEO)], {}],
  ])('does not count one %s', (_, approvals, more) => {
    expect(statusOf(approvals, more).kind).toBe('waiting');
  });

  it('counts one until it is too old', () => {
    expect(statusOf([given(BEN)], { now: NOON + HOUR - 1 }).kind).toBe('satisfied');
  });

  it('asks nobody where nobody is asked', () => {
    expect(statusOf([], { plan: planOf({ required: 0, from: [], owners: {} }) })).toEqual({
      kind: 'satisfied',
    });
  });

  it('asks the owners of each service once for all that is theirs', () => {
    const plan = planOf({
      required: 0,
      owners: { web: 'web-owners', shop: 'web-owners', orders: 'orders-owners' },
    });
    expect(statusOf([given(BEN)], { plan })).toMatchObject({
      missing: [{ role: 'web-owners', count: 1, services: ['shop', 'web'] }],
    });
    expect(statusOf([given(BEN), given(CLEO)], { plan }).kind).toBe('satisfied');
  });

  it('is never satisfied by makers alone, and never unsettled by one more approval', () => {
    const people = fc.array(fc.constantFrom(ANA, BEN, CLEO), { maxLength: 5 });
    fc.assert(
      fc.property(people, fc.integer({ min: 0, max: 2 }), (who, required) => {
        const plan = planOf({ required });
        const before = statusOf(
          who.map((person) => given(person)),
          { plan },
        ).kind;
        const after = statusOf(
          [...who, BEN].map((person) => given(person)),
          { plan },
        ).kind;
        if (who.every((person) => person === ANA)) expect(before).toBe('waiting');
        return before !== 'satisfied' || after === 'satisfied';
      }),
    );
  });
});
