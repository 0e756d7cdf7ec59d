import { ledgerKeys } from '../../../src/adapters/redis/keys.ts';
import { lineOfFact } from '../../../src/domain/ledger/chain.ts';
import { ledgerContract } from '../../contracts/ledger.ts';
import { startTestRedis } from '../../servers/redis.ts';
import { open } from './ledger-under-test.ts';

ledgerContract('in Redis', async () => {
  const redis = await startTestRedis();
  const keys = ledgerKeys('acme');
  return {
    open: () => open(redis.connect()),
    async inject(fact) {
      await redis.connect().run('inject a fact', async (client) => {
        const seq = await client.incr(keys.sequence);
        await client.rpush(keys.stream(fact.stream), lineOfFact({ ...fact, seq }));
        await client.rpush(keys.order, `${fact.version} ${fact.stream}`);
      });
    },
    close: () => redis.stop(),
  };
});
