import { percent, trim } from '../text/numbers.ts';
import type { Measurement } from './planned-gate.ts';

/** The value and its limit in the unit of the limit, or why there is no value. */
export function valueWords(measured: Measurement, threshold: string | undefined): string {
  if (measured.value === undefined) return measured.note ?? measured.outcome;
  const value = inUnitOf(measured.value, threshold);
  if (threshold === undefined) return value;
  return measured.outcome === 'pass' ? `${value} ${threshold}` : `${value} against ${threshold}`;
}

function inUnitOf(value: number, threshold: string | undefined): string {
  if (threshold?.includes('%')) return percent(value * 100);
  if (threshold?.includes('ms')) return `${trim(value * 1000)} ms`;
  return /\ds\s*$/.test(threshold ?? '') ? `${trim(value)} s` : trim(value);
}
