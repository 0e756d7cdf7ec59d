import { z } from 'zod';
import type { Quota } from '../../ports/quota.ts';
import { keyPrefix } from './keys.ts';
import { script } from './script.ts';
import type { Store } from './store.ts';

const take = script(`
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if count <= tonumber(ARGV[1]) then return 0 end
return math.max(1, redis.call('PTTL', KEYS[1]))
`);

/** Counts in Redis. A count whose answer was lost and that is sent again counts twice: a limit need not be that exact. */
export function createQuota({ store, installation }: { store: Store; installation: string }): Quota {
  const keyOf = (key: string) => `${keyPrefix(installation)}:quota:${key}`;
  return {
    async take(key, { most, withinMs }) {
      const answer = await store.run('count a request', (redis) =>
        take(redis, [keyOf(key)], [most, withinMs]),
      );
      const waitMs = z.number().parse(answer);
      return waitMs === 0 ? undefined : waitMs;
    },
  };
}
