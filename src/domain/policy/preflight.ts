import { EVIDENCE_PARTS } from '../checks/judge-evidence.ts';
import type { PlanInput } from '../plan/plan-input.ts';
import { type Finding, findingAt, type RuleId } from './finding.ts';
import type { PreflightInput } from './preflight-input.ts';
import { type PreflightRow, rowOf, worstFirst } from './row.ts';
import { RULE_BOOK } from './rule-book.ts';
import { type AskedManifest, manifestOf } from './rules/asked-manifest.ts';
import { batchSize } from './rules/batch.ts';
import { catalogAgrees, releaseNameMatches } from './rules/catalog-agrees.ts';
import { chartExists, chartVersionExact, pinsCharts } from './rules/charts.ts';
import { checklistComplete, checklistLaw, checklistLength, hasChecklists } from './rules/checklists.ts';
import {
  asksForBranchChecks,
  asksForChecks,
  checksPassed,
  checksRequiredOnBranch,
  evidenceRule,
} from './rules/checks.ts';
import { conftestFindsNothing, conftestLaw, hasConftest } from './rules/conftest.ts';
import { environmentOrder, noDowngrade } from './rules/content.ts';
import { contractWindow } from './rules/contract-window.ts';
import { contractCompatible, contractComplete, contractOrder } from './rules/contracts.ts';
import { healthChecksDeclared, progressiveRequired, rolloutStrategyDeclared } from './rules/declarations.ts';
import { dependencyCycle, dependencyUnknown, dependencyVersion } from './rules/dependencies.ts';
import { flagDefaultOff, flagLiveState, flagPlanComplete, flagProvider, hasFlags } from './rules/flags.ts';
import { gateComplete, gateQueryNotRatio, gateThresholdVsSlo, sloGateRequired } from './rules/gates.ts';
import { hotfixBase, hotfixCanary, hotfixIncident, isHotfix } from './rules/hotfix.ts';
import { digestExists, imageDigestPinned, noFloatingTag, placeholderDigest } from './rules/images.ts';
import { migrationDrift, migrationHistory } from './rules/migration-histories.ts';
import {
  contractAfterSoak,
  migrationComplete,
  migrationDataReviewed,
  migrationRepeatable,
  migrationSignedOff,
} from './rules/migration-reviews.ts';
import {
  dbPlanRequired,
  migrationBackoutPlan,
  migrationCompatible,
  migrationPlanRequired,
  noDestructiveWithCode,
} from './rules/migrations.ts';
import { releaseOverlap } from './rules/overlap.ts';
import { hasPolicy, ownPolicy, policyLaw } from './rules/own-policy.ts';
import { makerChecker, ownersDeclared } from './rules/people.ts';
import { everythingIsCarriedOut, nothingIsWeakened } from './rules/promises.ts';
import { rolloutAgrees } from './rules/rollouts.ts';
import { hasStartGates, startGatesPass, startWords } from './rules/start-gates.ts';
import { freezeWindow, hasWindows, windowWords } from './rules/windows.ts';

/** A rule as the table of a preflight shows it. */
interface Rule<Input> {
  id: RuleId;
  /** What a pass says; absent: what the rule asks. */
  passes?(input: Input): string;
  /** Absent: always. A rule that does not apply has no row. */
  applies?(input: Input): boolean;
  /** Whether the configuration and the catalog ask for it at all, which files alone can tell. Absent: always. */
  asked?(input: PlanInput): boolean;
  /** `document`: files alone say it. `plan`: it needs what is to move. `world`: it needs what runs, or who people are. */
  needs: 'document' | 'plan' | 'world';
  judge(input: Input): Finding[];
}

function hasObjectives({ plan }: PreflightInput): boolean {
  return Object.values(plan?.services ?? {}).some(({ gates }) => gates.some(({ objective }) => objective));
}

function hasContractWindows({ manifest }: PreflightInput): boolean {
  return manifest.spec.contracts?.some(({ window }) => window !== undefined) ?? false;
}

/** What can be said of a manifest by itself. No plan is made while one of these finds an error. */
const MANIFEST_RULES: readonly Rule<PlanInput>[] = [
  {
    id: 'release-name',
    needs: 'document',
    judge: releaseNameMatches,
  },
  {
    id: 'catalog-agrees',
    needs: 'document',
    judge: catalogAgrees,
  },
  {
    id: 'image-digest-pinned',
    needs: 'document',
    judge: imageDigestPinned,
  },
  {
    id: 'placeholder-digest',
    needs: 'document',
    judge: placeholderDigest,
  },
  { id: 'no-floating-tag', needs: 'document', judge: noFloatingTag },
  { id: 'digest-exists', needs: 'world', judge: digestExists },
  { id: 'chart-version-exact', needs: 'document', judge: chartVersionExact },
  { id: 'dependency-cycle', needs: 'document', judge: dependencyCycle },
  {
    id: 'dependency-unknown',
    needs: 'document',
    judge: dependencyUnknown,
  },
  {
    id: 'dependency-version',
    needs: 'world',
    judge: dependencyVersion,
  },
  {
    id: 'contract-complete',
    needs: 'document',
    judge: contractComplete,
  },
  {
    id: 'contract-order',
    needs: 'document',
    judge: contractOrder,
  },
  { id: 'migration-complete', needs: 'document', judge: migrationComplete },
  {
    id: 'no-weakening',
    needs: 'document',
    judge: nothingIsWeakened,
  },
  { id: 'gate-complete', needs: 'document', judge: gateComplete },
  { id: 'flag-provider', needs: 'document', judge: flagProvider },
  {
    id: 'not-carried-out',
    needs: 'document',
    judge: everythingIsCarriedOut,
  },
];

