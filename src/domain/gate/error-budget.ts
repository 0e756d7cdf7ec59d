import { percent, trim } from '../text/numbers.ts';
import { durationInWords } from './duration.ts';
import type { Objective } from './objective.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Two windows that burn together say that something burns, and that it still does. */
interface Pair {
  severity: 'page' | 'ticket';
  /** Share of the whole budget that is gone when it burns so fast for the long window. */
  consumed: number;
  longMs: number;
  shortMs: number;
}

/** Source: https://sre.google/workbook/alerting-on-slos/, table 5-8; slok/sloth internal/alert/windows/google-30d.yaml. */
const PAIRS: readonly Pair[] = [
  { severity: 'page', consumed: 0.02, longMs: HOUR_MS, shortMs: 5 * MINUTE_MS },
  { severity: 'page', consumed: 0.05, longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS },
  { severity: 'ticket', consumed: 0.1, longMs: DAY_MS, shortMs: 2 * HOUR_MS },
  { severity: 'ticket', consumed: 0.1, longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS },
];

/** With less of the budget left, whoever approves is told. Source: the same table's "ticket" share. */
const LITTLE_LEFT = 0.1;

/** A share that is nothing: 1 − 0.999 is not 0.001 to a computer. */
const NOTHING = 1e-9;

/** Every window that has to be asked for, in milliseconds, the whole period last. */
export function budgetWindows({ periodMs }: Pick<Objective, 'periodMs'>): number[] {
  return [...new Set([...PAIRS.flatMap(({ longMs, shortMs }) => [longMs, shortMs]), periodMs])].toSorted(
    (a, b) => a - b,
  );
}

/** What a window's two queries come to. `says`: why there is no ratio. */
export type WindowRatio = { kind: 'ratio'; ratio: number } | { kind: 'unknown'; says: string };

/** `advice`: it passes, and whoever approves should know. */
export type BudgetVerdict = { outcome: 'pass' | 'fail' | 'inconclusive'; says: string; advice?: string };

/**
 * Judges the error budget by several windows and burn rates: it fails when a pair of windows that would page burns now, or nothing is
 * left; what nobody could measure is no pass. A pair burns when both of its windows do, so one that does not is enough to clear it.
 */
export function judgeBudget(objective: Objective, ratios: ReadonlyMap<number, WindowRatio>): BudgetVerdict {
  const budget = 1 - objective.ratio;
  const burnOf = (windowMs: number): number | undefined => {
    const found = ratios.get(windowMs);
    return found?.kind === 'ratio' ? found.ratio / budget : undefined;
  };
  const pairs = PAIRS.map((pair) => {
    const factor = (pair.consumed * objective.periodMs) / pair.longMs;
    const [long, short] = [burnOf(pair.longMs), burnOf(pair.shortMs)];
    return { ...pair, factor, long, short, state: stateOf(factor, long, short) };
  });
  const spent = burnOf(objective.periodMs);
  const left = spent === undefined ? undefined : 1 - spent;
  const says = [
    ...pairs.filter(({ severity }) => severity === 'page').map(pairWords),
    left === undefined
      ? `what is left of ${durationInWords(objective.periodMs)} is not known`
      : leftWords(left, objective),
  ].join('; ');
  const burning = pairs.find(({ state, severity }) => state === 'burns' && severity === 'page');
  if (burning)
    return { outcome: 'fail', says: `${pairWords(burning)}: it pages; ${lastOf(left, objective)}` };
  if (left !== undefined && left <= NOTHING) return { outcome: 'fail', says };
  const unknown = pairs.some(({ state, severity }) => state === 'unknown' && severity === 'page');
  if (unknown || left === undefined) return { outcome: 'inconclusive', says: `${says} (${whyOf(ratios)})` };
  const slow = pairs.find(({ state }) => state === 'burns');
  const advice = slow ? pairWords(slow) : left < LITTLE_LEFT ? leftWords(left, objective) : undefined;
  return { outcome: 'pass', says, ...(advice !== undefined && { advice }) };
}

function stateOf(
  factor: number,
  long: number | undefined,
  short: number | undefined,
): 'burns' | 'calm' | 'unknown' {
  const calm = [long, short].some((burn) => burn !== undefined && burn <= factor);
  if (calm) return 'calm';
  return long === undefined || short === undefined ? 'unknown' : 'burns';
}

function pairWords(
  pair: Pair & { factor: number; long: number | undefined; short: number | undefined },
): string {
  const words = (burn: number | undefined) => (burn === undefined ? 'no data' : `${trim(burn)}×`);
  return `burns ${words(pair.long)} over ${durationInWords(pair.longMs)} and ${words(pair.short)} over ${durationInWords(pair.shortMs)} (limit ${trim(pair.factor)}×)`;
}

function lastOf(left: number | undefined, objective: Objective): string {
  return left === undefined ? 'what is left is not known' : leftWords(left, objective);
}

function leftWords(left: number, { periodMs, ratio }: Objective): string {
  return `${percent(left * 100)} of the budget of ${durationInWords(periodMs)} at ${Number((ratio * 100).toPrecision(9))} % is left`;
}

function whyOf(ratios: ReadonlyMap<number, WindowRatio>): string {
  const why = [...ratios.values()].find((each) => each.kind === 'unknown');
  return why?.kind === 'unknown' ? why.says : 'a window was not asked for';
}
