import { SYSTEM } from '../../domain/actor.ts';
import { type IncidentId, incidentStream } from '../../domain/ids.ts';
import type { IncidentState } from '../../domain/incident/incident-state.ts';
import type { Rules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { recordAlways, stamp } from '../record.ts';
import { readIncident } from './read-incident.ts';
import { speakOfIncident } from './speak-of-incident.ts';

export type IncidentPorts = Pick<
  Ports,
  'ledger' | 'chat' | 'clock' | 'texts' | 'snapshots' | 'scratch' | 'directory' | 'bells'
>;

/** Names tried when the first one is taken by somebody else's channel. */
const MOST_NAMES = 20;

/** Gives an incident its channel, brings its people there, and says what it has to say. Any number of times. */
export async function reconcileIncident(ports: IncidentPorts, rules: Rules, id: IncidentId): Promise<void> {
  const reading = await readIncident(ports, id);
  if (reading === undefined) return;
  if (reading.state.channel === undefined) await place(ports, rules, reading.state);
  await speakOfIncident(ports, rules, id);
}

async function place(ports: IncidentPorts, rules: Rules, state: IncidentState): Promise<void> {
  const stream = incidentStream(state.id);
  for (let i = 0; i < MOST_NAMES; i++) {
    const name = channelName(rules.incidents.channelPrefix, state, i);
    const effect = `channel/${name}`;
    const known = state.effects[effect];
    if (known === undefined) {
      const data = { id: effect, effect: { kind: 'chat.createChannel' as const, name }, onBehalfOf: SYSTEM };
      await recordAlways(ports.ledger, stream, [
        stamp(ports.clock, { kind: 'effect.intended', actor: SYSTEM, data }),
      ]);
    }
    if (known?.status.kind === 'refused') continue;
    const made = await ports.chat.createChannel(name);
    if (made.kind === 'refused')
      throw new UnavailableError(`the channel ${name} cannot be made: ${made.reason}`, {
        retryAfterMs: 60_000,
      });
    // Taken although we meant to make it before a crash: then it is ours.
    const ours = made.kind === 'created' || (known?.status.kind === 'open' && made.channel !== undefined);
    if (ours && made.channel !== undefined)
      return settle(ports, state, { effect, name, channel: made.channel });
    await recordAlways(ports.ledger, stream, [
      stamp(ports.clock, {
        kind: 'effect.refused',
        actor: SYSTEM,
        data: { effect, why: 'rejected', says: 'name taken' },
      }),
    ]);
  }
  throw new UnavailableError(`no free channel name for ${state.id}`, { retryAfterMs: 60_000 });
}

async function settle(
  ports: IncidentPorts,
  state: IncidentState,
  placed: { effect: string; name: string; channel: string },
): Promise<void> {
  const { effect, name, channel } = placed;
  const receipt = { at: new Date(ports.clock.now()).toISOString(), how: 'done' as const, chat: { channel } };
  await recordAlways(ports.ledger, incidentStream(state.id), [
    stamp(ports.clock, { kind: 'effect.done', actor: SYSTEM, data: { effect, receipt } }),
    stamp(ports.clock, { kind: 'incident.placed', actor: SYSTEM, data: { channel, name } }),
  ]);
  await ports.chat.invite(channel, [state.openedBy]);
}

/**
 * Lower case, at most 80 characters, letters, digits and hyphens.
 * Source: https://docs.slack.dev/reference/methods/conversations.create/#naming
 */
function channelName(prefix: string, { id, title }: IncidentState, attempt: number): string {
  const words = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const number = id.slice('INC-'.length);
  const name = `${prefix}${number}${words ? `-${words}` : ''}`.slice(0, 70).replace(/-+$/, '');
  return attempt === 0 ? name : `${name}-${attempt + 1}`;
}
