import { environmentRules } from '../../domain/rules.ts';
import { join, mention, mrkdwn } from '../../domain/text/mrkdwn.ts';
import { notDone, said } from '../../views/answers.ts';
import { list } from '../../views/words.ts';
import type { Carry } from './asked.ts';

/** Asks those who may, by name, for a person who may not. */
export const askHelp: Carry<'askHelp'> = async ({ ports, rules }, asked) => {
  const { environment, role, what } = asked.request;
  const channel = environmentRules(rules, environment)?.channel;
  const people = await ports.directory.members(role);
  if (channel === undefined || people.length === 0) return notDone(`Nobody has the role ${role} just now.`);
  const text = `${asked.by.name} asks ${role} in ${environment}: ${what}`;
  const line = mrkdwn`${mention(asked.by.id)} asks ${join(people.slice(0, 10).map(mention), ' ')} to ${what} in *${environment}*.`;
  const operation = `request:${asked.id}`;
  // Carried out again after its answer was lost, it may stand there already.
  const known = await ports.chat.find({ channel, operation, since: Date.parse(asked.receivedAt) });
  if (known === undefined)
    await ports.chat.post({
      channel,
      operation,
      message: { text, blocks: [{ kind: 'section', text: line }] },
    });
  return said(`Asked ${list(people.slice(0, 10).map((id) => ports.directory.nameOf(id)))}.`);
};
