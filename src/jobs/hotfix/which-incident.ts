import type { IncidentId } from '../../domain/ids.ts';
import type { Answer } from '../../ports/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { notDone } from '../../views/answers.ts';
import { openIncidents, readIncident } from '../incidents/read-incident.ts';

/** Why a hotfix cannot be for this incident, with those that it could be for; absent when it can. */
export async function notForIncident(
  ports: Pick<Ports, 'ledger'>,
  id: IncidentId,
): Promise<Answer | undefined> {
  const reading = await readIncident(ports, id);
  if (reading && !reading.state.resolved) return undefined;
  const open = (await openIncidents(ports)).map((incident) => `${incident.id} (${incident.title})`);
  const others =
    open.length > 0 ? `Open are ${open.join(', ')}.` : 'None is open: open one with /incident open.';
  const what = reading ? `${id} is resolved` : `There is no incident ${id}`;
  return notDone(`${what}, and a hotfix mends one that is open. ${others}`);
}
