import type { Timers } from '../../../src/adapters/slack/timers.ts';
import type { Clock } from '../../../src/ports/clock.ts';

/** A clock that moves only when told to, and timers that go by it. */
export interface VirtualTime extends Clock, Timers {
  /** Goes on by `ms`, calling back on the way; promises settle between two callbacks. */
  pass(ms: number): Promise<void>;
}

/** Time that starts at zero. */
export function virtualTime(): VirtualTime {
  let now = 0;
  let due: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      due.push(timer);
      return () => {
        due = due.filter((other) => other !== timer);
      };
    },
    async pass(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        due = due.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.callback();
        await settle();
      }
      now = end;
    },
  };
}

/** Lets every promise that can settle do so: chains are short, and a round of the event loop runs all of them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
