import type { Bell } from '../../ports/bells.ts';
import { type QueueName, queueOf, subjectOf } from './subject.ts';

/** Looks of this process: one at a time for each subject, and no more of them than are needed. */
export interface Lanes {
  /** A number for a ring, higher than all before it. */
  nextTick(): number;
  /**
   * Resolves when a look has ended that began after the ring of that tick. Begins one when none did. Never rejects: what a look
   * throws is its own affair.
   */
  look(bell: Bell, tick: number): Promise<void>;
  /** Looks under way in a queue's name. */
  busy(queue: QueueName): number;
  /** Resolves when none is under way. */
  idle(): Promise<void>;
}

interface Lane {
  /** Rings up to this tick are answered by looks that ended. */
  done: number;
  /** The newest ring. */
  wanted: number;
  running?: Promise<void>;
}

/** Lanes remembered after their last look, so that a job which arrives later finds that it was answered. */
const KEPT_LANES = 2_000;

export function createLanes(look: (bell: Bell) => Promise<void>): Lanes {
  const lanes = new Map<string, Lane>();
  const busy: Record<QueueName, number> = { look: 0, recovery: 0, speak: 0 };
  let tick = 0;

  const drive = async (lane: Lane, bell: Bell) => {
    busy[queueOf(bell)] += 1;
    try {
      while (lane.wanted > lane.done) {
        // Whoever has rung until now is answered by the look that begins here.
        const upTo = tick;
        await look(bell);
        lane.done = upTo;
      }
    } finally {
      busy[queueOf(bell)] -= 1;
      delete lane.running;
    }
  };

  const laneOf = (subject: string): Lane => {
    const lane = lanes.get(subject) ?? { done: 0, wanted: 0 };
    lanes.delete(subject);
    lanes.set(subject, lane);
    for (const [oldest, { running }] of lanes) {
      if (lanes.size <= KEPT_LANES) break;
      if (running === undefined) lanes.delete(oldest);
    }
    return lane;
  };

  return {
    nextTick: () => ++tick,
    look(bell, rung) {
      const lane = laneOf(subjectOf(bell));
      lane.wanted = Math.max(lane.wanted, rung);
      if (lane.done >= rung) return Promise.resolve();
      lane.running ??= drive(lane, bell);
      return lane.running;
    },
    busy: (queue) => busy[queue],
    async idle() {
      await Promise.all([...lanes.values()].map(({ running }) => running));
    },
  };
}
