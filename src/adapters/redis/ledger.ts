import { z } from 'zod';
import type { StreamId } from '../../domain/ids.ts';
import { UnavailableError } from '../../errors.ts';
import type { Chance, Clock } from '../../ports/clock.ts';
import type { Known, Ledger } from '../../ports/ledger.ts';
import { type Appender, appendBatch } from './append-batch.ts';
import { createTurns } from './in-turn.ts';
import { ledgerKeys } from './keys.ts';
import { createStreamReader, factsSince, viewOf } from './read-streams.ts';
import { results } from './script.ts';
import type { Store } from './store.ts';
import { createStreamCache } from './stream-cache.ts';

/** What the store says about the incarnation that this program opened or joined. */
export type Lost =
  /** Nothing is there any more: the store was emptied, or is another one. */
  | { kind: 'emptied' }
  /** Another incarnation was opened: facts were restored, and this program's view of them is old. */
  | { kind: 'outranked'; by: number };

/** Number of an incarnation and the id of the fact that opened it: two with one number are told apart. */
export interface Incarnation {
  number: number;
  fact: string;
}

export function spellIncarnation({ number, fact }: Incarnation): string {
  return `${number}:${fact}`;
}

/** Absent for the empty store. */
export function parseIncarnation(spelled: string): Incarnation | undefined {
  const [, number, fact] = /^(\d+):(.+)$/.exec(spelled) ?? [];
  return number === undefined || fact === undefined ? undefined : { number: Number(number), fact };
}

interface LedgerOptions {
  store: Store;
  installation: string;
  incarnation: Incarnation;
  clock: Clock;
  chance: Chance;
  /**
   * Called once, when the store is found to be no longer the one this ledger was opened on. From then on every method throws; the
   * program has to open the ledger anew.
   */
  onLost(lost: Lost): void;
}

/** The ledger in Redis. `openLedger` makes one. */
export function createLedger(options: LedgerOptions): Ledger {
  const { store, installation } = options;
  const keys = ledgerKeys(installation);
  const checkIncarnation = createIncarnationCheck(options);
  const reader = createStreamReader({ store, keys, cache: createStreamCache(), checkIncarnation });
  const inTurn = createTurns();
  const { number } = options.incarnation;
  const incarnation = { number, spelled: spellIncarnation(options.incarnation) };
  const appender: Appender = { ...options, incarnation, keys, reader, checkIncarnation };
  const recent = { release: keys.recentReleases, incident: keys.recentIncidents };
  return {
    incarnation: () => options.incarnation.number,
    async read(stream, after?: Known) {
      return viewOf(stream, await reader.read(stream, after), after);
    },
    append(batch) {
      // Receipts of one release come in many at once: in turn, each finds the end of the stream at the first try.
      const open = batch.writes
        .filter((write) => write.expectedVersion === undefined)
        .map((write) => write.stream);
      return open.length === 0
        ? appendBatch(appender, batch)
        : inTurn(open, () => appendBatch(appender, batch));
    },
    async unfinished() {
      const [present, streams] = await store.run('list unfinished streams', async (redis) =>
        results(await redis.multi().get(keys.incarnation).zrange(keys.unfinished, 0, '-1').exec()),
      );
      checkIncarnation(z.string().nullable().parse(present) ?? '');
      return z.array(z.string()).parse(streams) as StreamId[];
    },
    async recent(kind, limit) {
      if (limit <= 0) return [];
      const streams = await store.run(`list recent ${kind}s`, (redis) =>
        redis.zrange(recent[kind], 0, String(limit - 1), 'REV'),
      );
      return streams as StreamId[];
    },
    since: (seq, limit) => factsSince(store, keys, { seq, limit }),
  };
}

/** Throws `UnavailableError` when another incarnation than ours is in the store, and says so once. */
function createIncarnationCheck({ incarnation, onLost }: LedgerOptions): (present: string) => void {
  const ours = spellIncarnation(incarnation);
  let told = false;
  return (present) => {
    if (present === ours) return;
    const other = parseIncarnation(present);
    const lost: Lost = other ? { kind: 'outranked', by: other.number } : { kind: 'emptied' };
    if (!told) onLost(lost);
    told = true;
    throw new UnavailableError(
      lost.kind === 'emptied'
        ? 'The ledger is gone from Redis: it has to be restored first.'
        : `The ledger was restored into incarnation ${lost.by}: this program has to open it anew.`,
    );
  };
}
