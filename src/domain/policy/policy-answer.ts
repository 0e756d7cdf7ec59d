import { z } from 'zod';

/** What a policy of the installation's own said. `revision`: which policy that was. */
export type PolicyAnswer =
  | { kind: 'decided'; result: unknown; revision: string }
  /** There is no such decision: a wrong path, or a policy that has no answer for this input. */
  | { kind: 'undefined'; revision: string }
  /** It could not be evaluated. */
  | { kind: 'refused'; says: string }
  /** Nobody answered in time. */
  | { kind: 'unknown'; says: string }
  | { kind: 'notConfigured' };

/** One thing a policy denies or warns of. */
export interface PolicyWord {
  says: string;
  service?: string | undefined;
  remedy?: string | undefined;
}

export type PolicyRead =
  | { kind: 'read'; deny: PolicyWord[]; warn: PolicyWord[] }
  | { kind: 'unreadable'; says: string };

/** Longest sentence and longest list that are taken from a policy. */
const MOST = { characters: 500, words: 50 } as const;

const text = z.string().transform((words) => words.slice(0, MOST.characters));

/** A sentence, or one with whom it is about and what to do. `msg` is what policies for other programs call it. */
const Word = z.union([
  text.transform((says): PolicyWord => ({ says })),
  z
    .looseObject({
      says: text.optional(),
      msg: text.optional(),
      service: z.string().optional(),
      remedy: text.optional(),
    })
    .transform(({ says, msg, service, remedy }, context): PolicyWord => {
      const words = says ?? msg;
      if (words !== undefined) return { says: words, service, remedy };
      context.addIssue({ code: 'custom', message: 'has neither says nor msg' });
      return z.NEVER;
    }),
]);

const Words = z.array(Word).max(MOST.words);

/** A list is what is denied; or both lists by name. */
const Decision = z.union([
  Words.transform((deny) => ({ deny, warn: [] as PolicyWord[] })),
  z.strictObject({ deny: Words, warn: Words.default([]) }),
]);

/** Reads a decision. Whatever is no list of what is denied is no decision: `true` may mean anything. */
export function readDecision(result: unknown): PolicyRead {
  const read = Decision.safeParse(result);
  if (read.success) return { kind: 'read', ...read.data };
  return {
    kind: 'unreadable',
    says: 'is neither a list of what is denied nor an object with the lists deny and warn',
  };
}
