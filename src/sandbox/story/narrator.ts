import type { AnyWorld } from '../world.ts';

/** Prints what people see, as text, in the order in which it is said. */
export interface Narrator {
  /** A line of the story itself. */
  tell(line: string): void;
  stop(): void;
}

/** How often new messages are looked for. */
const LOOK_EVERY_MS = 100;

/** Tells every message of every channel once, and every edit of one, to `write`. */
export function startNarrator(world: AnyWorld, write: (line: string) => void): Narrator {
  const told = new Map<string, string>();
  const began = performance.now();
  const at = () => `${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s`;
  const look = () => {
    const state = world.workspace.state();
    for (const channel of state.channels.values()) {
      for (const message of state.messages(channel.id)) {
        const key = `${channel.id}/${message.ts}`;
        const words = wordsOf(message);
        if (told.get(key) === words) continue;
        const verb = told.has(key) ? '~' : '+';
        told.set(key, words);
        write(`${at()}  ${verb} #${channel.name}  ${indent(words)}`);
      }
    }
    for (const [index, ephemeral] of state.ephemerals.entries()) {
      const key = `ephemeral/${index}`;
      const words = wordsOf(ephemeral);
      if (told.get(key) === words) continue;
      told.set(key, words);
      const person = state.people.get(ephemeral.userId)?.name ?? ephemeral.userId;
      write(`${at()}  > only ${person} sees  ${indent(words)}`);
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    tell(line) {
      look();
      write(`\n── ${line}`);
    },
    stop() {
      clearInterval(timer);
      look();
    },
  };
}

/** Every text that a message shows, a line each. */
function wordsOf(message: { text: string; blocks?: readonly unknown[] | undefined }): string {
  const texts = textsIn(message.blocks ?? []);
  return (texts.length > 0 ? texts : [message.text]).join('\n');
}

function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text, confirm: _, ...rest } = value as Record<string, unknown>;
  if (type === 'button') return [`[ ${textsIn(text).join('') || plain(text)} ]`];
  if (typeof text === 'string' && (type === 'mrkdwn' || type === 'plain_text')) return [readable(text)];
  return [...textsIn(text), ...Object.values(rest).flatMap(textsIn)];
}

function plain(text: unknown): string {
  return typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : '';
}

/** Date tokens and escapes as a reader sees them. */
function readable(text: string): string {
  return text
    .replace(/<!date\^(\d+)\^[^|>]*\|[^>]*>/g, (_, seconds: string) =>
      new Date(Number(seconds) * 1000).toISOString().slice(11, 19),
    )
    .replace(/<#(\w+)>/g, '#$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function indent(words: string): string {
  return words.split('\n').join('\n              ');
}
