import { describe, expect, it } from 'vitest';
import { RULE_IDS } from '../../../src/domain/policy/finding.ts';
import { judgeDeclarations, judgeStatements } from '../../../src/domain/policy/preflight.ts';
import { RULE_BOOK } from '../../../src/domain/policy/rule-book.ts';
import { rulesAnswer } from '../../../src/program/cli/rules.ts';
import { asked } from './rules/asked.ts';

/** Ids of the release document's own policy, by which people know the rules; those in the second list are not judged yet. */
const KNOWN = {
  judged: [
    'image-digest-pinned',
    'no-floating-tag',
    'digest-exists',
    'chart-version-exact',
    'chart-exists',
    'placeholder-digest',
    'health-checks-declared',
    'rollout-strategy-declared',
    'progressive-required',
    'slo-gate-required',
    'gate-query-not-ratio',
    'migration-plan-required',
    'migration-compatible',
    'migration-backout-plan',
    'no-destructive-with-code',
    'contract-after-soak',
    'flag-plan-complete',
    'flag-default-off',
    'dependency-cycle',
    'dependency-unknown',
    'no-downgrade',
    'owners-declared',
    'environment-order',
    'maker-checker',
    'error-budget',
    'no-active-sev1',
    'freeze-window',
    'batch-size',
    'gate-threshold-vs-slo',
    'checklist-length',
  ],
  notYet: [
    'gate-moves-metric',
    'contract-check-required',
    'provenance-signed',
    'provenance-sbom',
    'rollback-plan-required',
    'rollback-rehearsed',
    'alert-routing',
    'exemption-expired',
  ],
};

/** Rules that this program needs besides. */
const OF_OUR_OWN = [
  'release-name',
  'catalog-agrees',
  'dependency-version',
  'no-weakening',
  'gate-complete',
  'not-carried-out',
  'rollout-agrees',
  'db-plan-required',
  'migration-complete',
  'migration-repeatable',
  'migration-data-reviewed',
  'migration-signed-off',
  'migration-history',
  'migration-drift',
  'contract-complete',
  'contract-order',
  'contract-compatible',
  'checks-passed',
  'checks-required-on-branch',
  'evidence-coverage',
  'evidence-sast',
  'evidence-vulnerabilities',
  'evidence-secrets',
  'evidence-sbom',
  'evidence-checks',
  'flag-provider',
  'flag-live-state',
  'policy',
  'capacity',
  'hotfix-incident',
  'release-overlap',
  'contract-window',
  'hotfix-base',
  'hotfix-canary',
  'checklist-complete',
  'conftest',
];

/** Rules that nobody may waive, as the document's policy has them. */
const FIRM = [
  'image-digest-pinned',
  'no-floating-tag',
  'placeholder-digest',
  'no-destructive-with-code',
  'dependency-cycle',
  'dependency-unknown',
  'maker-checker',
];

describe('the rules', () => {
  it('are called as people know them', () => {
    expect([...RULE_IDS].toSorted()).toEqual([...KNOWN.judged, ...OF_OUR_OWN].toSorted());
    expect(KNOWN.notYet.filter((id) => RULE_IDS.some((known) => known === id))).toEqual([]);
    expect(
      FIRM.filter((id) => RULE_IDS.some((known) => known === id && RULE_BOOK[known].exemptible)),
    ).toEqual([]);
  });

  it('are as severe as the book says', () => {
    const rollout = { strategy: 'rolling' };
    for (const tier of [0, 1, 2, 3, 4]) {
      const manifest = asked({
        services: { web: { tier, rollout }, orders: { tier } },
        spec: { migrations: [{ name: 'a-contract', type: 'flyway' }], flags: [{ key: 'a', default: null }] },
      });
      const findings = [...judgeStatements(manifest), ...judgeDeclarations(manifest)];
      const column = tier <= 1 ? 0 : tier === 2 ? 1 : 2;
      for (const { rule, severity } of findings)
        expect(`${rule} ${severity}`).toBe(`${rule} ${RULE_BOOK[rule].severity[column]}`);
      expect(findings.some(({ rule }) => rule === 'progressive-required')).toBe(tier <= 2);
    }
  });

  it('are listed for people and for programs, every one of them', () => {
    const { text, json } = rulesAnswer();
    for (const id of RULE_IDS) expect(text).toMatch(new RegExp(`^${id} {2}(error|warn|tier)`, 'm'));
    expect(text).toContain('progressive-required  tier 0 and 1 error, tier 2 error, tier 3 and 4 off\n');
    expect(json).toMatchObject({
      rules: RULE_IDS.map((id) => ({ id, asks: expect.any(String), remedy: expect.any(String) })),
    });
  });
});
