import { policyOf } from '../../domain/actor.ts';
import { type FlagChange, flagEffectId } from '../../domain/flag/flag-change.ts';
import { environmentStream } from '../../domain/ids.ts';
import type { EnvironmentRules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { flagMessage } from '../../views/flags.ts';
import { readEnvironment } from '../read-state.ts';
import { drawAgain, type SayPorts, sayOnce } from '../say-once.ts';

export type TellPorts = SayPorts & Pick<Ports, 'snapshots' | 'directory'>;

/** Newest changes whose messages are drawn again where they changed: older ones have nothing new to say. */
const DRAWN = 10;

/** Somebody has to do something in the workspace first: invite the bot, unarchive a channel. */
const REFUSED_RETRY_MS = 60_000;

/**
 * Says each change of a flag once in the environment's channel, and keeps what was said true. `away`: changes that could not be
 * carried out just now, and why.
 */
export async function speakOfFlags(
  ports: TellPorts,
  environment: EnvironmentRules,
  away: ReadonlyMap<string, string>,
): Promise<void> {
  const { name, channel } = environment;
  const { flags, effects } = (await readEnvironment(ports, name)).state;
  const { length } = flags.changes;
  const isSaid = ({ change }: FlagChange) => effects[`say/${flagEffectId(change)}`]?.status.kind === 'done';
  const shown = flags.changes.filter((change, index) => index >= length - DRAWN || !isSaid(change));
  for (const change of shown) {
    const { state } = await readEnvironment(ports, name);
    const key = flagEffectId(change.change);
    const message = flagMessage({
      environment: name,
      change,
      state,
      away: away.get(change.change),
      nameOf: (id) => ports.directory.nameOf(id),
    });
    const saying = {
      stream: environmentStream(name),
      effects: state.effects,
      key,
      channel,
      message,
      by: policyOf(name),
    };
    const spoken = await sayOnce(ports, saying);
    if (spoken.kind === 'refused')
      throw new UnavailableError(`${channel}: ${spoken.reason}`, { retryAfterMs: REFUSED_RETRY_MS });
    await drawAgain(ports, saying, { said: spoken, urgent: change.urgent });
  }
}
