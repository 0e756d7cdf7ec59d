import type { Screen } from '../screen.ts';

/** Something the composer offers to write for the person. */
export interface Completion {
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  /** The whole text once it is taken. */
  readonly replacement: string;
}

/** What the composer offers for a text: completions, and how the command being typed is used (empty when none is). */
export interface Offer {
  readonly completions: readonly Completion[];
  readonly hint: string;
}

/** Commands as long as the command itself is being typed, its usage afterwards; people and groups after an `@`. */
export function completionsFor({ app, people, usergroups }: Screen, text: string): Offer {
  if (/^\/\S*$/.test(text)) {
    const fitting = app.commands.filter(({ command }) => command.startsWith(text));
    return {
      hint: '',
      completions: fitting.map(({ command, description, hint }) => ({
        name: command,
        usage: hint,
        description,
        replacement: `${command} `,
      })),
    };
  }
  const command = app.commands.find((one) => text.startsWith(`${one.command} `));
  const hint = command === undefined ? '' : `${command.command} ${command.hint}`;
  const [, before = '', started] = /^([\s\S]*(?:^|\s))@([\w.-]*)$/.exec(text) ?? [];
  if (started === undefined) return { completions: [], hint };
  const names = [
    ...people
      .filter(({ kind }) => kind !== 'deactivated')
      .map(({ name, realName, role }) => ({ name, usage: realName, description: role })),
    ...usergroups.map(({ handle, name }) => ({ name: handle, usage: name, description: 'Group' })),
  ];
  const fitting = names.filter(({ name }) => name.startsWith(started.toLowerCase())).slice(0, 8);
  return {
    hint,
    completions: fitting.map((one) => ({
      ...one,
      name: `@${one.name}`,
      replacement: `${before}@${one.name} `,
    })),
  };
}
