import { describe, expect, it } from 'vitest';
import { EXEMPTIBLE, type Exemption, withExemptions } from '../../../src/domain/policy/exemption.ts';
import { type PreflightRow, refusing, tallyOf } from '../../../src/domain/policy/row.ts';
import { ANA, BEN, CLEO } from '../plan/world.ts';

const RELEASE = 'prod/shop-2026-11-20.3';
const NOW = Date.parse('2026-11-20T10:00:00.000Z');

const row = (more: Partial<PreflightRow> = {}): PreflightRow => ({
  rule: 'slo-gate-required',
  outcome: 'refuse',
  refuses: true,
  service: 'web',
  says: 'web is tier 1 and has no required prometheus gate',
  ...more,
});

const exemption = (more: Partial<Exemption> = {}): Exemption => ({
  id: 'E1',
  rule: 'slo-gate-required',
  service: 'web',
  until: '2026-11-20T12:00:00.000Z',
  reason: 'no metrics before WEB-91',
  asked: { by: ANA, at: '2026-11-20T09:00:00.000Z' },
  granted: { by: BEN, at: '2026-11-20T09:01:00.000Z' },
  causes: [],
  ...more,
});

const outcomes = (rows: PreflightRow[], exemptions: Exemption[], makers = [ANA]) =>
  withExemptions(rows, { exemptions, release: RELEASE, makers, now: NOW }).map(({ outcome }) => outcome);

describe('an exemption', () => {
  it('lets pass what its rule refuses, and says whose word that is', () => {
    const among = { exemptions: [exemption()], release: RELEASE, makers: [], now: NOW } as const;
    const [shown] = withExemptions([row()], among);
    expect(shown).toMatchObject({ outcome: 'exempted', refuses: false, exemption: { granted: { by: BEN } } });
    expect(refusing([shown ?? row()])).toEqual([]);
    expect(tallyOf(withExemptions([row()], among))).toMatchObject({ exempted: 1, refuse: 0, refusing: 0 });
  });

  it('of a release is about all of its rows, of a service about its own in any release', () => {
    const ofRelease = exemption({ service: undefined, release: RELEASE });
    const rows = [row(), row({ service: 'orders' })];
    expect(outcomes(rows, [ofRelease])).toEqual(['exempted', 'exempted']);
    expect(outcomes(rows, [exemption()])).toEqual(['refuse', 'exempted']);
    const { service: _, ...whole } = row();
    expect(outcomes([whole], [exemption()])).toEqual(['refuse']);
  });

  it('also lets pass what nobody could judge', () => {
    expect(outcomes([row({ outcome: 'unknown' })], [exemption()])).toEqual(['exempted']);
    expect(outcomes([row({ outcome: 'unknown', refuses: false })], [exemption()])).toEqual(['unknown']);
  });

  it.each<[string, Partial<Exemption>, string[]?]>([
    ['that nobody granted', { granted: undefined }],
    ['that was refused', { refused: { by: CLEO, at: '2026-11-20T09:02:00.000Z' } }],
    ['that is over', { until: '2026-11-20T10:00:00.000Z' }],
    ['from another rule', { rule: 'environment-order' }],
    ['of another service', { service: 'orders' }],
    ['of another release', { service: undefined, release: 'prod/shop-2026-11-20.4' }],
    ['granted by whoever asked', { granted: { by: ANA, at: '2026-11-20T09:01:00.000Z' } }],
    ['of nothing', { service: undefined }],
  ])('%s counts for nothing', (_, more) => {
    expect(outcomes([row()], [exemption(more)])).toEqual(['refuse']);
  });

  it('granted by whoever made the release counts for nothing', () => {
    expect(outcomes([row()], [exemption()], [ANA, BEN])).toEqual(['refuse']);
  });

  it('is never possible from what protects the record', () => {
    for (const rule of ['image-digest-pinned', 'no-floating-tag', 'maker-checker', 'no-weakening']) {
      expect(EXEMPTIBLE).not.toContain(rule);
      expect(outcomes([row({ rule })], [exemption({ rule })])).toEqual(['refuse']);
    }
  });
});
