/** What work came to, or that it took too long. */
export type Waited<T> = { kind: 'done'; value: T } | { kind: 'late' };

/** Waiting as a port: nothing in `domain`, `gates`, `jobs` or `views` sets a timer of its own. */
export interface Patience {
  /**
   * What the work comes to within that many milliseconds; throws what it throws until then. What is late goes on by itself, and what it
   * comes to is dropped.
   */
  within<T>(ms: number, work: Promise<T>): Promise<Waited<T>>;
}
