/** Small things worth keeping over a restart and cheap to lose, such as measurements taken so far. Never the truth. */
export interface Scratch {
  /** Absent when it was never put, or is older than its time. */
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown, ttlMs: number): Promise<void>;
}
