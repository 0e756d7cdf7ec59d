import { nextTick } from 'node:process';
import type { Scheduler } from '../ports/memory-bells.ts';

/** Time that passes as fast as everything that is due can be done. */
export interface VirtualTime extends Scheduler {
  wait(ms: number): Promise<void>;
  /** Does what falls due, in order, until that moment (milliseconds since 1970) or until nothing more is to happen. */
  run(until: number, options?: { isOver?: () => boolean }): Promise<void>;
}

/** More than this at one moment is a loop that nothing would ever end. */
const MOST_ACTS = 100_000;

interface Due {
  at: number;
  order: number;
  act: () => void;
}

/** Virtual time that begins at `startAt`, in milliseconds since 1970. */
export function virtualTime(startAt: number): VirtualTime {
  const due = dueList();
  let now = startAt;
  const at = (ms: number, act: () => void): void => due.add(Math.max(now, ms), act);
  return {
    now: () => now,
    at,
    wait: (ms) => new Promise((resolve) => at(now + ms, resolve)),
    async run(until, { isOver = () => false } = {}) {
      // Whatever was begun before goes as far as it can without time.
      await nextRound();
      for (let acts = 0; !isOver(); acts += 1) {
        const next = due.takeUntil(until);
        if (next === undefined) break;
        if (next.at > now) acts = 0;
        if (acts > MOST_ACTS)
          throw new Error(`${MOST_ACTS} things happened at one moment: time stands still`);
        now = next.at;
        next.act();
        await nextRound();
      }
      if (!isOver()) now = Math.max(now, until);
    },
  };
}

/** A binary heap: what is due first comes first, and of the same moment what was asked first. */
function dueList(): { add(at: number, act: () => void): void; takeUntil(until: number): Due | undefined } {
  const heap: Due[] = [];
  let order = 0;
  const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
  const sink = (from: number): void => {
    const moved = heap[from];
    if (moved === undefined) return;
    let index = from;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || !isBefore(child, moved)) break;
      heap[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = moved;
  };
  return {
    add(at, act) {
      const added = { at, order: order++, act };
      let index = heap.push(added) - 1;
      while (index > 0) {
        const above = (index - 1) >> 1;
        const parent = heap[above];
        if (parent === undefined || isBefore(parent, added)) break;
        heap[index] = parent;
        index = above;
      }
      heap[index] = added;
    },
    takeUntil(until) {
      const [first] = heap;
      if (first === undefined || first.at > until) return undefined;
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) {
        heap[0] = last;
        sink(0);
      }
      return first;
    },
  };
}

/**
 * Until nothing can go on without time: a tick that is asked for by a promise's callback comes when no such callback is left
 * (https://nodejs.org/api/process.html#processnexttickcallback-args). Ten times cheaper than a round of the event loop.
 */
function nextRound(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve));
}
