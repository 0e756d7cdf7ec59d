import type { Measurement, PlannedGate } from '../../../src/domain/gate/planned-gate.ts';
import { parseThreshold } from '../../../src/domain/gate/threshold.ts';

/** A gate on the share of failed requests, with every default, unless it is told otherwise. */
export function plannedGate(more: Partial<PlannedGate> = {}): PlannedGate {
  return {
    name: 'error-ratio',
    type: 'prometheus',
    phase: 'canary',
    steps: [],
    required: true,
    prometheus: 'main',
    query: 'sum(rate(r_total{status=~"5.."}[{{window}}])) / sum(rate(r_total[{{window}}]))',
    threshold: limit('< 2%'),
    minTraffic: 0,
    windowMs: 300_000,
    intervalMs: 60_000,
    count: 1,
    failureLimit: 0,
    inconclusiveLimit: 0,
    consecutiveErrorLimit: 4,
    onNoData: 'inconclusive',
    scrapeIntervalMs: 15_000,
    timeoutMs: 10_000,
    ...more,
  };
}

/** A threshold as it is written. */
export function limit(text: string): NonNullable<PlannedGate['threshold']> {
  const threshold = parseThreshold(text);
  if (threshold === undefined) throw new Error(`${text} is no threshold`);
  return threshold;
}

const OUTCOMES: Readonly<Record<string, Measurement['outcome']>> = {
  p: 'pass',
  f: 'fail',
  i: 'inconclusive',
  e: 'error',
};

/** Measurements a second apart, a letter each: `ppf` is two that pass and one that fails. */
export function measured(letters: string): Measurement[] {
  return [...letters].map((letter, second) => ({
    at: new Date(1_700_000_000_000 + second * 1000).toISOString(),
    outcome: OUTCOMES[letter] ?? 'error',
  }));
}
