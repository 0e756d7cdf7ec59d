import { type IncidentId, incidentStream, type ReleaseId, releaseStream } from '../../domain/ids.ts';
import { flagEntries } from '../../domain/incident/flag-entries.ts';
import { foldIncident, type IncidentState } from '../../domain/incident/incident-state.ts';
import { type TimelineEntry, timelineOf } from '../../domain/incident/timeline.ts';
import type { IncidentFact, ReleaseFact } from '../../domain/ledger/fact.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Reading, readEnvironment } from '../read-state.ts';

type Reader = Pick<Ports, 'ledger'>;

/** Absent when there is no such incident. */
export async function readIncident(
  { ledger }: Reader,
  id: IncidentId,
): Promise<Reading<IncidentState> | undefined> {
  const at = await ledger.read(incidentStream(id));
  const state = (at.facts as IncidentFact[]).reduce<IncidentState | undefined>(foldIncident, undefined);
  return state && { state, at };
}

/** Incidents that are not resolved, oldest first. */
export async function openIncidents(ports: Reader): Promise<IncidentState[]> {
  const streams = (await ports.ledger.unfinished()).filter((stream) => stream.startsWith('incident:'));
  const readings = await Promise.all(
    streams.map((stream) => readIncident(ports, stream.slice('incident:'.length) as IncidentId)),
  );
  return readings.flatMap((reading) => (reading && !reading.state.resolved ? [reading.state] : []));
}

/** A line of a timeline with its words found. */
export interface ToldEntry extends TimelineEntry {
  says: string;
}

/** The timeline with the notes' words; a note whose words were erased says so. */
export async function tellTimeline(
  ports: Pick<Ports, 'ledger' | 'texts' | 'snapshots'>,
  incident: Reading<IncidentState>,
): Promise<ToldEntry[]> {
  const { ledger, texts } = ports;
  const related = await Promise.all(
    incident.state.releases.map((id: ReleaseId) => ledger.read(releaseStream(id))),
  );
  const facts = [
    ...related.flatMap((view) => view.facts as ReleaseFact[]),
    ...(incident.at.facts as IncidentFact[]),
  ];
  return Promise.all(
    [...timelineOf(incident.state, facts), ...(await flagsTurned(ports, incident.state))]
      .sort((a, b) => a.at.localeCompare(b.at))
      .map(async (entry) => ({
        ...entry,
        says: entry.says ?? (entry.note && (await texts.get(entry.note.text))) ?? '(erased)',
      })),
  );
}

/** Flags of its environment that were turned while it was open: a kill switch is often how it ends. */
async function flagsTurned(
  ports: Pick<Ports, 'ledger' | 'snapshots'>,
  { environment, openedAt, resolved }: IncidentState,
): Promise<TimelineEntry[]> {
  if (environment === undefined) return [];
  const { state } = await readEnvironment(ports, environment);
  return flagEntries(state, { since: openedAt, until: resolved?.at });
}
