import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerKeys } from '../../../src/adapters/redis/keys.ts';
import type { Lost } from '../../../src/adapters/redis/ledger.ts';
import { connectStore, type Store } from '../../../src/adapters/redis/store.ts';
import type { StreamId } from '../../../src/domain/ids.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { Ledger } from '../../../src/ports/ledger.ts';
import { freed, writeTo } from '../../contracts/ledger.ts';
import {
  type RedisProxy,
  silent,
  startRedisProxy,
  startTestRedis,
  type TestRedis,
} from '../../servers/redis.ts';
import { open } from './ledger-under-test.ts';

const PROD: StreamId = 'environment:prod';
const nothing = { fences: {}, raises: {} };
const keys = ledgerKeys('acme');

describe('the ledger, when Redis is in trouble', () => {
  let redis: TestRedis;
  let store: Store;
  let ledger: Ledger;
  const lost: Lost[] = [];
  beforeEach(async () => {
    redis = await startTestRedis();
    store = redis.connect();
    ledger = await open(store, { onLost: (what) => lost.push(what) });
  });
  afterEach(async () => {
    lost.length = 0;
    await redis.stop();
  });

  const append = async (on: Ledger, service: string) =>
    on.append({ ...nothing, writes: [writeTo(await on.read(PROD), freed(service))] });

  it('still has every acknowledged fact after Redis was killed', async () => {
    let acknowledged = 0;
    const appending = (async () => {
      for (;;) {
        await ledger.append({
          ...nothing,
          writes: [{ stream: PROD, facts: [freed(`s${acknowledged}`)], correlation: 'x' }],
        });
        acknowledged += 1;
      }
    })().catch((error) => error);
    while (acknowledged < 50) await new Promise((resolve) => setImmediate(resolve));
    await redis.kill();
    expect(await appending).toBeInstanceOf(UnavailableError);
    await redis.restart();
    const { version, readOnly } = await ledger.read(PROD);
    expect(version).toBeGreaterThanOrEqual(acknowledged);
    expect([version - acknowledged <= 1, readOnly]).toEqual([true, undefined]);
  });

  it('says within two seconds that nothing can be written, and goes on when Redis is back', async () => {
    await append(ledger, 'before');
    const view = await ledger.read(PROD);
    await redis.kill();
    const began = performance.now();
    const refused = await ledger
      .append({ ...nothing, writes: [writeTo(view, freed('during'))] })
      .catch((error) => error);
    expect(refused).toMatchObject({ name: 'UnavailableError', ambiguous: false });
    expect(performance.now() - began).toBeLessThan(2_000);
    await redis.restart();
    expect(await append(ledger, 'after')).toMatchObject({ kind: 'appended' });
    expect((await ledger.read(PROD)).version).toBe(2);
  });

  it('notices that the store was emptied, says so once, and writes nothing into it', async () => {
    await append(ledger, 'cart');
    const view = await ledger.read(PROD);
    await store.run('empty Redis', (client) => client.flushall());
    await expect(ledger.read(PROD)).rejects.toThrow(UnavailableError);
    await expect(ledger.append({ ...nothing, writes: [writeTo(view, freed('orders'))] })).rejects.toThrow(
      /restored first/,
    );
    await expect(ledger.unfinished()).rejects.toThrow(UnavailableError);
    expect(lost).toEqual([{ kind: 'emptied' }]);
    expect(await store.run('count keys', (client) => client.dbsize())).toBe(0);
  });

  it('refuses a program whose incarnation was outranked', async () => {
    const view = await ledger.read(PROD);
    await store.run('empty Redis', (client) => client.flushall());
    await open(redis.connect());
    await expect(ledger.append({ ...nothing, writes: [writeTo(view, freed('cart'))] })).rejects.toThrow(
      /incarnation/,
    );
    expect(lost).toEqual([{ kind: 'outranked', by: 1 }]);
  });

  it('opens one incarnation for programs that start at the same moment', async () => {
    const ledgers = await Promise.all(
      Array.from({ length: 5 }, () => open(redis.connect(), { installation: 'other' })),
    );
    expect((await ledgers[0]?.read('installation'))?.version).toBe(1);
  });

  it('shows a stream that somebody edited, and appends to it only for recovery', async () => {
    for (const service of ['a', 'b', 'c']) await append(ledger, service);
    const line = (await store.run('read', (client) => client.lindex(keys.stream(PROD), 1))) ?? '';
    await store.run('edit', (client) => client.lset(keys.stream(PROD), 1, line.replace('"b"', '"x"')));
    const fresh = await open(redis.connect());
    const view = await fresh.read(PROD);
    expect(view.readOnly?.reason).toBe('fact 2 was altered');
    expect(view.facts.map((fact) => fact.version)).toEqual([1, 3]);
    const facts = { ...nothing, writes: [writeTo(view, freed('d'))] };
    expect(await fresh.append(facts)).toMatchObject({ kind: 'readOnly' });
    expect(await fresh.append({ ...facts, recovery: true })).toMatchObject({ kind: 'appended' });
  });

  it('checks a stream before it appends to it, also when it has not read it itself', async () => {
    await append(ledger, 'a');
    const view = await ledger.read(PROD);
    const line = (await store.run('read', (client) => client.lindex(keys.stream(PROD), 0))) ?? '';
    await store.run('edit', (client) => client.lset(keys.stream(PROD), 0, line.replace('"a"', '"x"')));
    const other = await open(redis.connect());
    expect(await other.append({ ...nothing, writes: [writeTo(view, freed('b'))] })).toMatchObject({
      kind: 'readOnly',
    });
  });

  it('notices a stream that was put back behind its back', async () => {
    const other = await open(redis.connect());
    await append(ledger, 'a');
    await append(ledger, 'lost');
    await store.run('put back', (client) => client.ltrim(keys.stream(PROD), 0, 0));
    await append(other, 'b');
    const [first, second] = (await ledger.read(PROD)).facts;
    expect([first?.data, second?.data]).toMatchObject([{ services: ['a'] }, { services: ['b'] }]);
  });

  describe('that answers late or never', () => {
    let proxy: RedisProxy;
    let far: Store;
    let ledgerFar: Ledger;
    beforeEach(async () => {
      proxy = await startRedisProxy(redis.url);
      far = connectStore(proxy.url, silent);
      ledgerFar = await open(far);
    });
    afterEach(async () => {
      await far.close();
      await proxy.close();
    });

    it('appends once, although the answer was lost and the append was sent again', async () => {
      const batch = { ...nothing, writes: [writeTo(await ledgerFar.read(PROD), freed('cart'))] };
      proxy.swallowAnswers();
      const appending = ledgerFar.append(batch);
      setTimeout(proxy.heal, 200);
      expect(await appending).toMatchObject({ kind: 'appended', facts: [{ version: 1 }] });
      expect((await ledger.read(PROD)).version).toBe(1);
    });

    it('says that it does not know, and knows when asked again by the same name', async () => {
      const batch = {
        ...nothing,
        operation: 'op-1',
        writes: [writeTo(await ledgerFar.read(PROD), freed('cart'))],
      };
      proxy.swallowAnswers();
      const unknown = await ledgerFar.append(batch).catch((error) => error);
      expect(unknown).toMatchObject({ name: 'UnavailableError', ambiguous: true });
      proxy.heal();
      expect(await ledgerFar.append(batch)).toMatchObject({ kind: 'repeated', facts: [{ version: 1 }] });
    });

    it('says that it does not know when the connection was cut and does not come back', async () => {
      const batch = { ...nothing, writes: [writeTo(await ledgerFar.read(PROD), freed('cart'))] };
      proxy.swallowAnswers();
      const appending = ledgerFar.append(batch).catch((error) => error);
      setTimeout(() => void proxy.close(), 200);
      expect(await appending).toMatchObject({ name: 'UnavailableError', ambiguous: true });
    });

    it('never carries out later what it reported as failed', async () => {
      const batch = { ...nothing, writes: [writeTo(await ledgerFar.read(PROD), freed('cart'))] };
      proxy.hang();
      await expect(ledgerFar.append(batch)).rejects.toThrow(UnavailableError);
      proxy.heal();
      await ledgerFar.read(PROD);
      expect((await ledger.read(PROD)).version).toBe(0);
    });
  });
});
