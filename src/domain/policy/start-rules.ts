import { type PreflightRow, rowOf, worstFirst } from './row.ts';
import { RULE_BOOK } from './rule-book.ts';
import {
  hasStartGates,
  type StartInput,
  type StartRule,
  startGatesPass,
  startWords,
} from './rules/start-gates.ts';

/** Rules that are judged again right before a release starts: what they ask changes by itself. */
const START_RULES: readonly StartRule[] = ['error-budget', 'no-active-sev1', 'capacity'];

export function isStartRule(rule: string): boolean {
  return START_RULES.some((each) => each === rule);
}

/** The rows of a preflight with those of the start rules as they are now. */
export function withStartRows(rows: readonly PreflightRow[], input: StartInput): PreflightRow[] {
  const now = START_RULES.filter((rule) => hasStartGates(rule)(input)).flatMap((rule): PreflightRow[] => {
    const findings = startGatesPass(rule)(input);
    if (findings.length > 0) return findings.map(rowOf);
    const says = startWords(rule)(input) || RULE_BOOK[rule].asks;
    return [{ rule, outcome: 'pass', refuses: false, says }];
  });
  return worstFirst([...rows.filter(({ rule }) => !isStartRule(rule)), ...now]);
}
