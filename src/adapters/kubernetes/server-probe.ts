import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';

/** Times of a probe, in milliseconds. Only tests use other ones. */
export interface ProbeTiming {
  /** Between two questions while the server answers. */
  everyMs: number;
  /** Between two questions while it does not; the first answer ends the outage, so this is how late we notice. */
  lostMs: number;
  /** How long an answer may take. */
  deadlineMs: number;
}

/** An outage is found after at most eight seconds, and its end after at most one more than the server needs to answer. */
export const PROBE_TIMING: ProbeTiming = { everyMs: 5_000, lostMs: 1_000, deadlineMs: 3_000 };

/** Asks a server again and again whether it is ready, on connections of its own. */
export interface ServerProbe extends AsyncDisposable {
  /** Why the server cannot be reached now; absent while it can, and before the first question. */
  trouble(): string | undefined;
  /**
   * Something broke off: the server is asked now. When it does not answer, its return is looked for every second, so that nobody
   * sits out a long wait for a server that is back.
   */
  doubt(): void;
}

/**
 * A quiet watch and a dead one look the same: packets that are dropped on the way close no connection, and bookmarks come but
 * once a minute. So the server is asked. After an outage every open watch is in doubt, and every wait for a next attempt is
 * over: `found` says so.
 */
export function startServerProbe(
  client: Pick<ApiClient, 'send' | 'leaveConnections'>,
  options: {
    timing: ProbeTiming;
    random(): number;
    /** Whether anybody wants to know; nothing is asked otherwise. */
    wanted(): boolean;
    /** The server answers again after it did not. */
    found(): void;
  },
): ServerProbe {
  const stop = new AbortController();
  let trouble: string | undefined;
  let isDoubted = false;
  let wake = new AbortController();
  const probe = async (): Promise<void> => {
    const before = trouble;
    trouble = await ask(client, options.timing.deadlineMs, stop.signal);
    if (trouble !== undefined) client.leaveConnections();
    if (before !== undefined && trouble === undefined && !stop.signal.aborted) options.found();
  };
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const { everyMs, lostMs } = options.timing;
      const betweenMs = trouble === undefined && !isDoubted ? everyMs : lostMs;
      isDoubted = false;
      wake = new AbortController();
      // Up to half less, so that the replicas of a program that was rolled out at once don't ask at once.
      const signal = AbortSignal.any([stop.signal, wake.signal]);
      await sleep(betweenMs * (1 - options.random() / 2), undefined, { signal }).catch(() => undefined);
      if (!stop.signal.aborted && (trouble !== undefined || options.wanted())) await probe();
    }
  };
  const running = run();
  return {
    trouble: () => trouble,
    doubt() {
      // One that is lost is asked soon enough, and one question answers all who doubt meanwhile.
      if (trouble !== undefined || isDoubted) return;
      isDoubted = true;
      wake.abort();
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

/**
 * `/readyz` also asks the server whether it reaches its store, and everybody who is known may read it (`system:public-info-viewer`).
 * Where somebody has taken that right away, the refusal is an answer too.
 */
async function ask(
  client: Pick<ApiClient, 'send'>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { status } = await client.send({ method: 'GET', path: '/readyz', deadlineMs, signal });
    return status < 500 ? undefined : `the API server is not ready: it answers ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
