import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ServiceName } from '../ids.ts';
import type { Finding } from './finding.ts';

/**
 * One line of a preflight: what a rule came to, for one service or for the release. It is kept in a fact, so that whoever approves
 * sees what was judged; rules by names that are no longer known are read as they were written.
 */
export const PreflightRow = z.strictObject({
  rule: z.string(),
  /** `unknown`: it could not be judged, and is no pass. */
  outcome: z.enum(['pass', 'warn', 'refuse', 'unknown']),
  /** Whether the release cannot go forward with this row as it is. */
  refuses: z.boolean(),
  /** Absent: the release as a whole. */
  service: ServiceName.optional(),
  /** What is so; for a pass, the rule as it is kept. */
  says: z.string(),
  /** What to do about it; absent for a pass. */
  remedy: z.string().optional(),
  file: z.string().optional(),
  /** In words, `spec.services.web.image`. */
  path: z.string().optional(),
  line: z.int().positive().optional(),
});
export type PreflightRow = z.infer<typeof PreflightRow>;

/** How many rows came to what. `refusing`: refusals, and required rows that nobody could judge. */
export interface Tally {
  pass: number;
  /** Refused by its rule, and let pass by two people for a while. */
  exempted: number;
  warn: number;
  refuse: number;
  unknown: number;
  refusing: number;
}

/** What counts of a row. */
type Counted = Pick<PreflightRow, 'refuses'> & { outcome: PreflightRow['outcome'] | 'exempted' };

export function tallyOf(rows: readonly Counted[]): Tally {
  const count = (outcome: Counted['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  return {
    pass: count('pass'),
    exempted: count('exempted'),
    warn: count('warn'),
    refuse: count('refuse'),
    unknown: count('unknown'),
    refusing: refusing(rows).length,
  };
}

/** The rows that keep a release from going forward. */
export function refusing<R extends Counted>(rows: readonly R[]): R[] {
  return rows.filter((row) => row.refuses);
}

/** Whether two preflights came to the same. */
export function sameRows(a: readonly PreflightRow[], b: readonly PreflightRow[]): boolean {
  return isDeepStrictEqual(a, b);
}

/** The row of a finding. */
export function rowOf(finding: Finding): PreflightRow {
  const { rule, severity, required, service, says, remedy, file, path, place } = finding;
  const outcome = severity === 'error' ? 'refuse' : severity;
  return {
    rule,
    outcome,
    refuses: outcome === 'refuse' || (outcome === 'unknown' && required),
    ...(service !== undefined && { service }),
    says,
    remedy,
    file,
    ...(path !== '' && { path }),
    ...(place && { line: place.line }),
  };
}

/** Worst first: what refuses, what nobody knows, what is advised, what is fine. Otherwise in the order of the rules. */
export function worstFirst<R extends Counted>(rows: readonly R[]): R[] {
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

function rank({ outcome, refuses }: Counted): number {
  if (outcome === 'refuse') return 0;
  if (outcome === 'unknown') return refuses ? 1 : 2;
  if (outcome === 'exempted') return 3;
  return outcome === 'warn' ? 4 : 5;
}
