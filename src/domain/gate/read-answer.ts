import type { Measurement, PlannedGate, Threshold } from './planned-gate.ts';
import { countsFailures } from './query-text.ts';

/** A sample's number; the three that are no numbers are kept apart because `Number('+Inf')` is NaN. */
export type SampleValue = number | 'NaN' | '+Inf' | '-Inf';

type Told = Omit<Measurement, 'at'>;

/**
 * What a query's result means for a gate. No data and NaN are never a pass by themselves, an infinity is a division by nothing
 * with errors in it, and several series are unclear unless the gate says that the worst one counts.
 */
export function readAnswer(
  gate: PlannedGate,
  values: readonly SampleValue[],
  traffic: number | undefined,
): Told {
  const seen = traffic === undefined ? {} : { traffic };
  if (gate.trafficQuery !== undefined && (traffic ?? 0) < gate.minTraffic) {
    const note = `too little traffic: ${traffic ?? 0} < ${gate.minTraffic}`;
    return { outcome: 'inconclusive', ...seen, note };
  }
  if (values.length > 1 && gate.reduce !== 'worst') {
    return {
      outcome: 'inconclusive',
      ...seen,
      note: `${values.length} series; aggregate them, or say reduce: worst`,
    };
  }
  if (values.length === 0) return { ...withoutSeries(gate), ...seen };
  const told = values.map((value) => readValue(gate, value));
  return { ...worst(told, gate.threshold), ...seen };
}

/** A counter of failures that never counted has no series: with enough traffic to have counted, that is a zero. */
function withoutSeries(gate: PlannedGate): Told {
  if (gate.trafficQuery !== undefined && gate.minTraffic > 0 && countsFailures(gate.query ?? '')) {
    return { ...compare(gate, 0), note: 'no series, although there was traffic: read as 0' };
  }
  return { outcome: gate.onNoData, note: 'no data' };
}

function readValue(gate: PlannedGate, value: SampleValue): Told {
  if (value === 'NaN') return { outcome: gate.onNoData, note: 'NaN: nothing to divide by' };
  if (typeof value === 'string') return { outcome: 'fail', note: value };
  return compare(gate, value);
}

function compare(gate: PlannedGate, value: number): Told {
  if (gate.threshold === undefined) return { outcome: 'error', note: 'the gate has no threshold' };
  if (gate.failThreshold && holds(gate.failThreshold, value)) return { outcome: 'fail', value };
  if (holds(gate.threshold, value)) return { outcome: 'pass', value };
  return { outcome: gate.failThreshold ? 'inconclusive' : 'fail', value };
}

/** Whether a value satisfies a comparison. */
export function holds(threshold: Threshold, value: number): boolean {
  switch (threshold.operator) {
    case '<':
      return value < threshold.value;
    case '<=':
      return value <= threshold.value;
    case '>':
      return value > threshold.value;
    case '>=':
      return value >= threshold.value;
    case '==':
      return value === threshold.value;
    case '!=':
      return value !== threshold.value;
  }
}

const SEVERITY = ['pass', 'inconclusive', 'fail', 'error'] as const;

/** Of several with the same outcome, the one that is nearest to, or farthest beyond, the limit. */
function worst(told: readonly Told[], threshold: Threshold | undefined): Told {
  const lessIsWorse = threshold?.operator === '>' || threshold?.operator === '>=';
  const badness = ({ value }: Told) => {
    if (value === undefined) return Number.POSITIVE_INFINITY;
    return lessIsWorse ? -value : value;
  };
  return told.reduce((a, b) => {
    const graver = SEVERITY.indexOf(b.outcome) - SEVERITY.indexOf(a.outcome);
    return graver > 0 || (graver === 0 && badness(b) > badness(a)) ? b : a;
  });
}
