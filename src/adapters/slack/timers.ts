/** Waiting as a parameter, so that tests wait in no time. */
export interface Timers {
  /** Calls back after `ms` milliseconds unless the answer is called first. */
  after(ms: number, callback: () => void): () => void;
}

/** The runtime's own timers. */
export const realTimers: Timers = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
