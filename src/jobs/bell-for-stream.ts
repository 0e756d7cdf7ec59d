import type { IncidentId, ReleaseId, StreamId } from '../domain/ids.ts';
import type { Bell } from '../ports/bells.ts';
import type { Ports } from '../ports/ports.ts';
import { readRelease } from './read-state.ts';
import { bellFor } from './reconcile-release.ts';

/** The bell that looks at an open stream; absent for one that nobody looks at. */
export async function bellForStream(
  { ledger }: Pick<Ports, 'ledger'>,
  stream: StreamId,
): Promise<Bell | undefined> {
  if (stream.startsWith('incident:'))
    return { kind: 'incident', incident: stream.slice('incident:'.length) as IncidentId };
  if (!stream.startsWith('release:')) return undefined;
  const reading = await readRelease(ledger, stream.slice('release:'.length) as ReleaseId);
  return reading && bellFor(reading.state);
}
