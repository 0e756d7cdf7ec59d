import { incidentStream } from '../../domain/ids.ts';
import type { IncidentState } from '../../domain/incident/incident-state.ts';
import type { Answer } from '../../ports/message.ts';
import { said } from '../../views/answers.ts';
import { timelineFile, timelineMessage } from '../../views/incident.ts';
import { recordAlways, stamp } from '../record.ts';
import type { Asker, Carry, Desk } from '../requests/asked.ts';
import { whichIncident } from './capture-note.ts';
import { readIncident, type ToldEntry, tellTimeline } from './read-incident.ts';

/** Shows what happened, in order. */
export const timeline: Carry<'incidentTimeline'> = async (desk, asked) => {
  const found = await whichIncident(desk, asked, (incident) => ({ kind: 'incidentTimeline', incident }));
  if (found.kind === 'answer') return found.answer;
  const told = await tell(desk, found.state);
  return told && { kind: 'message', message: timelineMessage(told) };
};

/** Writes the timeline as Markdown. */
export const exportTimeline: Carry<'incidentExport'> = async (desk, asked) => {
  const found = await whichIncident(desk, asked, (incident) => ({ kind: 'incidentExport', incident }));
  return found.kind === 'answer' ? found.answer : exported(desk, found.state);
};

/** Closes an incident with the times that its facts show. */
export const resolve: Carry<'incidentResolve'> = async (desk, asked) => {
  const found = await whichIncident(desk, asked, (incident) => ({ kind: 'incidentResolve', incident }));
  if (found.kind === 'answer') return found.answer;
  const { state } = found;
  if (state.resolved) return said(`${state.id} is resolved already.`);
  const told = await tell(desk, state);
  if (told === undefined) return undefined;
  await record(desk, asked, { state, entries: told.entries });
  await desk.ports.bells.ring({ kind: 'incident', incident: state.id });
  return exported(desk, state);
};

async function record(
  { ports }: Desk,
  asked: Asker,
  { state, entries }: { state: IncidentState; entries: ToldEntry[] },
): Promise<void> {
  const now = new Date(ports.clock.now()).toISOString();
  const first = (mark: ToldEntry['mark']) => entries.find((entry) => entry.mark === mark)?.at;
  const last = (mark: ToldEntry['mark']) => entries.findLast((entry) => entry.mark === mark)?.at;
  const detectedAt = first('detected') ?? state.openedAt;
  const mitigatedAt = last('mitigated') ?? last('clean') ?? now;
  const data = { by: asked.by.id, detectedAt, mitigatedAt, stableAt: last('clean') ?? now };
  const actor = { kind: 'person' as const, id: asked.by.id, via: asked.via };
  const fact = stamp(ports.clock, { kind: 'incident.resolved', actor, cause: asked.id, data });
  await recordAlways(ports.ledger, incidentStream(state.id), [fact]);
}

async function exported(desk: Desk, state: IncidentState): Promise<Answer | undefined> {
  const told = await tell(desk, state);
  return told && timelineFile(told);
}

async function tell({ ports }: Desk, state: IncidentState) {
  const reading = await readIncident(ports, state.id);
  if (reading === undefined) return undefined;
  const entries = await tellTimeline(ports, reading);
  return { incident: reading.state, entries, nameOf: (person: string) => ports.directory.nameOf(person) };
}
