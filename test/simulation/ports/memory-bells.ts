import { createAnswer } from '../../../src/adapters/bullmq/answer-bell.ts';
import { bellFromText, bellToText, subjectOf } from '../../../src/adapters/bullmq/subject.ts';
import type { Bell, BellHandlers, Bells } from '../../../src/ports/bells.ts';
import type { Leases } from '../../../src/ports/lease.ts';

/** Time that passes when the simulation says so. */
export interface Scheduler {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `act` at that moment; at once, in the order asked, when it is now or past. */
  at(ms: number, act: () => void): void;
}

/** One of the simulation's workers. */
export interface MemoryWorker {
  handlers: BellHandlers;
  leases: Leases;
  /** False from its crash on: what it was at is given to others. Absent: it never crashes. */
  isAlive?(): boolean;
}

interface MemoryBellsOptions {
  scheduler: Scheduler;
  /** Called with each failed look, when something is to be known about it. */
  onFailure?(failure: object): void;
}

/** Bells in memory, as Redis holds them: they outlive the workers that a simulation crashes. */
export interface MemoryBells {
  bells: Bells;
  addWorker(worker: MemoryWorker): void;
  /** To be called after a crash: looks of dead workers begin anew after as long as Redis takes to notice. */
  noticeCrashes(): void;
  /** Nothing waits to be looked at now; later alarms may be set. */
  isIdle(): boolean;
}

/** A killed worker's job runs again after this long (measured with BullMQ 6.7). */
const STALLED_MS = 1_700;

/** The in-memory twin of the bells: one look at a time for each subject, by whichever worker is next. */
export function createMemoryBells({
  scheduler,
  onFailure = () => undefined,
}: MemoryBellsOptions): MemoryBells {
  const waiting = new Map<string, Bell>();
  const active = new Map<string, { bell: Bell; worker: MemoryWorker }>();
  const alarms = new Map<string, number>();
  const workers: { worker: MemoryWorker; answer: (bell: Bell) => Promise<void> }[] = [];
  let turn = 0;

  const ringNow = (bell: Bell) => {
    waiting.set(subjectOf(bell), bell);
    scheduler.at(scheduler.now(), pump);
  };
  const ringLater = (bell: Bell, delayMs: number) => {
    const name = bellToText(bell);
    const due = scheduler.now() + delayMs;
    if ((alarms.get(name) ?? Number.POSITIVE_INFINITY) <= due) return;
    alarms.set(name, due);
    scheduler.at(due, () => {
      if (alarms.get(name) !== due) return;
      alarms.delete(name);
      ringNow(bellFromText(name));
    });
  };

  const pump = () => {
    for (const [subject, bell] of waiting) {
      if (active.has(subject)) continue;
      const able = workers.filter(
        ({ worker }) => isAlive(worker) && worker.handlers[bell.kind] !== undefined,
      );
      const next = able[turn++ % Math.max(1, able.length)];
      if (next === undefined) continue;
      waiting.delete(subject);
      const look = { bell, worker: next.worker };
      active.set(subject, look);
      void next.answer(bell).then(() => {
        // A dead worker acknowledges nothing.
        if (!isAlive(next.worker) || active.get(subject) !== look) return;
        active.delete(subject);
        if (waiting.has(subject)) scheduler.at(scheduler.now(), pump);
      });
    }
  };

  return {
    bells: {
      async ring(bell, { delayMs = 0 } = {}) {
        if (delayMs > 0) ringLater(bell, delayMs);
        else ringNow(bell);
      },
      // What is only faster makes no difference here.
      expect: () => undefined,
    },
    addWorker(worker) {
      const { answer } = createAnswer({
        handlers: () => worker.handlers,
        leases: worker.leases,
        ringAgain: async (bell, delayMs) => {
          if (isAlive(worker)) ringLater(bell, Math.max(1, delayMs));
        },
        log: { warn: onFailure, error: onFailure },
      });
      workers.push({ worker, answer });
      scheduler.at(scheduler.now(), pump);
    },
    noticeCrashes() {
      for (const [subject, { bell, worker }] of active) {
        if (isAlive(worker)) continue;
        active.delete(subject);
        scheduler.at(scheduler.now() + STALLED_MS, () => ringNow(bell));
      }
    },
    isIdle: () => waiting.size === 0 && active.size === 0,
  };
}

function isAlive({ isAlive: ask }: MemoryWorker): boolean {
  return ask?.() ?? true;
}