/** What can be said of a manifest without knowing what else there is. */
const STATEMENT_RULES: readonly Rule<AskedManifest>[] = [
  { id: 'migration-plan-required', needs: 'document', judge: migrationPlanRequired },
  { id: 'migration-compatible', needs: 'document', judge: migrationCompatible },
  { id: 'migration-backout-plan', needs: 'document', judge: migrationBackoutPlan },
  { id: 'db-plan-required', needs: 'document', judge: dbPlanRequired },
  { id: 'no-destructive-with-code', needs: 'document', judge: noDestructiveWithCode },
  { id: 'migration-repeatable', needs: 'document', judge: migrationRepeatable },
  { id: 'migration-data-reviewed', needs: 'document', judge: migrationDataReviewed },
  { id: 'flag-plan-complete', needs: 'document', judge: flagPlanComplete },
  { id: 'flag-default-off', needs: 'document', judge: flagDefaultOff },
  { id: 'progressive-required', needs: 'document', judge: progressiveRequired },
];

/**
 * What a manifest should state, judged where people ask for it and not at the cut: the cut writes no such statements, and refuses
 * those that it would not act on.
 */
const DECLARATION_RULES: readonly Rule<AskedManifest>[] = [
  { id: 'health-checks-declared', needs: 'document', judge: healthChecksDeclared },
  { id: 'rollout-strategy-declared', needs: 'document', judge: rolloutStrategyDeclared },
];

/** What needs a plan, or the world around it. */
const PLAN_RULES: readonly Rule<PreflightInput>[] = [
  {
    id: 'environment-order',
    needs: 'plan',
    judge: environmentOrder,
  },
  {
    id: 'slo-gate-required',
    needs: 'plan',
    judge: sloGateRequired,
  },
  {
    id: 'gate-query-not-ratio',
    needs: 'plan',
    judge: gateQueryNotRatio,
  },
  { id: 'gate-threshold-vs-slo', applies: hasObjectives, needs: 'plan', judge: gateThresholdVsSlo },
  { id: 'owners-declared', needs: 'plan', judge: ownersDeclared },
  {
    id: 'maker-checker',
    needs: 'plan',
    judge: makerChecker,
  },
  { id: 'no-downgrade', needs: 'plan', judge: noDowngrade },
  {
    id: 'rollout-agrees',
    needs: 'world',
    judge: rolloutAgrees,
  },
  { id: 'chart-exists', asked: pinsCharts, needs: 'world', judge: chartExists },
  {
    id: 'contract-compatible',
    needs: 'world',
    judge: contractCompatible,
  },
  { id: 'checks-passed', asked: asksForChecks, needs: 'world', judge: checksPassed },
  {
    id: 'checks-required-on-branch',
    asked: asksForBranchChecks,
    needs: 'world',
    judge: checksRequiredOnBranch,
  },
  ...EVIDENCE_PARTS.map((part): Rule<PreflightInput> => ({ ...evidenceRule(part), needs: 'world' })),
  ...(['error-budget', 'no-active-sev1', 'capacity'] as const).map(
    (id): Rule<PreflightInput> => ({
      id,
      passes: startWords(id),
      applies: hasStartGates(id),
      needs: 'world',
      judge: startGatesPass(id),
    }),
  ),
  { id: 'freeze-window', passes: windowWords, applies: hasWindows, needs: 'world', judge: freezeWindow },
  { id: 'release-overlap', needs: 'plan', judge: releaseOverlap },
  { id: 'contract-window', applies: hasContractWindows, needs: 'world', judge: contractWindow },
  { id: 'batch-size', needs: 'plan', judge: batchSize },
  { id: 'hotfix-incident', applies: isHotfix, needs: 'world', judge: hotfixIncident },
  { id: 'hotfix-base', applies: isHotfix, needs: 'plan', judge: hotfixBase },
  { id: 'hotfix-canary', applies: isHotfix, needs: 'plan', judge: hotfixCanary },
  {
    id: 'checklist-complete',
    passes: checklistLaw,
    applies: hasChecklists,
    needs: 'world',
    judge: checklistComplete,
  },
  { id: 'checklist-length', applies: hasChecklists, needs: 'world', judge: checklistLength },
  { id: 'conftest', passes: conftestLaw, applies: hasConftest, needs: 'world', judge: conftestFindsNothing },
  { id: 'flag-live-state', applies: hasFlags, needs: 'world', judge: flagLiveState },
  { id: 'migration-signed-off', asked: hasMigrations, needs: 'plan', judge: migrationSignedOff },
  { id: 'contract-after-soak', asked: hasMigrations, needs: 'plan', judge: contractAfterSoak },
  { id: 'migration-history', asked: hasMigrations, needs: 'world', judge: migrationHistory },
  { id: 'migration-drift', asked: hasMigrations, needs: 'world', judge: migrationDrift },
  { id: 'policy', passes: policyLaw, applies: hasPolicy, needs: 'plan', judge: ownPolicy },
];

