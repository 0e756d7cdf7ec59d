import { z } from 'zod';
import type { Chance } from '../../ports/clock.ts';
import type { Held, Leases } from '../../ports/lease.ts';
import { keyPrefix } from './keys.ts';
import { script } from './script.ts';
import type { Store } from './store.ts';

/** A worker that died is replaced after this long; an event loop that stands still for as long loses its turn. */
export const LEASE_MS = 2_000;

/** Three renewals fit into a lease, so that two may be late. */
const RENEW_EVERY_MS = LEASE_MS / 3;

/** Fences are milliseconds since 1970, or one more than the last: they grow even over an emptied store. */
const take = script(`
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] and ARGV[3] == '' then return {'taken', redis.call('PTTL', KEYS[1])} end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local fence = math.max(tonumber(redis.call('GET', KEYS[2]) or 0) + 1, now)
redis.call('SET', KEYS[2], string.format('%.0f', fence))
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {'mine', fence}
`);

const renew = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);

const giveBack = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`);

const TakeReply = z.tuple([z.enum(['mine', 'taken']), z.number()]);

interface Lease {
  store: Store;
  key: string;
  name: string;
  /** Of this taking alone. */
  owner: string;
}

/** Leases in Redis. */
export function createLeases({
  store,
  installation,
  chance,
}: {
  store: Store;
  installation: string;
  chance: Chance;
}): Leases {
  const prefix = `${keyPrefix(installation)}:lease`;
  return {
    async take(name, { seize = false } = {}) {
      const lease: Lease = { store, key: `${prefix}:${name}`, name, owner: chance.id() };
      const sentAt = moment();
      const [kind, value] = TakeReply.parse(
        await store.run(`take ${name}`, (redis) =>
          take(redis, [lease.key, `${prefix}-fence`], [lease.owner, LEASE_MS, seize ? 'seize' : '']),
        ),
      );
      if (kind === 'taken') return { kind, freeInMs: Math.max(0, value) };
      return { kind, held: hold(lease, { fence: value, sentAt }) };
    },
  };
}

/** A moment on both clocks: the steady one stands still while a machine sleeps, the other may be set. */
interface Moment {
  steady: number;
  wall: number;
}

function moment(): Moment {
  return { steady: performance.now(), wall: Date.now() };
}

/** How long a lease is good for, by our own clocks. */
function createTerm(from: Moment) {
  let renewedAt = from;
  return {
    isOver() {
      const now = moment();
      return Math.max(now.steady - renewedAt.steady, now.wall - renewedAt.wall) >= LEASE_MS;
    },
    /** Counted from before it was asked for: Redis cannot have begun to count earlier. */
    renew(sentAt: Moment) {
      renewedAt = sentAt;
    },
  };
}

function hold(lease: Lease, taken: { fence: number; sentAt: Moment }): Held {
  const { store, key, owner, name } = lease;
  const quickly = { withinMs: RENEW_EVERY_MS };
  const term = createTerm(taken.sentAt);
  const lost = new AbortController();
  let over = false;

  const stillMine = () => !over && !lost.signal.aborted && !term.isOver();
  const confirm = async () => {
    const sentAt = moment();
    const keeping = store.run(`keep ${name}`, (redis) => renew(redis, [key], [owner, LEASE_MS]), quickly);
    // Redis away: nobody can take it there either, and whether it ran out is told by the clocks.
    const kept = await keeping.catch(() => 'unknown');
    if (kept === 'unknown') return false;
    if (kept === 1) term.renew(sentAt);
    else lost.abort();
    return stillMine();
  };
  const keep = setInterval(() => {
    if (stillMine()) return void confirm();
    clearInterval(keep);
    lost.abort();
  }, RENEW_EVERY_MS).unref();

  return {
    fence: taken.fence,
    lost: lost.signal,
    stillMine,
    confirm,
    async release() {
      over = true;
      clearInterval(keep);
      // Without Redis it runs out by itself: an error on its way up is not held up for long.
      const giving = store.run(`give back ${name}`, (redis) => giveBack(redis, [key], [owner]), quickly);
      await giving.catch(() => undefined);
    },
  };
}
