import { z } from 'zod';
import type { Alarms } from '../../ports/alarms.ts';
import { keyPrefix } from './keys.ts';
import { script } from './script.ts';
import type { Store } from './store.ts';

/** Handing an alarm on takes milliseconds: after this long whoever took it is gone. */
const TAKEN_FOR_MS = 3_000;

/** Redis's clock, so that programs whose clocks differ mean the same moment. */
const NOW = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
`;

const set = script(`${NOW}
return redis.call('ZADD', KEYS[1], 'LT', now + tonumber(ARGV[2]), ARGV[1])
`);

/**
 * What is taken stands in a set of its own: were it left in place until it is settled, an alarm that is set meanwhile for later
 * would be taken for a repetition and be lost.
 */
const take = script(`${NOW}
for _, name in ipairs(redis.call('ZRANGE', KEYS[2], '-inf', now, 'BYSCORE')) do
  redis.call('ZADD', KEYS[1], 'LT', now, name)
  redis.call('ZREM', KEYS[2], name)
end
local due = redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[1])
for _, name in ipairs(due) do
  redis.call('ZREM', KEYS[1], name)
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[2]), name)
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {due, first[2] and math.max(0, tonumber(first[2]) - now) or -1}
`);

const TakeReply = z.tuple([z.array(z.string()), z.number()]);

/** Alarms in Redis. */
export function createAlarms({ store, installation }: { store: Store; installation: string }): Alarms {
  const waiting = `${keyPrefix(installation)}:alarms`;
  const taken = `${waiting}:taken`;
  return {
    async set(name, delayMs) {
      await store.run('set an alarm', (redis) => set(redis, [waiting], [name, Math.ceil(delayMs)]));
    },
    async take(limit) {
      const reply = await store.run('take the alarms that are due', (redis) =>
        take(redis, [waiting, taken], [limit, TAKEN_FOR_MS]),
      );
      const [due, nextInMs] = TakeReply.parse(reply);
      return nextInMs < 0 ? { due } : { due, nextInMs };
    },
    async settle(name) {
      await store.run('settle an alarm', (redis) => redis.zrem(taken, name));
    },
  };
}
