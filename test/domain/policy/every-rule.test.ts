import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/domain/plan/make-plan.ts';
import { RULE_IDS, type RuleId } from '../../../src/domain/policy/finding.ts';
import { preflight, preflightOffline } from '../../../src/domain/policy/preflight.ts';
import type { PreflightRow } from '../../../src/domain/policy/row.ts';
import { RULE_BOOK } from '../../../src/domain/policy/rule-book.ts';
import { ANA, BEN, CLEO, contentOf, knownAs, planInput } from '../plan/world.ts';
import { CHART_EXAMPLES } from './rules/chart-examples.ts';
import { CI_EXAMPLES } from './rules/ci-examples.ts';
import { DOCUMENT_EXAMPLES } from './rules/document-examples.ts';
import { catalog, contents, type Example, type World } from './rules/example.ts';
import { FLAG_EXAMPLES } from './rules/flag-examples.ts';
import { MIGRATION_EXAMPLES } from './rules/migration-examples.ts';
import { START_EXAMPLES } from './rules/start-examples.ts';
import { WORLD_EXAMPLES } from './rules/world-examples.ts';

const DEV = 'dev/shop-2026-11-02.1';

/** Complete by its type: a rule without examples does not compile. */
const EXAMPLES: Readonly<Record<RuleId, Example>> = {
  ...DOCUMENT_EXAMPLES,
  ...WORLD_EXAMPLES,
  ...CI_EXAMPLES,
  ...CHART_EXAMPLES,
  ...START_EXAMPLES,
  ...FLAG_EXAMPLES,
  ...MIGRATION_EXAMPLES,
};

/** What a rule comes to in a world. */
function outcomes(rule: RuleId, { said, input, around }: World): PreflightRow['outcome'][] {
  const known = { web: [knownAs(contentOf('web', '9.9.1'), 1)] };
  const full = planInput(contents, { catalog, known, ...input, ...(said && { said }) });
  const made = makePlan(full);
  const dev = { orders: [knownAs(contents.orders, 2, DEV)], web: [knownAs(contents.web, 2, DEV)] };
  const rows =
    RULE_BOOK[rule].judged === 'validate'
      ? preflightOffline(full)
      : preflight({
          ...full,
          plan: made.kind === 'planned' ? made.plan : undefined,
          earlier: [{ environment: 'dev', known: dev }],
          isLastEnvironment: true,
          members: { managers: [ANA, BEN], 'orders-owners': [CLEO], 'web-owners': [CLEO] },
          rollouts: {},
          contracts: {},
          policy: { kind: 'notConfigured' },
          ...around,
        });
  return rows.filter((row) => row.rule === rule).map(({ outcome }) => outcome);
}

describe.each(RULE_IDS)('rule %s', (rule) => {
  const { passes, fails, as, unreachable } = EXAMPLES[rule];

  it('passes what is as it should be', () => {
    expect(new Set(outcomes(rule, passes))).toEqual(new Set(['pass']));
  });

  it('does not pass what is not', () => {
    expect(outcomes(rule, fails)).toContain(as);
    expect(outcomes(rule, fails)).not.toContain('pass');
  });

  if (typeof unreachable === 'object') {
    it('is not known when nobody answers', () => {
      expect(outcomes(rule, unreachable)).toContain('unknown');
      expect(outcomes(rule, unreachable)).not.toContain('pass');
    });
  }
});
