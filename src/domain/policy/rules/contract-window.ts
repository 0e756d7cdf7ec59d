import { type Finding, findingAt } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';

/** Enough for a team that has to move to find the time. In milliseconds. */
const SOON_MS = 14 * 86_400_000;
const DAY_MS = 86_400_000;

/** `contract-window`: the time in which the old form of a contract is kept too is neither over nor nearly so. */
export function contractWindow({ document, manifest, changes }: PreflightInput): Finding[] {
  if (changes === undefined) return [];
  const { now } = changes;
  return (manifest.spec.contracts ?? []).flatMap(({ window, consumers = [] }, index) => {
    if (window === undefined) return [];
    // The last day counts whole, in UTC.
    const ends = Date.parse(`${window.until}T00:00:00Z`) + DAY_MS;
    if (ends - now > SOON_MS) return [];
    const who = consumers.length > 0 ? `: ${consumers.join(', ')} read it` : '';
    const days = Math.ceil((ends - now) / DAY_MS);
    const says =
      days <= 0
        ? `the old form was promised until ${window.until}, which is over${who}`
        : `the old form is promised until ${window.until}, ${days} ${days === 1 ? 'day' : 'days'} from now${who}`;
    return [
      findingAt(document, {
        rule: 'contract-window',
        severity: 'warn',
        path: ['spec', 'contracts', index, 'window'],
        says,
        remedy: 'See that everybody who reads it has moved, or promise it for longer.',
      }),
    ];
  });
}
