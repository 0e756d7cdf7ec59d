import { nearest } from '../../domain/naming/nearest.ts';
import { helpOf } from '../../views/help.ts';
import type { Carry } from './asked.ts';

/** Help for a command or one of its verbs; a mistyped verb gets the nearest one's. */
export const help: Carry<'help'> = async ({ commands, rules }, asked) => {
  const command = commands.find((each) => each.name === asked.request.command) ?? commands[0];
  if (command === undefined) return undefined;
  const { topic } = asked.request;
  const verbs = command.verbs.map((verb) => verb.name);
  return helpOf(command, {
    prefix: rules.commandPrefix,
    topic: topic === undefined || verbs.includes(topic) ? topic : nearest(topic, verbs),
  });
};
