import { createButtonStore } from '../../../src/adapters/redis/button-store.ts';
import { createInbox } from '../../../src/adapters/redis/inbox.ts';
import { createLeases } from '../../../src/adapters/redis/leases.ts';
import { createScratch } from '../../../src/adapters/redis/scratch.ts';
import { createSnapshots } from '../../../src/adapters/redis/snapshots.ts';
import { createTexts } from '../../../src/adapters/redis/texts.ts';
import { createTokens } from '../../../src/adapters/redis/tokens.ts';
import { buttonStoreContract } from '../../contracts/button-store.ts';
import { inboxContract } from '../../contracts/inbox.ts';
import { leaseContract } from '../../contracts/lease.ts';
import { scratchContract } from '../../contracts/scratch.ts';
import { snapshotsContract } from '../../contracts/snapshots.ts';
import { textsContract } from '../../contracts/texts.ts';
import { tokensContract } from '../../contracts/tokens.ts';
import { startTestRedis } from '../../servers/redis.ts';
import { chance } from './ledger-under-test.ts';

const installation = 'acme';
const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function started() {
  const redis = await startTestRedis();
  return { redis, store: redis.connect(), close: () => redis.stop() };
}

inboxContract('in Redis', async () => {
  const { store, close } = await started();
  return { inbox: createInbox({ store, installation, chance }), close };
});

textsContract('in Redis', async () => {
  const { store, close } = await started();
  return {
    texts: createTexts({ store, installation, retentionMs: 300 }),
    pastRetention: () => pass(350),
    close,
  };
});

snapshotsContract('in Redis', async () => {
  const { store, close } = await started();
  return { snapshots: createSnapshots({ store, installation }), close };
});

scratchContract('in Redis', async () => {
  const { store, close } = await started();
  return { scratch: createScratch({ store, installation }), pass, close };
});

tokensContract('in Redis', async () => {
  const { store, close } = await started();
  return { tokens: createTokens({ store, installation, clock: { now: Date.now } }), pass, close };
});

buttonStoreContract('in Redis', async () => {
  const { store, close } = await started();
  return { buttons: createButtonStore({ store, installation, secret: 'a secret of tests' }), close };
});

leaseContract('in Redis', async () => {
  const { redis, close } = await started();
  const worker = async () => createLeases({ store: redis.connect(), installation, chance });
  return {
    worker,
    async crashedHolder(name) {
      const store = redis.connect();
      await createLeases({ store, installation, chance }).take(name);
      // With its connection closed it can renew nothing.
      await store.close();
    },
    pass,
    close,
  };
});
