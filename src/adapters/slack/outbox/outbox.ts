import { UnavailableError } from '../../../errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Timers } from '../timers.ts';
import { type Bucket, type Pace, refill } from './bucket.ts';
import { nextSend, type Waiting } from './next-send.ts';

/** What became of one sending. */
export type Sent<T> =
  | { kind: 'sent'; value: T }
  /** Slack has enough for now and took nothing: it goes again by itself. */
  | { kind: 'limited'; retryAfterMs: number };

/** Something to send when its turn comes. */
export interface Sending<T> {
  /** Of several that wait under one lane, only the newest is sent when this says so; all their callers get its outcome. */
  replaces: boolean;
  lane: string;
  budget: string;
  pace: Pace;
  gate: string;
  urgent: boolean;
  send(): Promise<Sent<T>>;
}

/** One for a workspace: Slack's limits are counted for the app and the workspace, not for a message or a release. */
export interface Outbox {
  /**
   * Sends when the limits allow. Rejects with what `send` throws, with `UnavailableError` when it waited too long or would
   * have to, or when the outbox is closed.
   */
  put<T>(sending: Sending<T>): Promise<T>;
  /** Rejects whatever waits and settles when nothing is under way any more. */
  close(): Promise<void>;
}

/** Longer than this nothing waits here: whoever asked is told and asks again, and holds up nobody meanwhile. */
const MAX_WAIT_MS = 60_000;

const LEAVING = 'Slack is being left';

interface Entry extends Waiting {
  deadline: number;
  send(): Promise<Sent<unknown>>;
  replaces: boolean;
  callers: PromiseWithResolvers<unknown>[];
}

/** Starts an empty outbox. */
export function createOutbox(parts: { clock: Clock; timers: Timers }): Outbox {
  return new PacedOutbox(parts);
}

class PacedOutbox implements Outbox {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #buckets = new Map<string, Bucket>();
  readonly #closedUntil = new Map<string, number>();
  /** What is under way, by lane. */
  readonly #busy = new Map<string, Promise<void>>();
  #waiting: Entry[] = [];
  #lastId = 0;
  #isClosed = false;
  #stopTimer = () => {};

  constructor({ clock, timers }: { clock: Clock; timers: Timers }) {
    this.#clock = clock;
    this.#timers = timers;
  }

  put<T>(sending: Sending<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new UnavailableError(LEAVING));
    const now = this.#clock.now();
    const caller = Promise.withResolvers<T>();
    // An entry holds callers of every type; each only ever gets what its own sending, or a newer one like it, answers.
    const callers = [caller as PromiseWithResolvers<unknown>];
    const older = this.#waiting.find((entry) => isReplacedBy(entry, sending));
    if (older) {
      // It keeps its place in the row, with the newest words.
      older.send = sending.send;
      older.urgent ||= sending.urgent;
      older.deadline = now + MAX_WAIT_MS;
      older.callers.push(...callers);
    } else {
      this.#lastId += 1;
      this.#waiting.push({ ...sending, id: this.#lastId, since: now, deadline: now + MAX_WAIT_MS, callers });
    }
    this.#pump();
    return caller.promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer();
    for (const entry of this.#waiting) this.#refuse(entry, LEAVING);
    await Promise.all(this.#busy.values());
  }

  /** Drops what would wait too long, sends what may go, and comes back at the next moment that changes something. */
  #pump(): void {
    this.#stopTimer();
    const now = this.#clock.now();
    this.#dropLate(now);
    for (;;) {
      const traffic = {
        busy: new Set(this.#busy.keys()),
        buckets: this.#buckets,
        closedUntil: this.#closedUntil,
      };
      const next = nextSend({ ...traffic, waiting: this.#waiting }, now);
      if (next.kind === 'send') {
        this.#start(next.id, now);
        continue;
      }
      const moments = this.#waiting.map(({ deadline }) => deadline);
      if (next.kind === 'wait') moments.push(next.until);
      if (moments.length === 0) return;
      this.#stopTimer = this.#timers.after(Math.max(1, Math.min(...moments) - now), () => this.#pump());
      return;
    }
  }

  #dropLate(now: number): void {
    for (const entry of this.#waiting) {
      const opens = this.#closedUntil.get(entry.gate) ?? 0;
      if (entry.deadline > now && opens <= entry.deadline) continue;
      this.#refuse(entry, 'Slack takes no more messages for now', Math.max(opens - now, 1_000));
    }
  }

  #start(id: number, now: number): void {
    const entry = this.#waiting.find((other) => other.id === id);
    if (!entry) return;
    this.#waiting = this.#waiting.filter((other) => other !== entry);
    const { tokens } = refill(this.#buckets.get(entry.budget), entry.pace, now);
    this.#buckets.set(entry.budget, { tokens: tokens - 1, at: now });
    const done = this.#run(entry).finally(() => {
      this.#busy.delete(entry.lane);
      if (!this.#isClosed) this.#pump();
    });
    this.#busy.set(entry.lane, done);
  }

  async #run(entry: Entry): Promise<void> {
    try {
      const sent = await entry.send();
      if (sent.kind === 'limited') this.#sendAgain(entry, sent.retryAfterMs);
      else for (const caller of entry.callers) caller.resolve(sent.value);
    } catch (error) {
      for (const caller of entry.callers) caller.reject(error);
    }
  }

  #sendAgain(entry: Entry, retryAfterMs: number): void {
    this.#closedUntil.set(entry.gate, this.#clock.now() + retryAfterMs);
    const newer = this.#waiting.find((other) => isReplacedBy(entry, other));
    if (newer) newer.callers.unshift(...entry.callers);
    else this.#waiting.push(entry);
    if (this.#isClosed) this.#refuse(newer ?? entry, LEAVING);
  }

  #refuse(entry: Entry, why: string, retryAfterMs?: number): void {
    this.#waiting = this.#waiting.filter((other) => other !== entry);
    const error = new UnavailableError(why, retryAfterMs === undefined ? {} : { retryAfterMs });
    for (const caller of entry.callers) caller.reject(error);
  }
}

function isReplacedBy(older: Entry, newer: Pick<Entry, 'replaces' | 'lane'>): boolean {
  return older.replaces && newer.replaces && older.lane === newer.lane;
}
