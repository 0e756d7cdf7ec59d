import { createHash } from 'node:crypto';
import type { IncidentId, PersonId } from '../../domain/ids.ts';
import { incidentStream } from '../../domain/ids.ts';
import { type IncidentState, noteIdOf } from '../../domain/incident/incident-state.ts';
import type { IncidentFactBody } from '../../domain/ledger/fact.ts';
import type { Request } from '../../domain/request.ts';
import { redact } from '../../domain/text/redact.ts';
import type { Answer } from '../../ports/message.ts';
import { choose, notDone, said } from '../../views/answers.ts';
import { recordAlways, stamp } from '../record.ts';
import type { Asked, Asker, Carry, Desk } from '../requests/asked.ts';
import { openIncidents, readIncident } from './read-incident.ts';

type Captured = Extract<IncidentFactBody, { kind: 'note.captured' }>['data'];

/** Writes a line into the timeline. */
export const note: Carry<'incidentNote'> = async (desk, asked) => {
  const found = await whichIncident(desk, asked, (incident) => ({ ...asked.request, incident }));
  if (found.kind === 'answer') return found.answer;
  const { state } = found;
  await capture(desk, asked, {
    incident: state,
    words: asked.request.text,
    note: { note: `request/${asked.id}`, author: asked.by.id, how: 'command', source: { kind: 'command' } },
    at: new Date(desk.ports.clock.now()).toISOString(),
  });
  return said(`Noted in ${state.id}.`);
};

/** Takes a message of any channel the bot is in into the timeline: by the pin emoji, or by the message shortcut. */
export const pin: Carry<'pinMessage'> = async (desk, asked) => {
  const { channel, ts, how } = asked.request;
  const found = await whichIncident(desk, asked, (incident) => ({ ...asked.request, incident }));
  // The emoji is everybody's; without an incident it means nothing to us.
  if (found.kind === 'answer') return how === 'pin' && found.none ? undefined : found.answer;
  const message = await desk.ports.chat.read(channel, ts);
  if (message === undefined) return notDone('I can’t read that message: bring me into its channel first.');
  await captureMessage(desk, asked, { incident: found.state, channel, ts, how, ...message });
  return how === 'shortcut' ? said(`Pinned to ${found.state.id}.`) : undefined;
};

/** The pin emoji was taken away: its note goes, unless it was said in the incident's own channel. */
export const unpin: Carry<'unpinMessage'> = async (desk, asked) => {
  const id = noteIdOf(asked.request);
  for (const incident of await openIncidents(desk.ports)) {
    const known = incident.notes.find((each) => each.id === id && each.removed === undefined);
    if (known === undefined || known.how === 'message' || incident.channel === asked.request.channel)
      continue;
    await append(desk, asked, {
      incident,
      fact: { kind: 'note.removed', data: { note: id, why: 'unpinned' } },
    });
  }
  return undefined;
};

/** A message of an incident's channel, or a change of one that was captured before. */
export const messageSeen: Carry<'messageSeen'> = async (desk, asked) => {
  const { channel, ts, change, author, text } = asked.request;
  const id = noteIdOf({ channel, ts });
  for (const incident of await openIncidents(desk.ports)) {
    const known = incident.notes.find((each) => each.id === id);
    if (change === 'posted' && incident.channel === channel && author && text) {
      await captureMessage(desk, asked, { incident, channel, ts, how: 'message', author, text });
    }
    if (change === 'edited' && known && text) await edit(desk, asked, { incident, note: known, text });
    if (change === 'deleted' && known && known.removed === undefined) {
      await desk.ports.texts.erase(known.text);
      await append(desk, asked, {
        incident,
        fact: { kind: 'note.removed', data: { note: id, why: 'deleted' } },
      });
    }
  }
  return undefined;
};

interface Message {
  incident: IncidentState;
  channel: string;
  ts: string;
  how: 'message' | 'pin' | 'shortcut';
  author: PersonId;
  text: string;
}

async function captureMessage(desk: Desk, asked: Asker, message: Message): Promise<void> {
  const { incident, channel, ts, how, author, text } = message;
  const id = noteIdOf({ channel, ts });
  const known = incident.notes.find((each) => each.id === id);
  if (known && known.removed === undefined) return;
  const permalink = await desk.ports.chat.permalink(channel, ts);
  await capture(desk, asked, {
    incident,
    words: text,
    note: {
      note: id,
      author,
      how,
      source: { kind: 'message', channel, ts, ...(permalink && { permalink }) },
    },
    at: new Date(Number(ts) * 1000).toISOString(),
  });
}

async function capture(
  desk: Desk,
  asked: Asker,
  told: { incident: IncidentState; words: string; note: Omit<Captured, 'text' | 'textHash'>; at: string },
): Promise<void> {
  const words = redact(told.words);
  const text = `${told.incident.id}/${told.note.note}`;
  await desk.ports.texts.put(text, words);
  await append(desk, asked, {
    incident: told.incident,
    fact: { kind: 'note.captured', data: { ...told.note, text, textHash: sha256(words) } },
    at: told.at,
  });
}

async function edit(
  desk: Desk,
  asked: Asker,
  { incident, note, text }: { incident: IncidentState; note: IncidentState['notes'][number]; text: string },
): Promise<void> {
  const words = redact(text);
  await desk.ports.texts.put(note.text, words);
  await append(desk, asked, {
    incident,
    fact: { kind: 'note.edited', data: { note: note.id, textHash: sha256(words) } },
  });
}

/** Appends once for this request, on Slack's clock where the moment is a message's own. */
async function append(
  { ports }: Desk,
  asked: Asker,
  { incident, fact, at }: { incident: IncidentState; fact: IncidentFactBody; at?: string },
): Promise<void> {
  const reading = await readIncident(ports, incident.id);
  if (reading?.at.facts.some((known) => known.cause === asked.id)) return;
  const actor = { kind: 'person' as const, id: asked.by.id, via: asked.via };
  const stamped = stamp(ports.clock, { ...fact, actor, cause: asked.id });
  const onSlack = at === undefined ? stamped : { ...stamped, occurredAt: at, clock: 'slack' as const };
  await recordAlways(ports.ledger, incidentStream(incident.id), [onSlack]);
  await ports.bells.ring({ kind: 'speak', subject: incident.id });
}

type Which = { kind: 'one'; state: IncidentState } | { kind: 'answer'; answer: Answer; none: boolean };

/** The incident that is meant: named, the channel's own, or the only one; two open ones are a question. */
export async function whichIncident(
  { ports }: Desk,
  asked:
    | Asked<'incidentNote'>
    | Asked<'pinMessage'>
    | Asked<'incidentTimeline'>
    | Asked<'incidentResolve'>
    | Asked<'incidentExport'>,
  again: (incident: IncidentId) => Request,
): Promise<Which> {
  const { incident } = asked.request;
  if (incident !== undefined) {
    const reading = await readIncident(ports, incident);
    return reading
      ? { kind: 'one', state: reading.state }
      : { kind: 'answer', answer: notDone(`There is no ${incident}.`), none: true };
  }
  const open = await openIncidents(ports);
  const here = open.find((each) => each.channel !== undefined && each.channel === asked.channel);
  const [only, ...others] = here ? [here] : open;
  if (only === undefined) return { kind: 'answer', answer: notDone('No incident is open.'), none: true };
  if (others.length === 0) return { kind: 'one', state: only };
  const options = open.map((each) => ({
    label: `${each.id} ${each.title}`.slice(0, 75),
    does: again(each.id),
  }));
  return { kind: 'answer', answer: choose('Which incident?', options), none: false };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
