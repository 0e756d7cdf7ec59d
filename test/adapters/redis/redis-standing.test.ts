import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRedis } from '../../../src/adapters/redis/check-redis.ts';
import { createLeases } from '../../../src/adapters/redis/leases.ts';
import { createSeen } from '../../../src/adapters/redis/seen.ts';
import { connectStore, type Store } from '../../../src/adapters/redis/store.ts';
import { startTestRedis, type TestRedis } from '../../servers/redis.ts';
import { waitUntil } from '../../servers/wait.ts';
import { chance } from './ledger-under-test.ts';

describe('a Redis', () => {
  let redis: TestRedis;
  let store: Store;
  beforeAll(async () => {
    redis = await startTestRedis();
    store = redis.connect();
  });
  afterAll(() => redis.stop());

  const set = (name: string, value: string) =>
    store.run('set', (client) => client.config('SET', name, value));

  it('of our own is set up as it should be', async () => {
    const standing = await checkRedis(store);
    expect(standing).toMatchObject({ appendfsync: 'always', policy: 'noeviction', faults: [] });
    expect(standing.mayLose).toContain('nothing is lost');
  });

  it('that may lose something says what', async () => {
    await set('appendfsync', 'everysec');
    const standing = await checkRedis(store);
    expect([standing.faults, standing.mayLose]).toEqual([[], expect.stringContaining('the last second')]);
    await set('appendfsync', 'always');
  });

  it('that throws records away, or keeps none, is refused with what to do', async () => {
    await set('maxmemory-policy', 'allkeys-lru');
    await set('appendonly', 'no');
    const { faults } = await checkRedis(store);
    expect(faults).toEqual([
      expect.stringContaining('set it to noeviction'),
      expect.stringContaining('set appendonly yes'),
    ]);
    await set('maxmemory-policy', 'noeviction');
    await set('appendonly', 'yes');
  });

  it('that refuses its password does not make us tell it', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
    const wrong = connectStore('redis://someone:hunter2secret@127.0.0.1:1/', log);
    const error: Error = await wrong
      .run('try', (client) => client.ping(), { withinMs: 200 })
      .catch((caught) => caught);
    await waitUntil(() => lines.length > 0);
    await wrong.close();
    expect(error.name).toBe('UnavailableError');
    expect(`${error.message}${error.stack}${lines.join('')}`).not.toContain('hunter2secret');
  });

  it('tells a first meeting from a replay, once for all processes', async () => {
    const seen = [store, redis.connect()].map((each) =>
      createSeen({ store: each, installation: 'acme', chance }),
    );
    const answers = await Promise.all(seen.map((each) => each.first('nonce', { forMs: 60_000 })));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await seen[1]?.first('other', { forMs: 50 })).toBe(true);
    expect(await seen[0]?.first('other', { forMs: 50 })).toBe(false);
    await waitUntil(async () => (await seen[0]?.first('other', { forMs: 50 })) === true);
  });
});

describe('a lease', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.stop());

  it('is not claimed by a holder whose event loop stood still for as long as it lasts', async () => {
    const leases = createLeases({ store: redis.connect(), installation: 'acme', chance });
    const taken = await leases.take('stalled');
    if (taken.kind === 'taken') throw new Error('somebody has it');
    const until = performance.now() + 2_050;
    while (performance.now() < until);
    expect(taken.held.stillMine()).toBe(false);
    await waitUntil(() => taken.held.lost.aborted);
    await taken.held.release();
  });

  it('is lost, and its holder told, when Redis is away for as long as it lasts', async () => {
    const leases = createLeases({ store: redis.connect(), installation: 'acme', chance });
    const taken = await leases.take('away');
    if (taken.kind === 'taken') throw new Error('somebody has it');
    await redis.kill();
    expect([taken.held.stillMine(), await taken.held.confirm()]).toEqual([true, false]);
    await waitUntil(() => taken.held.lost.aborted);
    expect(taken.held.stillMine()).toBe(false);
    await redis.restart();
    const next = await leases.take('away');
    expect(next.kind === 'mine' && next.held.fence > taken.held.fence).toBe(true);
  });
});
