import { z } from 'zod';
import { AcceptedRequest } from '../../domain/request.ts';
import { TerminalError } from '../../errors.ts';
import type { Chance } from '../../ports/clock.ts';
import type { Inbox } from '../../ports/inbox.ts';
import { keyPrefix } from './keys.ts';
import { script } from './script.ts';
import type { Store } from './store.ts';

/** Slack sends an event again for about an hour, a person a click for as long as a message stands; a day covers both. */
const REMEMBERED_MS = 24 * 3600 * 1000;

/** A try whose answer was lost leaves its own mark, so that its repetition is not taken for somebody else's. */
const accept = script(`
local mark = redis.call('GET', KEYS[1])
if mark == ARGV[5] then return 'accepted' end
if mark or redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 'repeated' end
redis.call('SET', KEYS[1], ARGV[5], 'PX', ARGV[4])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
return 'accepted'
`);

const finish = script(`
redis.call('SET', KEYS[1], 'finished', 'PX', ARGV[2])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return 1
`);

/** Accepted requests in Redis: one script each way, so that a request is there as a whole or not at all. */
export function createInbox({
  store,
  installation,
  chance,
}: {
  store: Store;
  installation: string;
  chance: Chance;
}): Inbox {
  const prefix = `${keyPrefix(installation)}:inbox:`;
  const requests = `${prefix}requests`;
  const waiting = `${prefix}waiting`;
  const keysOf = (id: string) => [`${prefix}seen:${id}`, requests, waiting];
  return {
    async accept(request) {
      const { id, receivedAt } = request;
      const args = [id, JSON.stringify(request), Date.parse(receivedAt), REMEMBERED_MS, chance.id()];
      const answer = await store.run('accept a request', (redis) => accept(redis, keysOf(id), args));
      return z.enum(['accepted', 'repeated']).parse(answer);
    },
    async take(id) {
      const json = await store.run('take a request', (redis) => redis.hget(requests, id));
      return json === null ? undefined : readRequest(id, json);
    },
    async finish(id) {
      await store.run('finish a request', (redis) => finish(redis, keysOf(id), [id, REMEMBERED_MS]));
    },
    waiting: (before) =>
      store.run('list waiting requests', (redis) => redis.zrange(waiting, '-inf', `(${before}`, 'BYSCORE')),
  };
}

/** A request that another version of the program wrote may not be readable: trying again does not help. */
function readRequest(id: string, json: string): AcceptedRequest {
  const read = AcceptedRequest.safeParse(JSON.parse(json));
  if (!read.success)
    throw new TerminalError(`The request ${id} was written by another version and cannot be read.`);
  return read.data;
}