function hasMigrations({ manifest }: PlanInput): boolean {
  return (manifest.spec.migrations ?? []).length > 0;
}

/** Judges a manifest by itself. */
export function judgeManifest(input: PlanInput): Finding[] {
  return [...MANIFEST_RULES.flatMap((rule) => rule.judge(input)), ...judgeStatements(manifestOf(input))];
}

/** Judges a manifest by what files alone say. */
export function judgeDocument(input: PlanInput): Finding[] {
  return [
    ...MANIFEST_RULES.flatMap((rule) => (rule.needs === 'document' ? rule.judge(input) : [])),
    ...judgeStatements(manifestOf(input)),
  ];
}

/** Judges what a manifest states, from itself alone. */
export function judgeStatements(asked: AskedManifest): Finding[] {
  return STATEMENT_RULES.flatMap((rule) => rule.judge(asked));
}

/** Judges what a manifest leaves unsaid. */
export function judgeDeclarations(asked: AskedManifest): Finding[] {
  return DECLARATION_RULES.flatMap((rule) => rule.judge(asked));
}

/** Judges everything there is to judge before a release starts: one row at least for each rule, the worst first. */
export function preflight(input: PreflightInput): PreflightRow[] {
  const asked = manifestOf(input);
  return worstFirst([
    ...MANIFEST_RULES.flatMap((rule) => rowsOf(rule, rule.judge(input))),
    ...STATEMENT_RULES.flatMap((rule) => rowsOf(rule, rule.judge(asked))),
    ...PLAN_RULES.filter((rule) => (rule.asked?.(input) ?? true) && (rule.applies?.(input) ?? true)).flatMap(
      (rule) => rowsOf(rule, withPlan(rule, input), rule.passes?.(input)),
    ),
  ]);
}

/** The same with files alone: whatever asks the world is not known, and does not refuse. What only files are asked for is advice. */
export function preflightOffline(input: PlanInput): PreflightRow[] {
  const asked = manifestOf(input);
  const unasked = (rule: Pick<Rule<never>, 'id'>): PreflightRow[] => [
    { rule: rule.id, outcome: 'unknown', refuses: false, says: 'is judged when the release is cut' },
  ];
  const advice = (finding: Finding): Finding => ({ ...finding, severity: 'warn' });
  return worstFirst([
    ...MANIFEST_RULES.flatMap((rule) =>
      rule.needs === 'document' ? rowsOf(rule, rule.judge(input)) : unasked(rule),
    ),
    ...STATEMENT_RULES.flatMap((rule) => rowsOf(rule, rule.judge(asked))),
    ...DECLARATION_RULES.flatMap((rule) => rowsOf(rule, rule.judge(asked).map(advice))),
    ...PLAN_RULES.flatMap((rule) => ((rule.asked?.(input) ?? true) ? unasked(rule) : [offHere(rule)])),
  ]);
}

/** What nothing here asks for is kept. */
function offHere({ id }: Pick<Rule<never>, 'id'>): PreflightRow {
  return { rule: id, outcome: 'pass', refuses: false, says: 'nothing here asks for it' };
}

/** Without a plan there is nothing that such a rule could pass. */
function withPlan(rule: Rule<PreflightInput>, input: PreflightInput): Finding[] {
  if (rule.needs !== 'plan' || input.plan !== undefined) return rule.judge(input);
  return [
    findingAt(input.document, {
      rule: rule.id,
      severity: 'unknown',
      path: [],
      says: 'cannot be judged before there is a plan',
      remedy: 'Mend what the other rules refuse.',
    }),
  ];
}

function rowsOf(
  { id }: Pick<Rule<never>, 'id'>,
  findings: readonly Finding[],
  says: string = RULE_BOOK[id].asks,
): PreflightRow[] {
  return findings.length === 0 ? [{ rule: id, outcome: 'pass', refuses: false, says }] : findings.map(rowOf);
}
