import { tracksOf } from '../../plan/tracks.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';

/** More are counted: who waits for whom is on the board anyway. */
const MOST_NAMED = 5;

/** `release-overlap`: what else moves the same services, or what these need; and the train that leaves before this is done. */
export function releaseOverlap({
  document,
  plan,
  others = [],
  departures = [],
  changes,
}: PreflightInput): Finding[] {
  if (plan === undefined) return [];
  const { exclusive, shared } = tracksOf(plan);
  const mine = new Set([...exclusive, ...shared]);
  const finding = (says: string, remedy: string) =>
    findingAt(document, { rule: 'release-overlap', severity: 'warn', path: [], says, remedy });
  const together = others.flatMap(({ release, state, services }) => {
    const both = services.filter((service) => mine.has(service)).sort();
    return both.length === 0 ? [] : [`${release} (${state}) also moves ${both.join(', ')}`];
  });
  const more = together.length - MOST_NAMED;
  const named = [...together.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  const takesMs = changes?.takesMs;
  const leaving = departures.filter(
    ({ at }) => changes !== undefined && takesMs !== undefined && at <= changes.now + takesMs,
  );
  return [
    ...(together.length > 0
      ? [finding(`${named}: one waits for the other`, 'Speak with whoever cut it, or drop a service.')]
      : []),
    ...leaving.map(({ train, at }) =>
      finding(
        `train ${train} leaves at ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC, while this may still move`,
        'Let it go first, or count on what it brings coming after.',
      ),
    ),
  ];
}
