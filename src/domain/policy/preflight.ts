import type { PlanInput } from '../plan/plan-input.ts';
import type { Finding } from './finding.ts';
import type { PreflightInput } from './preflight-input.ts';
import { type AskedManifest, manifestOf } from './rules/asked-manifest.ts';
import { catalogAgrees, releaseNameMatches } from './rules/catalog-agrees.ts';
import { environmentOrder, noDowngrade } from './rules/content.ts';
import { healthChecksDeclared, progressiveRequired, rolloutStrategyDeclared } from './rules/declarations.ts';
import { dependencyCycle, dependencyUnknown, dependencyVersion } from './rules/dependencies.ts';
import { flagPlanComplete } from './rules/flags.ts';
import { gateComplete, gateQueryNotRatio, sloGateRequired } from './rules/gates.ts';
import { digestExists, imageDigestPinned, noFloatingTag, placeholderDigest } from './rules/images.ts';
import {
  dbPlanRequired,
  migrationBackoutPlan,
  migrationCompatible,
  migrationPlanRequired,
  noDestructiveWithCode,
} from './rules/migrations.ts';
import { makerChecker, ownersDeclared } from './rules/people.ts';
import { everythingIsCarriedOut, nothingIsWeakened } from './rules/promises.ts';
import { rolloutAgrees } from './rules/rollouts.ts';

/** What can be said of a manifest by itself. No plan is made while one of these finds an error. */
const MANIFEST_RULES: readonly ((input: PlanInput) => Finding[])[] = [
  releaseNameMatches,
  catalogAgrees,
  imageDigestPinned,
  placeholderDigest,
  noFloatingTag,
  digestExists,
  dependencyCycle,
  dependencyUnknown,
  dependencyVersion,
  nothingIsWeakened,
  gateComplete,
  everythingIsCarriedOut,
];

/** What can be said of a manifest without knowing what else there is. */
const STATEMENT_RULES: readonly ((asked: AskedManifest) => Finding[])[] = [
  migrationPlanRequired,
  migrationCompatible,
  migrationBackoutPlan,
  dbPlanRequired,
  noDestructiveWithCode,
  flagPlanComplete,
  progressiveRequired,
];

/**
 * What a manifest should state, judged where people ask for it and not at the cut: the cut writes no such statements, and refuses
 * those that it would not act on.
 */
const DECLARATION_RULES: readonly ((asked: AskedManifest) => Finding[])[] = [
  healthChecksDeclared,
  rolloutStrategyDeclared,
];

/** What needs a plan, or the world around it. */
const PLAN_RULES: readonly ((input: PreflightInput) => Finding[])[] = [
  environmentOrder,
  sloGateRequired,
  gateQueryNotRatio,
  ownersDeclared,
  makerChecker,
  noDowngrade,
  rolloutAgrees,
];

/** How many rules are judged, for "31 pass". */
export const RULE_COUNT = MANIFEST_RULES.length + STATEMENT_RULES.length + PLAN_RULES.length;

/** Judges a manifest by itself. */
export function judgeManifest(input: PlanInput): Finding[] {
  const asked = manifestOf(input);
  return [
    ...MANIFEST_RULES.flatMap((judge) => judge(input)),
    ...STATEMENT_RULES.flatMap((judge) => judge(asked)),
  ];
}

/** Judges what a manifest states, from itself alone. */
export function judgeStatements(asked: AskedManifest): Finding[] {
  return STATEMENT_RULES.flatMap((judge) => judge(asked));
}

/** Judges what a manifest leaves unsaid. */
export function judgeDeclarations(asked: AskedManifest): Finding[] {
  return DECLARATION_RULES.flatMap((judge) => judge(asked));
}

/** Judges everything there is to judge before a release starts, errors first, otherwise in the order of the rules. */
export function preflight(input: PreflightInput): Finding[] {
  const findings = [...judgeManifest(input), ...PLAN_RULES.flatMap((judge) => judge(input))];
  return [
    ...findings.filter((finding) => finding.severity === 'error'),
    ...findings.filter((finding) => finding.severity === 'warn'),
  ];
}
