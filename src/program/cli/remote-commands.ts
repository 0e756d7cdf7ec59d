import { commands } from '../../../commands/registry.ts';
import { spelled } from '../../views/help.ts';

/** A command that a running bot carries out, as the command line explains and completes it. */
export interface RemoteCommand {
  name: string;
  summary: string;
  /** The verb that is meant when none is typed. */
  fallback: string;
  verbs: readonly { name: string; usage: string; summary: string }[];
}

/** Every slash command, in the order help lists them. */
export const REMOTE_COMMANDS: readonly RemoteCommand[] = commands;

/** The verbs for the end of a command's help. */
export function verbsHelp({ name, verbs, fallback }: RemoteCommand): string {
  const lines = verbs.map(({ name: verb, usage, summary }) => {
    const typed = `${spelled(name, { name: verb }, fallback)} ${usage}`.trim();
    return `  ${typed}\n      ${summary}`;
  });
  return `\nWords, as in Slack:\n${lines.join('\n')}`;
}
