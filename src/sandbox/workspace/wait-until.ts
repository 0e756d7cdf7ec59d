import { setTimeout as wait } from 'node:timers/promises';

/** How often a condition is looked at again. Short beside anything a test waits for, long beside looking. */
const LOOK_EVERY_MS = 10;

/** Absent `deadlineMs`. */
const DEFAULT_DEADLINE_MS = 5000;

/**
 * Waits until `find` gives something other than undefined, null or false, and gives that.
 * Throws when the deadline is over, saying `what` was awaited.
 */
export async function waitUntil<T>(
  find: () => T | undefined | null | false,
  {
    deadlineMs = DEFAULT_DEADLINE_MS,
    what = 'what was awaited',
  }: { deadlineMs?: number; what?: string } = {},
): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const found = find();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > endMs) throw new Error(`${what} did not come within ${deadlineMs} ms`);
    await wait(LOOK_EVERY_MS);
  }
}
