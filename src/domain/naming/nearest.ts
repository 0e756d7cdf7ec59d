import { distance } from 'fastest-levenshtein';

/**
 * The known name that a mistyped one most likely means; absent when none is near. Near is at most a third of the longer
 * word's letters, so that `orders` never turns into `web`.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: { name: string; far: number } | undefined;
  for (const name of known) {
    const limit = Math.max(1, Math.floor(Math.max(word.length, name.length) / 3));
    if (Math.abs(word.length - name.length) > limit) continue;
    const far = farFrom(word.toLowerCase(), name.toLowerCase());
    if (far <= limit && (best === undefined || far < best.far)) best = { name, far };
  }
  return best?.name;
}

/** How many known names a refusal lists before it stops. */
const NAMES_LISTED = 12;

/** How a refusal of a name goes on: the nearest known name, and else the list of those that are known. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearest(word, names);
  if (near !== undefined) return `did you mean ${near}?`;
  if (names.length === 0) return 'none is known';
  const listed = names.slice(0, NAMES_LISTED).join(', ');
  return names.length > NAMES_LISTED
    ? `known are ${listed} and ${names.length - NAMES_LISTED} more`
    : `known: ${listed}`;
}

/** The known names most like a word, nearest first, at most `most`. */
export function nearestFew(word: string, known: readonly string[], most: number): string[] {
  return known.toSorted((a, b) => distance(word, a) - distance(word, b)).slice(0, most);
}

/** Edits between two words, where two neighbours that changed places are one slip of the fingers and not two. */
function farFrom(word: string, name: string): number {
  const far = distance(word, name);
  const at = [...word].findIndex((letter, index) => letter !== name[index]);
  const swapped = word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2);
  return far === 2 && swapped === name ? 1 : far;
}
