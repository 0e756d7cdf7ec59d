import type { WrittenSlo } from '../manifest/service-schema.ts';
import { parseDuration } from './duration.ts';
import type { Objective } from './objective.ts';

/** Source: https://sre.google/workbook/alerting-on-slos/, whose numbers are for 30 days. */
const PERIOD_MS = 30 * 86_400_000;

/** Shorter than a week, the factors of the workbook mean nothing; longer than a quarter nobody keeps the data. */
const PERIODS = { leastMs: 7 * 86_400_000, mostMs: 92 * 86_400_000 } as const;

/** An objective as it is written, or what is wrong with it: the key, and the end of a sentence. */
export function readObjective(
  written: WrittenSlo,
):
  | { kind: 'objective'; objective: Objective }
  | { kind: 'faulty'; faults: { key: keyof WrittenSlo; says: string }[] } {
  const { objective, window, errorQuery, totalQuery } = written;
  const periodMs = window === undefined ? PERIOD_MS : (parseDuration(window) ?? 0);
  const faults: { key: keyof WrittenSlo; says: string }[] = [];
  for (const [key, query] of [
    ['errorQuery', errorQuery],
    ['totalQuery', totalQuery],
  ] as const) {
    if (query === undefined) faults.push({ key, says: 'is missing: both queries measure the objective' });
    else if (!/\{\{\s*window\s*\}\}/.test(query))
      faults.push({ key, says: 'does not name {{window}}: it is asked for windows from 5 minutes on' });
  }
  if (periodMs < PERIODS.leastMs || periodMs > PERIODS.mostMs)
    faults.push({ key: 'window', says: 'must be from 7d to 92d' });
  if (faults.length > 0 || errorQuery === undefined || totalQuery === undefined)
    return { kind: 'faulty', faults };
  // A percentage is a decimal to people: 99.9 is 0.999 and not 0.9990000000000001.
  const ratio = Number((objective / 100).toPrecision(12));
  return { kind: 'objective', objective: { ratio, periodMs, errorQuery, totalQuery } };
}
