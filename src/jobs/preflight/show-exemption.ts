import type { Exemption } from '../../domain/policy/exemption.ts';
import type { EnvironmentRules } from '../../domain/rules.ts';
import { mention, mrkdwn } from '../../domain/text/mrkdwn.ts';
import { TerminalError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { exemptionMessage } from '../../views/exemption.ts';

/** More people than this are not named one by one. */
const MOST_MENTIONS = 8;

/** Some time for clocks that differ: a message that is looked for may seem older than what it tells. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * The one message of an exemption in its environment's channel: posted when it is asked for, drawn again when it is decided, also
 * where the answer of a first try was lost.
 */
export async function showExemption(
  { ports }: { ports: Pick<Ports, 'chat' | 'directory'> },
  { environment, exemption }: { environment: EnvironmentRules; exemption: Exemption },
): Promise<void> {
  const { chat, directory } = ports;
  const { channel, name } = environment;
  const message = exemptionMessage({
    environment: name,
    exemption,
    nameOf: (id) => directory.nameOf(id),
    asked: await thoseAsked(directory, environment),
  });
  const operation = `${name}#exemption/${exemption.id}`;
  const since = Date.parse(exemption.asked.at) - CLOCKS_DIFFER_MS;
  const ts = await chat.find({ channel, operation, since });
  if (ts !== undefined) {
    await chat.edit({ channel, ts, message, urgent: false });
    return;
  }
  const posted = await chat.post({ channel, operation, message });
  if (posted.kind === 'refused')
    throw new TerminalError(
      `${exemption.id} is recorded, and its message could not be posted: ${posted.reason}.`,
    );
}

/** Roles as their people; a role that cannot be read now is named without waking anybody. */
async function thoseAsked(directory: Ports['directory'], { may }: EnvironmentRules) {
  const roles = await Promise.all(
    may.approve.map(async (role) => {
      const people = await directory.members(role).catch(() => []);
      return people.length === 0 || people.length > MOST_MENTIONS ? [mrkdwn`${role}`] : people.map(mention);
    }),
  );
  return roles.flat();
}
