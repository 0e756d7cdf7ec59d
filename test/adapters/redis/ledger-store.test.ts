import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerKeys } from '../../../src/adapters/redis/keys.ts';
import { createLeases } from '../../../src/adapters/redis/leases.ts';
import { createLedgerStore } from '../../../src/adapters/redis/ledger-store.ts';
import { openLedger } from '../../../src/adapters/redis/open-ledger.ts';
import type { Store } from '../../../src/adapters/redis/store.ts';
import type { StreamId } from '../../../src/domain/ids.ts';
import { lineOfFact } from '../../../src/domain/ledger/chain.ts';
import { type History, restoreHistory } from '../../../src/domain/ledger/restore.ts';
import { TerminalError } from '../../../src/errors.ts';
import { ENVIRONMENT, history, RELEASE, resumed, taken } from '../../domain/ledger/facts.ts';
import { startTestRedis, type TestRedis } from '../../servers/redis.ts';
import { chance, clock } from './ledger-under-test.ts';

/** More facts than are written at once, over three streams. */
const facts = history(
  Array.from({ length: 1_300 }, (_, i) =>
    i % 3 === 0
      ? ([ENVIRONMENT, taken('cart', i + 1)] as const)
      : ([i % 3 === 1 ? RELEASE : 'release:dev/a-2026-11-20.1', resumed(`${i}`)] as [
          StreamId,
          ReturnType<typeof resumed>,
        ]),
  ),
);

function whole(): History {
  const restored = restoreHistory(facts.map(lineOfFact));
  if (restored.kind === 'refused') throw new Error(restored.says);
  return restored.history;
}

describe('filling an empty store', () => {
  let redis: TestRedis;
  let store: Store;
  beforeAll(async () => {
    redis = await startTestRedis();
    store = redis.connect();
  });
  afterAll(() => redis.stop());

  const opened = (
    installation: string,
    restore: () => Promise<{ upTo: number; incarnation: number } | undefined>,
  ) =>
    openLedger({
      store,
      installation,
      clock,
      chance,
      leases: createLeases({ store, installation, chance }),
      onLost: () => undefined,
      restore,
    });

  it('gives back every fact in its place, the epochs, what is open and what is recent', async () => {
    const filled = createLedgerStore(store, 'acme');
    const ledger = await opened('acme', async () => {
      await filled.fill(whole());
      return { upTo: facts.length, incarnation: 1 };
    });
    expect(ledger.incarnation()).toBe(2);
    expect(await ledger.since(0, 2_000)).toEqual([
      ...facts,
      expect.objectContaining({ seq: 1_301, kind: 'incarnation.opened' }),
    ]);
    const view = await ledger.read(RELEASE);
    expect(view.facts).toEqual(facts.filter((fact) => fact.stream === RELEASE));
    expect(await ledger.unfinished()).toEqual([RELEASE, 'release:dev/a-2026-11-20.1']);
    expect(await ledger.recent('release', 5)).toEqual(['release:dev/a-2026-11-20.1', RELEASE]);
    expect(await ledger.append({ writes: [], fences: { 'prod/cart': 1_300 }, raises: {} })).toMatchObject({
      kind: 'appended',
    });
    const [opening] = (await ledger.read('installation')).facts;
    expect(opening).toMatchObject({ incarnation: 2, data: { incarnation: 2, restored: { upTo: 1_300 } } });
    await expect(filled.fill(whole())).rejects.toThrow(TerminalError);
  });

  it('begins anew after it was cut off', async () => {
    const keys = ledgerKeys('cut');
    const filled = createLedgerStore(store, 'cut');
    await filled.fill(whole());
    await store.run('leave something behind', (client) =>
      client.rpush(keys.stream('environment:stale'), 'x'),
    );
    expect(await filled.isEmpty()).toBe(true);
    await filled.fill(whole());
    expect(await store.run('look', (client) => client.exists(keys.stream('environment:stale')))).toBe(0);
    expect(await store.run('count', (client) => client.llen(keys.stream(RELEASE)))).toBe(433);
  });

  it('is done by one of several programs that start, and the others wait for it', async () => {
    let fills = 0;
    const restore = async () => {
      fills += 1;
      await createLedgerStore(store, 'many').fill(whole());
      return { upTo: facts.length, incarnation: 1 };
    };
    const ledgers = await Promise.all([1, 2, 3].map(() => opened('many', restore)));
    expect([fills, ...ledgers.map((ledger) => ledger.incarnation())]).toEqual([1, 2, 2, 2]);
  });

  it('that fails leaves nothing open, and can be tried again', async () => {
    const refused = new TerminalError('a segment was altered');
    await expect(opened('failed', () => Promise.reject(refused))).rejects.toBe(refused);
    expect(await createLedgerStore(store, 'failed').isEmpty()).toBe(true);
    expect((await opened('failed', async () => undefined)).incarnation()).toBe(1);
  });
});
