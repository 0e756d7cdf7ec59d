import { z } from 'zod';
import { Threshold } from './planned-gate.ts';

/** Operator, number, unit. */
const THRESHOLD_PATTERN = /^\s*(<=|>=|==|!=|<|>)\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(%|ms|s)?\s*$/;

/**
 * How many of a unit make one base unit: percentages are compared as ratios, times in seconds, as Prometheus has them.
 * Dividing keeps `2%` exactly 0.02, where multiplying by 0.01 would not do so for every number.
 */
const PER_BASE_UNIT: Readonly<Record<string, number>> = { '%': 100, ms: 1_000, s: 1 };

/** Far longer than any number anybody compares with; short enough that no text takes long to be refused. */
const MAX_LENGTH = 64;

/** A threshold as it stands in a document: `< 0.02`, `< 2%`, `<= 300ms`. It is the condition for passing. */
export const WrittenThreshold = z.string().max(MAX_LENGTH).regex(THRESHOLD_PATTERN, {
  error: 'must be a comparison with a number, such as "< 0.02", "< 2%" or "<= 300ms"',
});
export type WrittenThreshold = z.infer<typeof WrittenThreshold>;

/** A threshold in base units; absent when the text is none. */
export function parseThreshold(text: string): Threshold | undefined {
  const [, operator, number, unit] = THRESHOLD_PATTERN.exec(text) ?? [];
  const value = Number(number) / (PER_BASE_UNIT[unit ?? ''] ?? 1);
  // Parsed rather than cast: a number too large for a double is infinite, and no threshold.
  const parsed = Threshold.safeParse({ operator, value, text: text.trim() });
  return parsed.success ? parsed.data : undefined;
}
