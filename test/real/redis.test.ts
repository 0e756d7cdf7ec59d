import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KnownProgram, REDIS } from '../../src/adapters/programs/find-program.ts';
import { startRedis } from '../../src/adapters/programs/start-redis.ts';
import { createInbox } from '../../src/adapters/redis/inbox.ts';
import { ledgerKeys } from '../../src/adapters/redis/keys.ts';
import { createLeases } from '../../src/adapters/redis/leases.ts';
import { connectStore, type Store } from '../../src/adapters/redis/store.ts';
import { lineOfFact } from '../../src/domain/ledger/chain.ts';
import { startBelfry } from '../adapters/bullmq/start-belfry.ts';
import { open } from '../adapters/redis/ledger-under-test.ts';
import { bellsContract } from '../contracts/bells.ts';
import { inboxContract } from '../contracts/inbox.ts';
import { leaseContract } from '../contracts/lease.ts';
import { ledgerContract } from '../contracts/ledger.ts';
import { silent } from '../servers/redis.ts';
import { waitUntil } from '../servers/wait.ts';
import { hasValkey, realProgram, VALKEY } from './programs.ts';

const installation = 'acme';
const chance = { id: () => randomUUID() };
const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A server of a test's own, as the program starts it: every write is on disk before it is acknowledged. */
async function startOne(known: KnownProgram) {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-redis-'));
  const running = await startRedis({ program: await realProgram(known), directory });
  const stores: Store[] = [];
  return {
    url: running.url,
    connect() {
      const store = connectStore(running.url, silent);
      stores.push(store);
      return store;
    },
    async close() {
      await Promise.all(stores.map((store) => store.close()));
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const KNOWN: readonly (readonly [string, KnownProgram])[] = [
  ['Redis', REDIS],
  ...((await hasValkey()) ? [['Valkey', VALKEY] as const] : []),
];

describe.each(KNOWN)('in %s as it comes from the system', (name, known) => {
  it('has every write on disk before it is acknowledged', async () => {
    const server = await startOne(known);
    const settings = await server
      .connect()
      .run('read its settings', (redis) => redis.config('GET', 'append*'));
    await server.close();
    expect(settings).toEqual(expect.arrayContaining(['appendfsync', 'always', 'appendonly', 'yes']));
  });

  ledgerContract(`in ${name}`, async () => {
    const server = await startOne(known);
    const keys = ledgerKeys(installation);
    return {
      open: () => open(server.connect(), { installation }),
      async inject(fact) {
        await server.connect().run('inject a fact', async (client) => {
          const seq = await client.incr(keys.sequence);
          await client.rpush(keys.stream(fact.stream), lineOfFact({ ...fact, seq }));
          await client.rpush(keys.order, `${fact.version} ${fact.stream}`);
        });
      },
      close: server.close,
    };
  });

  inboxContract(`in ${name}`, async () => {
    const server = await startOne(known);
    return { inbox: createInbox({ store: server.connect(), installation, chance }), close: server.close };
  });

  leaseContract(`in ${name}`, async () => {
    const server = await startOne(known);
    return {
      worker: async () => createLeases({ store: server.connect(), installation, chance }),
      async crashedHolder(lease) {
        const store = server.connect();
        await createLeases({ store, installation, chance }).take(lease);
        // With its connection closed it can renew nothing.
        await store.close();
      },
      pass,
      close: server.close,
    };
  });

  bellsContract(`rung from afar in ${name}`, async (handlers) => {
    const server = await startOne(known);
    const ringer = startBelfry(server.url);
    const answerer = startBelfry(server.url);
    const answering = answerer.answer(handlers);
    return {
      bells: ringer.bells,
      now: () => performance.now(),
      pass,
      until: (condition) => waitUntil(condition, { what: 'a look' }),
      async close() {
        await answering.stop(3_000);
        await Promise.all([ringer, answerer].map((belfry) => belfry.close()));
        await server.close();
      },
    };
  });
});
