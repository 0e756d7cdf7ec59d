import { lineOfFact } from '../../domain/ledger/chain.ts';
import type { FactEnvelope } from '../../domain/ledger/fact.ts';
import type { History } from '../../domain/ledger/restore.ts';
import { TerminalError } from '../../errors.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { type LedgerKeys, ledgerKeys } from './keys.ts';
import { results } from './script.ts';
import type { Store } from './store.ts';

/** Facts sent at once: some hundred kilobytes, so that no single answer takes long. */
const FACTS_AT_ONCE = 500;

/** A full batch on a slow disk may take longer than anything a person waits for. */
const FILL_DEADLINE_MS = 30_000;

/** The store under the ledger, for restoring. */
export function createLedgerStore(store: Store, installation: string): LedgerStore {
  const keys = ledgerKeys(installation);
  const isEmpty = async () =>
    (await store.run('look for the ledger', (redis) => redis.exists(keys.incarnation))) === 0;
  return {
    isEmpty,
    async fill(history) {
      if (!(await isEmpty()))
        throw new TerminalError('Redis holds a ledger already: nothing was restored over it.');
      await clear(store, keys);
      for (let i = 0; i < history.facts.length; i += FACTS_AT_ONCE) {
        await writeFacts(store, keys, history.facts.slice(i, i + FACTS_AT_ONCE));
      }
      await writeTables(store, keys, history);
    },
  };
}

/** What a filling that was cut off left behind. The incarnation is written last of all, so until then nothing is lost. */
async function clear(store: Store, { prefix }: LedgerKeys): Promise<void> {
  const pattern = `${prefix.replaceAll(/[[\]?*\\]/g, '\\$&')}*`;
  let cursor = '0';
  do {
    const [next, found] = await store.run('clear the ledger', (redis) =>
      redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000),
    );
    if (found.length > 0) await store.run('clear the ledger', (redis) => redis.unlink(...found));
    cursor = next;
  } while (cursor !== '0');
}

/**
 * One batch. Sent again after a cut connection it must not append twice, so it begins by cutting every list to the length it had
 * before.
 */
async function writeFacts(store: Store, keys: LedgerKeys, facts: readonly FactEnvelope[]): Promise<void> {
  const [first] = facts;
  if (first === undefined) return;
  const streams = Map.groupBy(facts, (fact) => fact.stream);
  const write = async (redis: Parameters<Parameters<Store['run']>[1]>[0]) => {
    const multi = redis.multi();
    const put = (key: string, length: number, values: string[]) => {
      if (length === 0) multi.del(key);
      else multi.ltrim(key, 0, length - 1);
      multi.rpush(key, ...values);
    };
    put(
      keys.order,
      first.seq - 1,
      facts.map((fact) => `${fact.version} ${fact.stream}`),
    );
    for (const [stream, own] of streams)
      put(keys.stream(stream), (own[0]?.version ?? 1) - 1, own.map(lineOfFact));
    return results(await multi.exec());
  };
  await store.run('restore facts', write, { withinMs: FILL_DEADLINE_MS });
}

async function writeTables(store: Store, keys: LedgerKeys, { facts, epochs, open }: History): Promise<void> {
  await store.run(
    'restore the tables',
    async (redis) => {
      const multi = redis.multi().set(keys.sequence, facts.length);
      if (Object.keys(epochs).length > 0) multi.hset(keys.epochs, epochs);
      for (const { stream, since } of open) multi.zadd(keys.unfinished, since, stream);
      for (const { stream, seq } of facts) {
        if (stream.startsWith('release:')) multi.zadd(keys.recentReleases, seq, stream);
        if (stream.startsWith('incident:')) multi.zadd(keys.recentIncidents, seq, stream);
      }
      return results(await multi.exec());
    },
    { withinMs: FILL_DEADLINE_MS },
  );
}
