import type { Logger } from 'pino';
import type { Leases } from '../../ports/lease.ts';
import { within } from './within.ts';

/** Recurring work that one process does at a time. */
export interface Leading {
  /** Does it now rather than when it is due; coalesced while it is being done. */
  nudge(): void;
  /** Waits for the work under way, at most so long. */
  stop(withinMs: number): Promise<void>;
}

interface LeadOptions {
  leases: Leases;
  /** The lease, and how the work is called in logs. */
  name: string;
  everyMs: number;
  log: Pick<Logger, 'warn' | 'error'>;
}

/**
 * Does `act` every `everyMs` for as long as this process leads, and tries to lead for as long as another does. What `act` throws is
 * logged, and it is done again when it is due.
 */
export function lead(
  { leases, name, everyMs, log }: LeadOptions,
  act: (lost: AbortSignal) => Promise<void>,
): Leading {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const turn = async () => {
    const taken = await leases.take(name);
    if (taken.kind === 'taken') return;
    try {
      await act(taken.held.lost);
    } finally {
      await taken.held.release();
    }
  };
  const go = () => {
    clearTimeout(timer);
    again = false;
    running = turn()
      .catch((error) => log.warn({ err: error, name }, 'recurring work failed'))
      .finally(() => {
        running = undefined;
        if (!stopped) timer = setTimeout(go, again ? 0 : everyMs);
      });
  };
  timer = setTimeout(go, 0);
  return {
    nudge() {
      again = true;
      if (!stopped && running === undefined) go();
    },
    async stop(withinMs) {
      stopped = true;
      clearTimeout(timer);
      await within(withinMs, running ?? Promise.resolve());
    },
  };
}
