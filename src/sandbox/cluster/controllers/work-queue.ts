import type { Scheduler } from '../scheduler.ts';

/** Keys that wait to be looked at. A key is in it once, however often it is added. */
export interface WorkQueue {
  add(key: string): void;
  /** Adds the key later; sooner wishes are not put off by later ones. */
  addAfter(key: string, ms: number): void;
  stop(): void;
}

/** Longest wait between two tries of a key whose work fails (argo-rollouts `DefaultArgoRolloutsRateLimiter`). */
const MOST_BACKOFF_MS = 10_000;

/**
 * Looks at each key `delayMs` after it was added, which gathers changes that come together. Work that fails is tried again,
 * later each time; `failed` hears of it.
 */
export function createWorkQueue(options: {
  scheduler: Scheduler;
  delayMs: number;
  work: (key: string) => void | Promise<void>;
  failed: (key: string, error: unknown) => void;
}): WorkQueue {
  const { scheduler } = options;
  const due = new Map<string, () => void>();
  const later = new Map<string, Set<() => void>>();
  const failures = new Map<string, number>();
  const running = new Set<string>();
  let stopped = false;

  const run = async (key: string): Promise<void> => {
    due.delete(key);
    // One look at a key at a time: who comes meanwhile waits for the next.
    if (running.has(key)) return queue.add(key);
    running.add(key);
    try {
      await options.work(key);
      failures.delete(key);
    } catch (error) {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      options.failed(key, error);
      queue.addAfter(key, Math.min(MOST_BACKOFF_MS, 5 * 2 ** count));
    } finally {
      running.delete(key);
    }
  };
  const queue: WorkQueue = {
    add(key) {
      if (stopped || due.has(key)) return;
      due.set(
        key,
        scheduler.after(options.delayMs, () => void run(key)),
      );
    },
    addAfter(key, ms) {
      if (stopped) return;
      const wishes = later.get(key) ?? new Set();
      later.set(key, wishes);
      const cancel = scheduler.after(ms, () => {
        wishes.delete(cancel);
        queue.add(key);
      });
      wishes.add(cancel);
    },
    stop() {
      stopped = true;
      for (const cancel of due.values()) cancel();
      for (const wishes of later.values()) for (const cancel of wishes) cancel();
      due.clear();
      later.clear();
    },
  };
  return queue;
}
