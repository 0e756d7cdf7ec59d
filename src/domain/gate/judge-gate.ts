import type { Measurement, PlannedGate, Verdict } from './planned-gate.ts';

/** An erroneous measurement is tried again after this. Source: argoproj/argo-rollouts analysis/analysis.go, DefaultErrorRetryInterval. */
const ERROR_RETRY_MS = 10_000;

/**
 * What the measurements so far say, with the counters of Argo Rollouts; absent while it is too early to tell. Asked after each
 * measurement, so that at most one limit is newly passed. In one thing stricter than Argo: limits may tolerate every measurement
 * there is, and what never passed is no pass. Source: argoproj/argo-rollouts analysis/analysis.go, assessMetricStatus.
 */
export function judgeGate(gate: PlannedGate, soFar: readonly Measurement[]): Verdict | undefined {
  const count = (outcome: Measurement['outcome']) => soFar.filter((each) => each.outcome === outcome).length;
  if (gate.failureLimit >= 0 && count('fail') > gate.failureLimit) return 'fail';
  if (count('inconclusive') > gate.inconclusiveLimit) return 'inconclusive';
  if (errorsInARow(soFar) > gate.consecutiveErrorLimit) return 'error';
  if (soFar.length - count('error') < gate.count) return undefined;
  return count('pass') > 0 ? 'pass' : 'inconclusive';
}

/**
 * When to measure next, in milliseconds since 1970: first when a whole window and one scrape lie after `since`, so that nothing
 * from before the pause is in it; then every interval.
 */
export function nextMeasurementAt(gate: PlannedGate, since: number, soFar: readonly Measurement[]): number {
  const last = soFar.at(-1);
  if (last === undefined) return since + gate.windowMs + gate.scrapeIntervalMs;
  return Date.parse(last.at) + (last.outcome === 'error' ? ERROR_RETRY_MS : gate.intervalMs);
}

function errorsInARow(soFar: readonly Measurement[]): number {
  const lastOther = soFar.findLastIndex((each) => each.outcome !== 'error');
  return soFar.length - 1 - lastOther;
}
