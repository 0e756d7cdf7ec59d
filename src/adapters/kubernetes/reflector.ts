import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createBackoff } from './backoff.ts';
import { createObjectStore, type ObjectStoreOptions } from './object-store.ts';
import { type Reflection, settle, type Turn, takeTurn } from './reflector-turn.ts';

export interface ReflectorOptions<T>
  extends Pick<ObjectStoreOptions<T>, 'name' | 'read' | 'onChange'>,
    Pick<Reflection, 'source' | 'timing' | 'clock' | 'random' | 'onListed'> {
  log: Pick<Logger, 'debug' | 'warn' | 'error'>;
  /** Told when a list or watch breaks off; absent: nobody is. */
  onFailed?: () => void;
}

/** How well a reflector knows its objects. */
export interface ReflectorHealth {
  name: string;
  /** Whether a list has been complete once. */
  listed: boolean;
  /** Milliseconds since the server was heard; Infinity when it never was. */
  staleMs: number;
  /** What is wrong now, for people; absent while all is well. */
  trouble?: string;
  objects: number;
}

/** A copy of one kind's objects that keeps itself up to date until it is disposed of. */
export interface Reflector extends AsyncDisposable {
  health(): ReflectorHealth;
  /** What it listens to is in doubt, what it waits for has come: it goes on at once from where it was, on a new connection. */
  renew(): void;
}

/**
 * Lists, then watches from the list's version, for ever, through whatever happens. Ours and not the client library's
 * informer, which is dead after its first error that is not 410, never reconnects, loses events whose handler throws and
 * leaves a watch open when it is stopped while it waits.
 */
export function startReflector<T>(options: ReflectorOptions<T>): Reflector {
  const { name, timing, clock, random } = options;
  const stop = new AbortController();
  const store = createObjectStore(options);
  let renewal = new AbortController();
  const self: Reflection = {
    ...options,
    store,
    backoff: createBackoff(timing.backoff, { now: () => clock.now(), random }),
    stopped: stop.signal,
    renewed: renewal.signal,
    listedAt: Number.NEGATIVE_INFINITY,
    heardAt: Number.NEGATIVE_INFINITY,
    goneAt: Number.NEGATIVE_INFINITY,
    trouble: 'it was not listed yet',
  };
  const beginTurn = (): void => {
    renewal = new AbortController();
    self.renewed = renewal.signal;
  };
  const running = run(self, { ...options, beginTurn });
  return {
    health: () => ({
      name,
      listed: self.listedAt !== Number.NEGATIVE_INFINITY,
      staleMs: clock.now() - self.heardAt,
      ...(self.trouble !== undefined && { trouble: self.trouble }),
      objects: store.size(),
    }),
    renew: () => renewal.abort(),
    [Symbol.asyncDispose]: async () => {
      store.close();
      stop.abort();
      await running;
    },
  };
}

async function run(
  self: Reflection,
  {
    name,
    log,
    onFailed,
    beginTurn,
  }: Pick<ReflectorOptions<unknown>, 'name' | 'log' | 'onFailed'> & { beginTurn(): void },
): Promise<void> {
  while (!self.stopped.aborted) {
    beginTurn();
    const before = self.trouble;
    const end = await takeTurn(self);
    if (self.stopped.aborted) return;
    const waitMs = Math.round(settle(self, end));
    report(end, { name, waitMs, log, isNews: self.trouble !== before });
    if (end.kind === 'failed') onFailed?.();
    const signal = AbortSignal.any([self.stopped, self.renewed]);
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

function report(
  end: Turn,
  {
    name,
    waitMs,
    log,
    isNews,
  }: { name: string; waitMs: number; log: ReflectorOptions<unknown>['log']; isNews: boolean },
): void {
  // A right that is missing for a day is said once, not every few seconds.
  if (isNews && (end.kind === 'failed' || end.kind === 'refused')) {
    log.warn({ reflector: name, says: end.says, waitMs }, 'a watch is interrupted');
  } else {
    log.debug({ reflector: name, end: end.kind, waitMs }, 'a watch goes on');
  }
}
