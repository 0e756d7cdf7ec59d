/** Time as the sandbox's cluster uses it: the real one, or one that a test moves. */
export interface Scheduler {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after so many milliseconds. Answers how to call it off. */
  after(ms: number, callback: () => void): () => void;
}

/** Real time. Its timers keep no process alive. */
export function realScheduler(): Scheduler {
  return {
    now: () => Date.now(),
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** Time that stands still until it is moved. */
export interface VirtualScheduler extends Scheduler {
  /** Moves time forward; what falls due on the way is called at its moment, in order. */
  advance(ms: number): void;
}

/** Virtual time, beginning at `startAt` (milliseconds since 1970). */
export function virtualScheduler(startAt: number): VirtualScheduler {
  let now = startAt;
  let order = 0;
  const due = new Map<number, { at: number; order: number; callback: () => void }>();
  const next = (end: number) =>
    [...due.entries()]
      .filter(([, { at }]) => at <= end)
      .sort(([, a], [, b]) => a.at - b.at || a.order - b.order)
      .at(0);
  return {
    now: () => now,
    after(ms, callback) {
      order += 1;
      const id = order;
      due.set(id, { at: now + Math.max(0, ms), order, callback });
      return () => due.delete(id);
    },
    advance(ms) {
      const end = now + ms;
      for (let entry = next(end); entry !== undefined; entry = next(end)) {
        const [id, { at, callback }] = entry;
        due.delete(id);
        now = at;
        callback();
      }
      now = end;
    },
  };
}
