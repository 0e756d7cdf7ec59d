import type { Command } from '../domain/command.ts';
import { code, join, type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer } from '../ports/message.ts';

/** Help for a command, or for one of its verbs; made from the grammar, so that it cannot be forgotten. */
export function helpOf(
  command: Command,
  { prefix, topic }: { prefix: string; topic?: string | undefined },
): Answer {
  const name = `/${prefix}${command.name}`;
  const verb = command.verbs.find((each) => each.name === topic);
  if (verb) {
    const lines = [
      mrkdwn`*${name} ${verb.name}*  ${verb.summary}`,
      usage(name, verb, command.fallback),
      ...examples(name, verb),
    ];
    return message(`${name} ${verb.name}: ${verb.summary}`, lines);
  }
  const lines = command.verbs.map(
    (each) => mrkdwn`${usage(name, each, command.fallback)}\n        ${each.summary}`,
  );
  return message(`${name}: ${command.summary}`, [mrkdwn`*${name}*  ${command.summary}`, ...lines]);
}

type Verb = Command['verbs'][number];

/** A command with its verb as it is typed: the verb that is meant anyway is not. */
export function spelled(name: string, verb: Pick<Verb, 'name'>, fallback: string): string {
  return verb.name === fallback && verb.name !== 'help' ? name : `${name} ${verb.name}`;
}

function usage(name: string, verb: Verb, fallback: string): Mrkdwn {
  return code(`${spelled(name, verb, fallback)} ${verb.usage}`.trim());
}

/** Examples are written as they follow the command's name. */
function examples(name: string, verb: Verb): Mrkdwn[] {
  return verb.examples.map((example) => mrkdwn`e.g. ${code(`${name} ${example}`.trim())}`);
}

function message(text: string, lines: Mrkdwn[]): Answer {
  return { kind: 'message', message: { text, blocks: [{ kind: 'section', text: join(lines, '\n') }] } };
}
