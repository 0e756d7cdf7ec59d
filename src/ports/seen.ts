/** Remembers for a while what was met, so that a replay is told from a first time. Shared by all processes. */
export interface Seen {
  /**
   * True when `key` is met for the first time within `forMs` milliseconds, and from then on it is known.
   * Throws `UnavailableError` when that cannot be told.
   */
  first(key: string, options: { forMs: number }): Promise<boolean>;
}
