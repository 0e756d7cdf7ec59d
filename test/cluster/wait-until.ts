import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError } from '../../src/errors.ts';

/** How long to wait, and for what. */
export interface WaitOptions {
  /** Completes the sentence "waited 30 s for …"; a function is asked when the wait is over. */
  readonly what: string | (() => string);
  /** Absent: 30 seconds. */
  readonly deadlineMs?: number;
  /** Time between two looks. Absent: 50 ms. */
  readonly intervalMs?: number;
}

/**
 * Looks again and again until `look` gives something other than `undefined` or `false`, and gives that back.
 * Throws `UnavailableError` when the deadline passes; what `look` throws ends the wait at once.
 */
export async function waitUntil<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { what, deadlineMs = 30_000, intervalMs = 50 }: WaitOptions,
): Promise<T> {
  const startedAt = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() - startedAt > deadlineMs) {
      throw new UnavailableError(
        `waited ${deadlineMs / 1000} s for ${typeof what === 'string' ? what : what()}`,
      );
    }
    await delay(intervalMs);
  }
}
