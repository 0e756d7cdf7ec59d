/** Counts what is asked for, over all processes, so that nobody asks for too much. */
export interface Quota {
  /**
   * Counts one more under `key`. Gives the milliseconds to wait when that is more than `most` since the first within `withinMs`;
   * absent: it may be. Throws `UnavailableError`.
   */
  take(key: string, limit: { most: number; withinMs: number }): Promise<number | undefined>;
}
