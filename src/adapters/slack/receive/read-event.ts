import type { PersonId } from '../../../domain/ids.ts';
import type { Request } from '../../../domain/request.ts';
import { type Grammar, understandWords } from '../../../domain/understand-command.ts';
import { personOf } from '../user-of.ts';
import { type Asked, deliveryId, type Heard } from './asked.ts';
import { misunderstoodMessage } from './misunderstood-message.ts';
import { EventCallback, HomeEvent, MentionEvent, MessageEvent, ReactionEvent } from './payloads.ts';
import { saidText, withoutMentions, wordsOf } from './typed-text.ts';

/** Which events are listened to. */
export interface EventParts {
  grammar: Grammar;
  /** Absent: incidents are switched off, and nothing that is said or pinned is read. */
  incidents?: {
    /** Name of the emoji that pins a message to a timeline, without colons. */
    pinEmoji: string;
    /** Whether what is said in a channel may be of use; what is not is never kept. */
    hears: (channel: string) => boolean;
  };
}

/** An event, its identity and the workspace it came from; and where its answer goes, if it has one. */
export interface HeardEvent {
  heard: Heard;
  replyTo?: Asked['replyTo'];
}

/** Reads an event. Throws for a payload that Slack could not have sent. */
export function readEvent(body: unknown, parts: EventParts): HeardEvent {
  const { team_id: team, event_id, event } = EventCallback.parse(body);
  const id = deliveryId('event', event_id);
  switch (event.type) {
    case 'app_mention':
      return readMention(event, { id, team, grammar: parts.grammar });
    case 'app_home_opened':
      return { heard: readHome(event, { id, team }) };
    case 'message':
      return {
        heard: parts.incidents ? readMessage(event, { id, team, hears: parts.incidents.hears }) : IGNORED,
      };
    case 'reaction_added':
    case 'reaction_removed':
      return {
        heard: parts.incidents ? readPin(event, { id, team, pinEmoji: parts.incidents.pinEmoji }) : IGNORED,
      };
    default:
      return { heard: IGNORED };
  }
}

const IGNORED: Heard = { kind: 'ignored' };

/** Slack's own account: a message was taken back and nobody is named. */
const NOBODY = 'USLACKBOT';

function readMention(event: unknown, from: { id: string; team: string; grammar: Grammar }): HeardEvent {
  const { user, channel, text, bot_id } = MentionEvent.parse(event);
  if (bot_id) return { heard: IGNORED };
  const understood = understandWords(from.grammar, wordsOf(withoutMentions(text)));
  const replyTo = { kind: 'slack' as const, user, channel };
  if (understood.kind === 'misunderstood') {
    return { heard: { kind: 'told', message: misunderstoodMessage(understood) }, replyTo };
  }
  // An event has no trigger: what would open a modal is answered with the same form as a message.
  return { heard: asked({ ...from, user, channel, request: understood.request, replyTo }), replyTo };
}

function readHome(event: unknown, from: { id: string; team: string }): Heard {
  const { user, tab } = HomeEvent.parse(event);
  if (tab !== 'home') return IGNORED;
  return asked({ ...from, user, request: { kind: 'openHome' } });
}

function readPin(event: unknown, from: { id: string; team: string; pinEmoji: string }): Heard {
  const { type } = EventCallback.shape.event.parse(event);
  const { user, reaction, item } = ReactionEvent.parse(event);
  const { channel, ts } = item;
  // Skin tones are a suffix: `+1::skin-tone-3`.
  if (reaction.replace(/::.*$/, '') !== from.pinEmoji || item.type !== 'message' || !channel || !ts)
    return IGNORED;
  const request: Request =
    type === 'reaction_added'
      ? { kind: 'pinMessage', how: 'pin', channel, ts }
      : { kind: 'unpinMessage', channel, ts };
  return asked({ ...from, user, channel, request, replyTo: { kind: 'slack', user, channel } });
}

/** Subtypes that are words of a person; others tell of joins, topics and bots. */
const SAID = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

function readMessage(
  event: unknown,
  from: { id: string; team: string; hears: (channel: string) => boolean },
): Heard {
  const message = MessageEvent.parse(event);
  const { channel } = message;
  if (message.channel_type === 'im' || !from.hears(channel)) return IGNORED;
  const change = changeOf(message);
  if (!change) return IGNORED;
  const { user = NOBODY, text, ...seen } = change;
  const author: { author?: PersonId } = change.user ? { author: personOf(from.team, change.user) } : {};
  const request: Request = {
    kind: 'messageSeen',
    channel,
    ...seen,
    ...author,
    ...(text === undefined ? {} : { text: saidText(text) }),
  };
  return asked({ ...from, user, channel, request });
}

interface Change {
  change: 'posted' | 'edited' | 'deleted';
  ts: string;
  user?: string;
  text?: string;
}

function changeOf(event: MessageEvent): Change | undefined {
  const { message: now, previous_message: before } = event;
  const isOurs = (said: { bot_id?: string | null | undefined } | undefined) => Boolean(said?.bot_id);
  if (event.subtype === 'message_deleted') {
    if (isOurs(before) || event.deleted_ts === undefined) return undefined;
    return { change: 'deleted', ts: event.deleted_ts, ...(before?.user ? { user: before.user } : {}) };
  }
  if (event.subtype === 'message_changed') {
    if (!now || isOurs(now)) return undefined;
    const user = now.user ?? before?.user;
    const who = user ? { user } : {};
    // The parent of a thread that was deleted stays as a tombstone.
    if (now.subtype === 'tombstone') return { change: 'deleted', ts: now.ts, ...who };
    // A preview of a link was added: nobody changed a word.
    if (!SAID.has(now.subtype) || now.text === before?.text) return undefined;
    return { change: 'edited', ts: now.ts, ...who, text: now.text };
  }
  if (!SAID.has(event.subtype) || isOurs(event) || !event.user) return undefined;
  return { change: 'posted', ts: event.ts, user: event.user, text: event.text };
}

function asked(given: {
  id: string;
  team: string;
  user: string;
  channel?: string;
  request: Request;
  replyTo?: Asked['replyTo'];
}): Heard {
  const { id, team, user, channel, request, replyTo = { kind: 'slack', user } } = given;
  const principal = personOf(team, user);
  return {
    kind: 'asked',
    asked: { id, principal, ...(channel === undefined ? {} : { channel }), request, replyTo },
  };
}
