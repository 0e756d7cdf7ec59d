import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/domain/plan/make-plan.ts';
import type { PolicyAnswer } from '../../../src/domain/policy/policy-answer.ts';
import { policyInput } from '../../../src/domain/policy/policy-input.ts';
import { preflight } from '../../../src/domain/policy/preflight.ts';
import { BEN, CLEO, contentOf, environmentOf, planInput } from '../plan/world.ts';

const input = planInput(
  { orders: contentOf('orders', '1.8.0'), web: contentOf('web', '9.10.0') },
  { environment: environmentOf({ requireVerified: false }) },
);
const made = makePlan(input);
const plan = made.kind === 'planned' ? made.plan : undefined;
const decided = (result: unknown): PolicyAnswer => ({ kind: 'decided', result, revision: 'sha256:a41c' });

function rowsFor(policy: PolicyAnswer) {
  const rows = preflight({
    ...input,
    plan,
    earlier: [],
    isLastEnvironment: false,
    members: { managers: [BEN], 'orders-owners': [CLEO], 'web-owners': [CLEO] },
    rollouts: {},
    contracts: {},
    policy,
  });
  return rows.filter(({ rule }) => rule === 'policy');
}

describe('a policy of the installation’s own', () => {
  it('that denies nothing is a pass that names its revision; without one there is no row', () => {
    expect(rowsFor(decided({ deny: [] }))).toEqual([
      { rule: 'policy', outcome: 'pass', refuses: false, says: 'the policy denies nothing (sha256:a41c)' },
    ]);
    expect(rowsFor(decided([]))).toMatchObject([{ outcome: 'pass' }]);
    expect(rowsFor({ kind: 'notConfigured' })).toEqual([]);
  });

  it('refuses and warns in its own words, about a service where it names one of the release', () => {
    const result = {
      deny: [
        'no',
        { says: 'not web', service: 'web', remedy: 'wait' },
        { msg: 'as others say it', service: 'mail' },
      ],
      warn: ['hm'],
    };
    expect(
      rowsFor(decided(result)).map(({ outcome, refuses, service, says }) => [
        outcome,
        refuses,
        service,
        says,
      ]),
    ).toEqual([
      ['refuse', true, undefined, 'no'],
      ['refuse', true, 'web', 'not web'],
      ['refuse', true, undefined, 'as others say it'],
      ['warn', false, undefined, 'hm'],
    ]);
    expect(rowsFor(decided(result))[1]).toMatchObject({ remedy: 'wait', file: 'policy sha256:a41c' });
  });

  it.each<[string, PolicyAnswer, RegExp]>([
    ['true', decided(true), /neither a list of what is denied/],
    ['false', decided(false), /neither a list/],
    ['null', decided(null), /neither a list/],
    ['an object of another form', decided({ allow: true }), /neither a list/],
    ['denials without words', decided({ deny: [{ service: 'web' }] }), /neither a list/],
    ['more than anybody reads', decided(Array.from({ length: 51 }, () => 'no')), /neither a list/],
    ['no decision', { kind: 'undefined', revision: 'sha256:a41c' }, /has no decision \(sha256:a41c\)/],
    ['an error', { kind: 'refused', says: 'internal_error' }, /cannot be evaluated: internal_error/],
  ])('that says %s refuses', (_, policy, words) => {
    expect(rowsFor(policy)).toMatchObject([
      { outcome: 'refuse', refuses: true, says: expect.stringMatching(words) },
    ]);
  });

  it('that is silent is not known, which refuses too', () => {
    expect(rowsFor({ kind: 'unknown', says: 'the policy server can’t be reached' })).toMatchObject([
      { outcome: 'unknown', refuses: true },
    ]);
  });

  it('is asked with what moves, where, who made it, and a calendar in UTC', () => {
    if (plan === undefined) throw new Error('there is no plan');
    const now = Date.parse('2026-11-20T23:30:00.000+01:00');
    expect(policyInput(input, { plan, isLast: true, now })).toMatchObject({
      release: { name: 'shop-2026-11-20.3', type: 'standard' },
      environment: { name: 'prod', isLast: true },
      services: {
        web: { tier: 2, from: null, wave: 1, to: { images: { web: { repository: 'reg.example/web' } } } },
      },
      now: { at: '2026-11-20T22:30:00.000Z', weekday: 'Friday', hour: 22 },
    });
  });

  it('is asked with exactly what the sample shows', async () => {
    if (plan === undefined) throw new Error('there is no plan');
    const sample = new URL('../../../manifests/samples/policy-input.json', import.meta.url);
    const now = Date.parse('2026-11-20T10:00:00.000Z');
    expect(JSON.parse(await readFile(sample, 'utf8'))).toEqual(
      policyInput(input, { plan, isLast: true, now }),
    );
  });
});
