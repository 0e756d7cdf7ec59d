import { describe, expect, it } from 'vitest';
import type { KnownContent } from '../../../src/domain/content.ts';
import { makePlan } from '../../../src/domain/plan/make-plan.ts';
import type { ShownRow } from '../../../src/domain/policy/exemption.ts';
import { Risk, type RiskInput, riskOf } from '../../../src/domain/policy/risk.ts';
import { catalogOf, contentOf, environmentOf, knownAs, planInput } from '../plan/world.ts';

const NOW = Date.parse('2026-11-05T10:00:00.000Z');
const names = (size: number) => Array.from({ length: size }, (_, i) => `service-${i}`);

/** A release of these services, each changed on this day of November 2026 last. */
function release(services: readonly string[], { day = 4, tiers = {} as Record<string, number> } = {}) {
  const contents = Object.fromEntries(services.map((name) => [name, contentOf(name, '2.0.0')]));
  const known: Record<string, KnownContent[]> = Object.fromEntries(
    services.map((name) => [name, [knownAs(contentOf(name, '1.0.0'), day)]]),
  );
  const catalog = catalogOf(Object.fromEntries(services.map((name) => [name, []])));
  const tiered = Object.entries(catalog.services).map(([name, entry]) => [
    name,
    { ...entry, tier: tiers[name] ?? 3 },
  ]);
  const environment = environmentOf({ requireVerified: false });
  const input = planInput(contents, {
    catalog: { services: Object.fromEntries(tiered) },
    known,
    environment,
  });
  const made = makePlan(input);
  if (made.kind !== 'planned') throw new Error(JSON.stringify(made));
  return { plan: made.plan, known };
}

const risk = (given: ReturnType<typeof release>, more: Partial<RiskInput> = {}) =>
  Risk.parse(riskOf({ ...given, migrations: 0, rows: [], history: [], now: NOW, ...more }));
const parts = (...of: Parameters<typeof risk>) =>
  Object.fromEntries(risk(...of).parts.map(({ part, points }) => [part, points]));

const exempted: ShownRow = { rule: 'slo-gate-required', outcome: 'exempted', refuses: false, says: '' };

describe('the risk of a release', () => {
  it('is low, without a point, for a small service that moves every day', () => {
    expect(risk(release(['web']))).toEqual({ level: 'low', points: 0, parts: [] });
  });

  it.each([
    [1, undefined],
    [2, undefined],
    [3, 1],
    [6, 2],
    [11, 3],
  ])('of %i services has %s points for their number', (size, points) => {
    expect(parts(release(names(size)))['size']).toBe(points);
  });

  it('grows with the days since the last change, and with what was never there', () => {
    const given = release(['web']);
    const aged = (days: number) => parts(given, { now: NOW + days * 24 * 3600 * 1000 })['age'];
    expect([aged(0), aged(6), aged(7), aged(29), aged(30)]).toEqual([undefined, undefined, 1, 1, 2]);
    expect(parts({ ...given, known: {} })['age']).toBe(2);
  });

  it('grows with how critical the services are', () => {
    const tier = (...tiers: number[]) => {
      const services = names(tiers.length);
      const byName = Object.fromEntries(services.map((name, i) => [name, tiers[i] ?? 3]));
      return parts(release(services, { tiers: byName }))['tier'];
    };
    expect([tier(3), tier(2), tier(1), tier(0), tier(1, 1), tier(3, 0), tier(1, 0)]).toEqual([
      undefined,
      undefined,
      1,
      2,
      2,
      2,
      3,
    ]);
  });

  it('grows with migrations and with exemptions that are open', () => {
    const given = release(['web']);
    expect(parts(given, { migrations: 1 })).toEqual({ migrations: 2 });
    expect(parts(given, { rows: [exempted] })).toEqual({ exemptions: 1 });
    expect(parts(given, { rows: Array.from({ length: 9 }, () => exempted) })).toEqual({ exemptions: 3 });
  });

  it('grows with pairs that went back together, and not with what others did', () => {
    const past = (services: string[], wentBack: boolean) => ({ services, wentBack });
    const pair = release(['orders', 'web']);
    expect(parts(pair, { history: [past(['orders', 'web'], false), past(['web'], true)] })).toEqual({});
    const history = [past(['orders', 'search', 'web'], true), past(['orders', 'web'], false)];
    expect(risk(pair, { history }).parts).toEqual([
      { part: 'history', points: 2, says: 'orders with web went back 1 of 2 times' },
    ]);
    expect(parts(pair, { history: [...history, past(['orders', 'web'], true)] })).toEqual({ history: 3 });
    expect(risk(release(['web']), { history: [past(['web', 'mail'], true)] }).parts).toMatchObject([
      { says: 'web went back 1 of 1 times' },
    ]);
  });

  it('is medium from three points on and high from six, the heaviest part first', () => {
    const level = (more: Partial<RiskInput>) => risk(release(['web'], { tiers: { web: 1 } }), more).level;
    expect(level({})).toBe('low');
    expect(level({ migrations: 1 })).toBe('medium');
    expect(level({ migrations: 1, rows: [exempted, exempted, exempted] })).toBe('high');
    const { parts: shown, points } = risk(release(['web'], { tiers: { web: 1 } }), { migrations: 2 });
    expect(shown.map(({ part }) => part)).toEqual(['migrations', 'tier']);
    expect(points).toBe(3);
  });
});
