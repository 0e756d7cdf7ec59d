import { canonicalHash } from '../../domain/document/canonical-hash.ts';

/** How long an answer is good: a board that is looked at again does not ask the world each time. In milliseconds. */
const GOOD_FOR_MS = 5 * 60_000;

/** Answers kept for each source, oldest forgotten first. */
const MOST = 500;

interface Kept {
  at: number;
  answer: unknown;
}

/** By source, then by the hash of what was asked. Lost with the process, which costs a question. */
const kept = new WeakMap<object, Map<string, Kept>>();

/**
 * The answer to a question of exactly this content: as it was given a moment ago, or asked for now. What throws is not kept.
 * `afresh`: asked for in any case.
 */
export async function remembered<T>(
  memory: { of: object; now: number; afresh: boolean },
  asked: object,
  ask: () => Promise<T>,
): Promise<T> {
  const answers = kept.get(memory.of) ?? new Map<string, Kept>();
  kept.set(memory.of, answers);
  const key = canonicalHash(asked);
  const known = answers.get(key);
  // What is kept under a hash is what the same question was answered with.
  if (!memory.afresh && known && memory.now - known.at < GOOD_FOR_MS) return known.answer as T;
  const answer = await ask();
  answers.delete(key);
  answers.set(key, { at: memory.now, answer });
  const [oldest] = answers.keys();
  if (answers.size > MOST && oldest !== undefined) answers.delete(oldest);
  return answer;
}
