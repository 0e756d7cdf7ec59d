import type { Command, Misunderstood, Understood, Vocabulary } from './command.ts';
import { nearest } from './naming/nearest.ts';

/** What may be asked for, and under which names. */
export interface Grammar {
  commands: readonly Command[];
  vocabulary: Vocabulary;
}

/** What `/<name> <words>` asks for. `name` comes with the prefix and may come with the slash. */
export function understandCommand(grammar: Grammar, name: string, words: readonly string[]): Understood {
  const { commands, vocabulary } = grammar;
  const wanted = name.replace(/^\//, '').toLowerCase();
  const command = commands.find((known) => vocabulary.prefix + known.name === wanted);
  return command ? understandVerb(command, words, vocabulary) : unknownCommand(grammar, wanted);
}

/**
 * What words ask for that begin with the command's name, with or without its slash and prefix: a mention of the bot
 * (`@bot release status prod`), the command line, HTTP.
 */
export function understandWords(grammar: Grammar, words: readonly string[]): Understood {
  const [first = '', ...rest] = words;
  const name = first.toLowerCase().replace(/^[/.]/, '');
  const { commands, vocabulary } = grammar;
  // Where only we listen, nobody needs the prefix that tells our slash commands from another app's.
  const command = commands.find((known) => [known.name, vocabulary.prefix + known.name].includes(name));
  return command ? understandVerb(command, rest, vocabulary) : unknownCommand(grammar, name);
}

function understandVerb(command: Command, words: readonly string[], vocabulary: Vocabulary): Understood {
  const [first = '', ...rest] = words;
  const verb = command.verbs.find(({ name }) => name === first.toLowerCase());
  if (verb) return verb.understand(rest, vocabulary);
  const fallback = command.verbs.find(({ name }) => name === command.fallback);
  // Help is what an empty line means; a word it does not know is a slip, and better told than met with a page of help.
  if (!fallback || (first !== '' && fallback.name === 'help')) return unknownVerb(command, words, vocabulary);
  const understood = fallback.understand(words, vocabulary);
  return understood.kind === 'understood'
    ? understood
    : withNearVerb(understood, { command, words, vocabulary });
}

function unknownVerb(command: Command, words: readonly string[], vocabulary: Vocabulary): Misunderstood {
  const name = `/${vocabulary.prefix}${command.name}`;
  const verbs = command.verbs.map((verb) => verb.name);
  const misunderstood: Misunderstood = {
    kind: 'misunderstood',
    wrong: `${name} does not know "${words[0] ?? ''}"`,
    suggestions: [],
    usage: `${name} ${verbs.join(' | ')}`,
  };
  return withNearVerb(misunderstood, { command, words, vocabulary });
}

function withNearVerb(
  misunderstood: Misunderstood,
  typed: { command: Command; words: readonly string[]; vocabulary: Vocabulary },
): Misunderstood {
  const { command, words, vocabulary } = typed;
  const [first = '', ...rest] = words;
  const near = nearest(
    first,
    command.verbs.map(({ name }) => name),
  );
  if (near === undefined) return misunderstood;
  const corrected = [`/${vocabulary.prefix}${command.name}`, near, ...rest].join(' ');
  return { ...misunderstood, suggestions: [corrected, ...misunderstood.suggestions] };
}

function unknownCommand({ commands, vocabulary }: Grammar, name: string): Misunderstood {
  const names = commands.map((command) => vocabulary.prefix + command.name);
  const near = nearest(name, names);
  return {
    kind: 'misunderstood',
    wrong: name === '' ? 'Say what you want' : `I don't know "${name}"`,
    suggestions: near === undefined ? [] : [`/${near}`],
    usage: names.map((known) => `/${known}`).join(' | '),
  };
}
