import type { Request } from '../../../domain/request.ts';
import { personOf } from '../user-of.ts';
import { type Asked, deliveryId, type Heard } from './asked.ts';
import { Shortcut } from './payloads.ts';

/** On a message: into the timeline of an incident. */
export const PIN_SHORTCUT = 'pin-to-timeline';
/** Anywhere: open an incident. */
export const INCIDENT_SHORTCUT = 'open-incident';

/** Reads a shortcut. `withIncidents`: false when the installation has switched them off, then there is none for us. */
export function readShortcut(body: unknown, { withIncidents }: { withIncidents: boolean }): Heard {
  const { user, team, ...payload } = Shortcut.parse(body);
  const { callback_id: callback, trigger_id: triggerId } = payload;
  const channel = payload.channel?.id;
  const request = requestOf({ callback, channel, ts: payload.message_ts });
  if (!withIncidents || !request) return { kind: 'ignored' };
  return {
    kind: 'asked',
    asked: {
      id: deliveryId('shortcut', callback, payload.action_ts, user.id),
      principal: personOf(user.team_id ?? team?.id ?? '', user.id),
      ...(channel === undefined ? {} : { channel }),
      request,
      replyTo: shortcutAddress(body),
      ...(request.kind === 'incidentForm' ? { opens: { title: 'Open an incident', triggerId } } : {}),
    },
  };
}

/** Where the person who used a shortcut is answered. */
export function shortcutAddress(body: unknown): Asked['replyTo'] {
  const { user, channel, response_url: responseUrl } = Shortcut.parse(body);
  return {
    kind: 'slack',
    user: user.id,
    ...(channel ? { channel: channel.id } : {}),
    ...(responseUrl === undefined ? {} : { responseUrl }),
  };
}

function requestOf(given: {
  callback: string;
  channel: string | undefined;
  ts: string | undefined;
}): Request | undefined {
  const { callback, channel, ts } = given;
  if (callback === INCIDENT_SHORTCUT) return { kind: 'incidentForm' };
  if (callback !== PIN_SHORTCUT || channel === undefined || ts === undefined) return undefined;
  return { kind: 'pinMessage', how: 'shortcut', channel, ts };
}
