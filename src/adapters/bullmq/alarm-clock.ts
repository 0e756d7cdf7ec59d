import type { Logger } from 'pino';
import type { Alarms } from '../../ports/alarms.ts';

/** Rings what was to be rung later, whichever process asked for it. */
export interface AlarmClock {
  /** Throws `UnavailableError` when the alarm cannot be kept. */
  set(name: string, delayMs: number): Promise<void>;
  /** Keeps it in memory when it cannot be kept better. Never throws. */
  setOrKeep(name: string, delayMs: number): Promise<void>;
  /** From now on rings what is due. */
  start(): void;
  stop(): void;
}

interface AlarmClockOptions {
  alarms: Alarms;
  ring(name: string): Promise<void>;
  log: Pick<Logger, 'warn' | 'error'>;
}

/** Alarms set by processes that are gone are found this often; our own we know about. */
const LOOK_EVERY_MS = 250;

/** Handed on in one go, so that a thousand alarms at once do not hold up what else is due. */
const AT_ONCE = 100;

export function createAlarmClock({ alarms, ring, log }: AlarmClockOptions): AlarmClock {
  const memory = createMemory(ring);
  const ringAndSettle = async (name: string) => {
    // What cannot be rung is not settled, and so comes due again.
    if (await isRung(name, { ring, log })) await alarms.settle(name);
  };
  const ringDue = async (): Promise<number> => {
    const { due, nextInMs = LOOK_EVERY_MS } = await alarms.take(AT_ONCE);
    await Promise.all(due.map(ringAndSettle));
    return due.length === AT_ONCE ? 0 : nextInMs;
  };
  const waker = createWaker(() =>
    ringDue().catch((error: Error) => {
      log.warn({ reason: error.message }, 'alarms could not be looked at');
      return LOOK_EVERY_MS;
    }),
  );
  const set = async (name: string, delayMs: number) => {
    await alarms.set(name, delayMs);
    waker.wakeIn(delayMs);
  };
  return {
    set,
    async setOrKeep(name, delayMs) {
      await set(name, delayMs).catch(() => memory.keep(name, delayMs));
    },
    start: waker.start,
    stop() {
      waker.stop();
      memory.clear();
    },
  };
}

/** False when it is worth trying again. What cannot even be read never will be rung. */
async function isRung(
  name: string,
  { ring, log }: Pick<AlarmClockOptions, 'ring' | 'log'>,
): Promise<boolean> {
  try {
    await ring(name);
    return true;
  } catch (error) {
    const unreadable = error instanceof Error && error.name === 'ZodError';
    log[unreadable ? 'error' : 'warn']({ err: error, name }, 'an alarm could not be rung');
    return unreadable;
  }
}

/** Alarms of this process alone, for as long as they cannot be kept better. */
function createMemory(ring: (name: string) => Promise<void>) {
  const timers = new Set<NodeJS.Timeout>();
  const keep = (name: string, delayMs: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      ring(name).catch(() => keep(name, delayMs));
    }, delayMs);
    timers.add(timer);
  };
  return {
    keep,
    clear() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** Calls `look` again and again: when it asked for that, when somebody else does, and now and then in any case. */
function createWaker(look: () => Promise<number>) {
  let timer: NodeJS.Timeout | undefined;
  let nextAt = Number.POSITIVE_INFINITY;
  let started = false;
  const wakeIn = (ms: number): void => {
    const at = performance.now() + ms;
    if (!started || at >= nextAt) return;
    clearTimeout(timer);
    nextAt = at;
    timer = setTimeout(async () => {
      nextAt = Number.POSITIVE_INFINITY;
      wakeIn(Math.min(await look(), LOOK_EVERY_MS));
    }, ms);
  };
  return {
    wakeIn,
    start() {
      started = true;
      wakeIn(0);
    },
    stop() {
      started = false;
      clearTimeout(timer);
    },
  };
}
