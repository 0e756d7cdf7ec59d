import { SYSTEM } from '../../domain/actor.ts';
import { type IncidentId, incidentStream } from '../../domain/ids.ts';
import type { IncidentState } from '../../domain/incident/incident-state.ts';
import { environmentRules, type Rules } from '../../domain/rules.ts';
import type { Message } from '../../ports/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { announcement, incidentBoard, resolution } from '../../views/incident.ts';
import { drawAgain, type SayPorts, sayOnce } from '../say-once.ts';
import { readIncident, type ToldEntry, tellTimeline } from './read-incident.ts';

type SpeakPorts = SayPorts & Pick<Ports, 'texts' | 'directory' | 'snapshots'>;

interface Post {
  key: string;
  channel: string;
  message: Message;
  live: boolean;
}

/** Says what an incident has to say and has not said, and draws its timeline again where it changed. */
export async function speakOfIncident(ports: SpeakPorts, rules: Rules, id: IncidentId): Promise<void> {
  const reading = await readIncident(ports, id);
  if (reading?.state.channel === undefined) return;
  const entries = await tellTimeline(ports, reading);
  for (const post of postsOf(ports, rules, { state: reading.state, entries })) {
    const { effects } = (await readIncident(ports, id))?.state ?? reading.state;
    const saying = { stream: incidentStream(id), effects, by: SYSTEM, ...post };
    const spoken = await sayOnce(ports, saying);
    // A channel that will not hear of it must not keep the incident's own channel from hearing the rest.
    if (spoken.kind === 'said' && post.live) await drawAgain(ports, saying, { said: spoken, urgent: false });
  }
  if (reading.state.resolved) {
    await ports.ledger.append({ writes: [], fences: {}, raises: {}, closes: [incidentStream(id)] });
  }
}

function postsOf(
  { directory }: Pick<Ports, 'directory'>,
  rules: Rules,
  { state, entries }: { state: IncidentState; entries: ToldEntry[] },
): Post[] {
  const channel = state.channel ?? '';
  const told = { incident: state, entries, nameOf: (person: string) => directory.nameOf(person) };
  const home = state.environment && environmentRules(rules, state.environment)?.channel;
  return [
    { key: 'board', channel, message: incidentBoard(told), live: true },
    ...(home ? [{ key: 'announcement', channel: home, message: announcement(told), live: false }] : []),
    ...(state.resolved ? [{ key: 'resolution', channel, message: resolution(told), live: false }] : []),
  ];
}
