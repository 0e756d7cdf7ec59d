import type { Request } from './request.ts';

/** What a grammar may know: the configuration's names, nothing that needs a network. */
export interface Vocabulary {
  /** Environments in promotion order. */
  environments: readonly string[];
  /** Put before every command name, such as `acme-`; empty for none. */
  prefix: string;
}

/** A mistake in what was typed: what was wrong, what is allowed, what to type instead. */
export interface Misunderstood {
  kind: 'misunderstood';
  /** One sentence naming the word that was not understood. */
  wrong: string;
  /** What would be understood, in full, ready to be copied; may be empty. */
  suggestions: string[];
  usage: string;
}

export type Understood =
  | {
      kind: 'understood';
      request: Request;
      /** A modal's title (at most 24 characters) when the answer is one: it opens at once and fills later. */
      opens?: string;
    }
  | Misunderstood;

/** One verb of a command, with everything help needs; a verb without it does not compile. */
export interface Verb {
  name: string;
  /** Arguments as people read them: `<env> [service@version …]`. */
  usage: string;
  /** What it does, in one line that starts with a verb. */
  summary: string;
  examples: readonly string[];
  /** `words`: what was typed after the verb, dashes and quotes made plain, lower-cased only where names are. */
  understand(words: readonly string[], vocabulary: Vocabulary): Understood;
}

/** A slash command. One per file of `commands/`, listed in `commands/registry.ts`. */
export interface Command {
  /** Without slash and prefix. */
  name: string;
  summary: string;
  verbs: readonly Verb[];
  /** The verb meant when none is typed, or when the first word is none (`/rollback orders-api`). */
  fallback: string;
}
