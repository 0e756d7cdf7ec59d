import { type Content, type KnownContent, sameContent } from '../content.ts';
import type { ReleaseId } from '../ids.ts';

/**
 * The contents one can go back to, newest first: what a service has now, and beneath it what it had before. Going back to a
 * content takes everything above it away, as a browser's back button does, so that going back twice never comes forward again
 * to what was left. `known` is newest first.
 */
export function standingHistory(known: readonly KnownContent[]): KnownContent[] {
  const stack: KnownContent[] = [];
  for (const one of known.toReversed()) {
    const again = stack.findIndex((earlier) => sameContent(earlier.content, one.content));
    if (again >= 0) stack.length = again;
    stack.push(one);
  }
  return stack.toReversed();
}

/** The last trusted content other than the present one. */
export function contentBefore(known: readonly KnownContent[], present: Content): KnownContent | undefined {
  return standingHistory(known).find((one) => !sameContent(one.content, present));
}

/** What was trusted at a moment, in milliseconds since 1970. */
export function contentAt(known: readonly KnownContent[], at: number): KnownContent | undefined {
  return known.find((one) => Date.parse(one.at) <= at);
}

/** When a release's content became trusted, in milliseconds since 1970; absent when it never did here. */
export function verifiedAt(
  known: Readonly<Record<string, readonly KnownContent[]>>,
  release: ReleaseId,
): number | undefined {
  const moments = Object.values(known)
    .flat()
    .filter((one) => one.release === release)
    .map((one) => Date.parse(one.at));
  return moments.length > 0 ? Math.max(...moments) : undefined;
}
