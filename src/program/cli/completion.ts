import { nearest } from '../../domain/naming/nearest.ts';
import { TerminalError } from '../../errors.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** A command of the command line as a shell completes it. */
export interface Completable {
  name: string;
  summary: string;
  /** Words that may stand first after it. */
  words: readonly { word: string; summary: string }[];
  /** Long options with their dashes. */
  options: readonly string[];
}

/** A script for the shell to read. Throws `TerminalError` for a shell that there is none for. */
export function completionScript(shell: string, commands: readonly Completable[]): string {
  const known = SHELLS.find((one) => one === shell);
  if (known === undefined) {
    const near = nearest(shell, SHELLS);
    throw new TerminalError(
      `There is no completion for ${shell}${near ? `; did you mean ${near}?` : `; known: ${SHELLS.join(', ')}`}`,
    );
  }
  return SCRIPTS[known](commands);
}

const SCRIPTS: Readonly<Record<Shell, (commands: readonly Completable[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Needs nothing but bash: the package bash-completion is not everywhere. */
function bashScript(commands: readonly Completable[]): string {
  const cases = commands.map(
    ({ name, words, options }) =>
      `    ${name}) words=${quoted(wordsOf(words))}; options=${quoted(options.join(' '))} ;;`,
  );
  return `# Completion for bash: source <(signalbox completion bash)
_signalbox() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="" options=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(commands.map(({ name }) => name).join(' '))} -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi ;;
  esac
}
complete -o default -F _signalbox signalbox
`;
}

function zshScript(commands: readonly Completable[]): string {
  const described = (entries: readonly (readonly [string, string])[]) =>
    entries.map(([word, summary]) => quoted(`${word}:${summary}`)).join(' ');
  const cases = commands.map(
    ({ name, words, options }) =>
      `    ${name}) words_=(${described(words.map(({ word, summary }) => [word, summary]))}); options_=(${options.map(quoted).join(' ')}) ;;`,
  );
  return `#compdef signalbox
# Completion for zsh: source <(signalbox completion zsh), after compinit
_signalbox() {
  local -a commands_ words_ options_
  commands_=(${described(commands.map(({ name, summary }) => [name, summary]))})
  if (( CURRENT == 2 )); then
    _describe 'command' commands_
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
  if [[ "$words[CURRENT]" == -* ]]; then
    compadd -- $options_
  elif (( CURRENT == 3 && $#words_ > 0 )); then
    _describe 'word' words_
  else
    _files
  fi
}
compdef _signalbox signalbox
`;
}

function fishScript(commands: readonly Completable[]): string {
  const lines = commands.flatMap(({ name, summary, words, options }) => [
    `complete -c signalbox -n __fish_use_subcommand -f -a ${name} -d ${fishQuoted(summary)}`,
    ...words.map(
      ({ word, summary: says }) =>
        `complete -c signalbox -n ${fishQuoted(`__fish_seen_subcommand_from ${name}; and test (count (commandline -opc)) -eq 2`)} -f -a ${word} -d ${fishQuoted(says)}`,
    ),
    ...options.map(
      (option) =>
        `complete -c signalbox -n ${fishQuoted(`__fish_seen_subcommand_from ${name}`)} -l ${option.replace(/^--/, '')}`,
    ),
  ]);
  return `# Completion for fish: signalbox completion fish | source\n${lines.join('\n')}\n`;
}

function wordsOf(words: Completable['words']): string {
  return words.map(({ word }) => word).join(' ');
}

/** As fish reads it: a backslash means something between its single quotes, too. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** For a POSIX shell: our own words, which hold no line feeds. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
