import type { Logger } from 'pino';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Bell, BellHandlers } from '../../ports/bells.ts';
import type { Held, Leases } from '../../ports/lease.ts';
import { createEarlyLeases } from './early-leases.ts';
import { leaseOf, subjectOf } from './subject.ts';

interface AnswerOptions {
  /** Asked at every bell: they may come later than the bells. */
  handlers(): BellHandlers;
  leases: Leases;
  /** Rings again later; never throws. */
  ringAgain(bell: Bell, delayMs: number): Promise<void>;
  log: Pick<Logger, 'warn' | 'error'>;
}

/** While another process looks, it is asked again this often whether it is done. */
const OTHER_LOOKS_MS = 250;

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 30_000;

/** Wait before a look is tried again that failed `failures` times in a row: doubled each time, up to 30 s. */
export function retryAfter(error: unknown, failures: number): number {
  if (error instanceof TerminalError) return LONGEST_RETRY_MS;
  const asked = error instanceof UnavailableError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(asked, Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)));
}

/** Answers bells: alone by a lease, and again after a while when it did not work. */
export interface Answer {
  /** Never throws. */
  answer(bell: Bell): Promise<void>;
  /** Takes the lease of a bell that is about to be rung. Never throws. */
  expect(bell: Bell): void;
}

export function createAnswer({ handlers, leases, ringAgain, log }: AnswerOptions): Answer {
  const failures = new Map<string, number>();
  const early = createEarlyLeases(leases);

  const answer = async (bell: Bell): Promise<void> => {
    const taken = await early.take(leaseOf(bell));
    if (taken.kind === 'taken') return ringAgain(bell, Math.min(OTHER_LOOKS_MS, taken.freeInMs + 1));
    try {
      await handle(handlers(), bell, taken.held);
    } finally {
      await taken.held.release();
    }
  };

  return {
    expect: (bell) => early.expect(leaseOf(bell)),
    async answer(bell) {
      const subject = subjectOf(bell);
      try {
        await answer(bell);
        failures.delete(subject);
      } catch (error) {
        const count = (failures.get(subject) ?? 0) + 1;
        failures.set(subject, count);
        const delayMs = retryAfter(error, count);
        // Somebody must act on a defect; what is away comes back, and a refusal has been said where it belongs.
        const level = error instanceof UnavailableError || error instanceof TerminalError ? 'warn' : 'error';
        log[level]({ subject, err: error, failures: count, delayMs }, 'a look failed');
        await ringAgain(bell, delayMs);
      }
    },
  };
}

function handle(handlers: BellHandlers, bell: Bell, held: Held): Promise<void> {
  switch (bell.kind) {
    case 'request':
      return handlers.request?.(bell, held) ?? nobody(bell);
    case 'release':
      return handlers.release?.(bell, held) ?? nobody(bell);
    case 'recovery':
      return handlers.recovery?.(bell, held) ?? nobody(bell);
    case 'speak':
      return handlers.speak?.(bell, held) ?? nobody(bell);
    case 'incident':
      return handlers.incident?.(bell, held) ?? nobody(bell);
    case 'flags':
      return handlers.flags?.(bell, held) ?? nobody(bell);
  }
}

function nobody(bell: Bell): Promise<void> {
  return Promise.reject(new TerminalError(`Nobody in this process answers ${bell.kind}.`));
}
