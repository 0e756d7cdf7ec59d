import { type IncidentId, incidentStream, type ReleaseId, splitReleaseId } from '../../domain/ids.ts';
import { nextIncident } from '../../domain/installation/installation-state.ts';
import { UnavailableError } from '../../errors.ts';
import { notDone, said } from '../../views/answers.ts';
import { incidentForm } from '../../views/incident.ts';
import { readInstallation, readRelease } from '../read-state.ts';
import { stamp, writeTo } from '../record.ts';
import type { Asked, Carry, Desk } from '../requests/asked.ts';

/** Incidents opened in the same moment take numbers one after the other; more than this many at once is a storm. */
const MAX_TRIES = 20;

/** Releases offered to link an incident to. */
const OFFERED = 20;

/** The form, with the release that moved last already chosen. */
export const form: Carry<'incidentForm'> = async ({ ports, rules }, asked) => {
  if (!rules.incidents.enabled) return notDone('Incidents are switched off here.');
  const recent = (await ports.ledger.recent('release', OFFERED)).map(
    (stream) => stream.slice('release:'.length) as ReleaseId,
  );
  const chosen = asked.request.release ?? recent[0];
  return {
    kind: 'form',
    form: incidentForm({ releases: chosen ? [...new Set([chosen, ...recent])] : recent, chosen }),
  };
};

/** Numbers the incident and writes its first fact; its channel and its timeline follow from that. */
export const open: Carry<'incidentOpen'> = async (desk, asked) => {
  if (!desk.rules.incidents.enabled) return notDone('Incidents are switched off here.');
  const id = await record(desk, asked);
  await desk.ports.bells.ring({ kind: 'incident', incident: id });
  return said(`${id} is open: ${asked.request.title}. Its channel is being made.`);
};

async function record({ ports }: Desk, asked: Asked<'incidentOpen'>): Promise<IncidentId> {
  const { title, release } = asked.request;
  const environment = asked.request.environment ?? (release && splitReleaseId(release).environment);
  const actor = { kind: 'person' as const, id: asked.by.id, via: asked.via };
  for (let i = 0; i < MAX_TRIES; i++) {
    const installation = await readInstallation(ports);
    const id = nextIncident(installation.state);
    const stream = incidentStream(id);
    const numbered = stamp(ports.clock, { kind: 'incident.numbered', actor, cause: asked.id, data: { id } });
    const opened = stamp(ports.clock, {
      kind: 'incident.opened',
      actor,
      cause: asked.id,
      data: {
        id,
        title,
        openedBy: asked.by.id,
        ...(release && { release }),
        ...(environment && { environment }),
      },
    });
    const related = await takenBackBy(ports, release);
    const linked = related.map((each) =>
      stamp(ports.clock, { kind: 'incident.linked', actor, cause: asked.id, data: { release: each } }),
    );
    const appended = await ports.ledger.append({
      operation: `request:${asked.id}`,
      writes: [
        writeTo(installation.at, [numbered], id),
        writeTo(await ports.ledger.read(stream), [opened, ...linked], id),
      ],
      fences: {},
      raises: {},
      opens: [stream],
    });
    if (appended.kind === 'appended') return id;
    if (appended.kind === 'repeated') return appended.facts[0]?.correlation as IncidentId;
  }
  throw new UnavailableError('incidents are opened faster than they can be numbered', { retryAfterMs: 1000 });
}

/** A rollback's incident is about what it took back as well. */
async function takenBackBy(
  { ledger }: Pick<Desk['ports'], 'ledger'>,
  release: ReleaseId | undefined,
): Promise<ReleaseId[]> {
  const reading = release && (await readRelease(ledger, release));
  return reading ? (reading.state.plan.recovery?.rollsBack ?? []) : [];
}
