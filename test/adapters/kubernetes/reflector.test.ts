import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createApiClient } from '../../../src/adapters/kubernetes/api-client.ts';
import { openCredentials } from '../../../src/adapters/kubernetes/credentials.ts';
import { listWatch } from '../../../src/adapters/kubernetes/list-watch.ts';
import type { Change } from '../../../src/adapters/kubernetes/object-store.ts';
import { type Reflector, startReflector } from '../../../src/adapters/kubernetes/reflector.ts';
import { REFLECTOR_TIMING, type ReflectorTiming } from '../../../src/adapters/kubernetes/reflector-timing.ts';
import { ROLLOUTS } from '../../../src/adapters/kubernetes/resources.ts';
import { until } from './until.ts';
import { startWatchServer, type WatchServer } from './watch-server.ts';

const Replicas = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ replicas: z.number() }),
});

/** Short times, but in the same order as the real ones. */
const QUICK: ReflectorTiming = {
  backoff: { baseMs: 20, maxMs: 100, healthyMs: 500 },
  probe: { everyMs: 50, lostMs: 20, deadlineMs: 100 },
  silenceMs: 150,
  relistMs: 60_000,
  watchSeconds: 30,
  shortestWatchMs: 30,
  refusedMs: 400,
  deadlineMs: 200,
};

interface Bench {
  server: WatchServer;
  reflector: Reflector;
  /** Name to replicas, as the changes say. */
  known: Map<string, number>;
  changes: Change<number>[];
  lists(): number;
  watches(): number;
  /** What it complained of. */
  warnings: string[];
}

async function bench(
  over: {
    timing?: Partial<ReflectorTiming>;
    before?: (server: WatchServer) => void;
    onChange?: () => void;
  } = {},
): Promise<Bench> {
  const server = await startWatchServer();
  server.put('cart', 1);
  over.before?.(server);
  const clock = { now: () => Date.now() };
  const access = { kind: 'inline', server: server.url, token: 'bot', insecure: true } as const;
  const client = createApiClient('east', openCredentials('east', access, clock));
  const known = new Map<string, number>();
  const changes: Change<number>[] = [];
  const warnings: string[] = [];
  const timing = { ...QUICK, ...over.timing };
  const reflector = startReflector<number>({
    name: 'rollouts in shop',
    source: listWatch(client, { kind: ROLLOUTS, namespace: 'shop', deadlineMs: timing.deadlineMs }),
    read: (object) => {
      const parsed = Replicas.safeParse(object);
      return parsed.success
        ? { kind: 'kept', value: parsed.data.spec.replicas }
        : { kind: 'unreadable', reason: parsed.error.message };
    },
    onChange: (change) => {
      changes.push(change);
      over.onChange?.();
      if (change.after === undefined) known.delete(change.key);
      else known.set(change.key, change.after);
    },
    onListed: () => undefined,
    timing,
    clock,
    random: () => 0.5,
    log: { ...pino({ level: 'silent' }), warn: (fields: object) => warnings.push(JSON.stringify(fields)) },
  });
  onTestFinished(async () => {
    await reflector[Symbol.asyncDispose]();
    await client[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  const count = (watch: boolean) => server.requests.filter((request) => request.watch === watch).length;
  return {
    server,
    reflector,
    known,
    changes,
    lists: () => count(false),
    watches: () => count(true),
    warnings,
  };
}

const replicasOf = ({ known }: Bench, name: string) => known.get(`shop/${name}`);

describe('a reflector', () => {
  it('lists, watches with bookmarks and a bounded time, and follows every change', async () => {
    const world = await bench();
    await until('the watch is open', () => world.server.openWatches() === 1);
    world.server.put('cart', 2);
    world.server.put('orders', 5);
    await until('both are known', () => replicasOf(world, 'cart') === 2 && replicasOf(world, 'orders') === 5);
    world.server.remove('orders');
    await until('one is gone', () => !world.known.has('shop/orders'));
    const watched = world.server.requests.find(({ watch }) => watch);
    expect(watched?.query.get('allowWatchBookmarks')).toBe('true');
    expect(Number(watched?.query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(30);
    expect(world.server.requests.find(({ watch }) => !watch)?.query.get('limit')).toBe('500');
    expect(world.lists()).toBe(1);
    expect(world.reflector.health()).toMatchObject({ listed: true, objects: 1 });
    expect(world.reflector.health().trouble).toBeUndefined();
  });

  it('goes on after a cut in the middle of a line, without a list and without losing what happened meanwhile', async () => {
    const world = await bench();
    await until('the watch is open', () => world.server.openWatches() === 1);
    world.server.cutInMidLine();
    world.server.put('cart', 7);
    await until('the change is known', () => replicasOf(world, 'cart') === 7);
    expect(world.lists()).toBe(1);
    expect(world.changes.map(({ after }) => after)).toEqual([1, 7]);
  });

  it('puts characters and lines together however they are cut', async () => {
    const event = {
      type: 'ADDED',
      object: { metadata: { name: 'ö', namespace: 'shop', resourceVersion: '150' }, spec: { replicas: 3 } },
    };
    const world = await bench({
      before: (server) =>
        server.trouble('watch', { kind: 'raw', text: `${JSON.stringify(event)}\n\n`, after: 'wait' }),
    });
    await until('the object is known', () => replicasOf(world, 'ö') === 3);
  });

  it.each([
    ['an HTTP status', { kind: 'status', status: 410, message: 'too old resource version' }],
    [
      'an event',
      {
        kind: 'raw',
        after: 'wait',
        text: '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}\n',
      },
    ],
  ] as const)('lists anew when the server says by %s that it is too far behind', async (_, trouble) => {
    const world = await bench({ before: (server) => server.trouble('watch', trouble) });
    await until(
      'it was listed twice and watches',
      () => world.lists() === 2 && world.server.openWatches() === 1,
    );
    expect(world.changes).toHaveLength(1);
  });

  it('finds out by the new list what was deleted while it was away', async () => {
    const world = await bench();
    await until('the watch is open', () => world.server.openWatches() === 1);
    world.server.always('watch', { kind: 'status', status: 410 });
    world.server.cutInMidLine();
    world.server.remove('cart');
    await until('it is gone', () => world.known.size === 0);
  });

  it('recovers from refused connections, errors and closed connections, and says what is wrong meanwhile', async () => {
    const world = await bench({
      before: (server) => {
        server.trouble('list', { kind: 'hangUp' });
        server.always('list', { kind: 'status', status: 500, message: 'etcd is away' });
      },
    });
    await until('it says so', () => world.reflector.health().trouble === 'etcd is away');
    expect(world.reflector.health()).toMatchObject({ listed: false, staleMs: Number.POSITIVE_INFINITY });
    world.server.trouble('watch', { kind: 'status', status: 500 });
    world.server.always('list', undefined);
    await until('it watches', () => world.server.openWatches() === 1);
    await until('nothing is wrong any more', () => world.reflector.health().trouble === undefined);
  });

  it('waits as long as it is told to', async () => {
    const world = await bench({
      before: (server) =>
        server.trouble('list', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }),
    });
    await until('it was refused', () => world.lists() === 1);
    const from = Date.now();
    await until('it asked again', () => world.lists() === 2);
    expect(Date.now() - from).toBeGreaterThan(800);
  });

  it('does not storm a server that ends every watch at once', async () => {
    const world = await bench({
      timing: { backoff: { baseMs: 100, maxMs: 400, healthyMs: 60_000 } },
      before: (server) => server.always('watch', { kind: 'raw', text: '', after: 'end' }),
    });
    await until('some time has gone', () => world.watches() >= 4, 10_000);
    const from = world.watches();
    const started = Date.now();
    await until('half a second has gone', () => Date.now() - started > 500);
    expect(world.watches() - from).toBeLessThanOrEqual(4);
  });

  it('says that it has no right, keeps trying slowly, and goes on once it has', async () => {
    const message = 'rollouts.argoproj.io is forbidden: User "bot" cannot list resource "rollouts"';
    const world = await bench({
      before: (server) => server.always('list', { kind: 'status', status: 403, message }),
    });
    await until('it says so', () => world.reflector.health().trouble === message);
    const from = Date.now();
    await until('it tried again', () => world.lists() === 2);
    expect(Date.now() - from).toBeGreaterThan(150);
    world.server.always('list', undefined);
    await until('it watches', () => world.server.openWatches() === 1);
  });

  it.each([
    ['that swallows the request', { kind: 'blackHole' }],
    ['that opens and says nothing', { kind: 'mute' }],
  ] as const)('leaves a watch %s', async (_, trouble) => {
    const world = await bench({ before: (server) => server.trouble('watch', trouble) });
    await until('it watches again', () => world.server.openWatches() === 1);
    world.server.put('cart', 9);
    await until('the change is known', () => replicasOf(world, 'cart') === 9);
    expect(world.lists()).toBe(1);
  });

  it('stays on one watch as long as bookmarks come, and never is stale meanwhile', async () => {
    const world = await bench();
    await until('the watch is open', () => world.server.openWatches() === 1);
    const from = Date.now();
    await until('much more than the silence has gone', () => {
      world.server.bookmark();
      expect(world.reflector.health().staleMs).toBeLessThan(QUICK.silenceMs);
      return Date.now() - from > QUICK.silenceMs * 3;
    });
    expect(world.watches()).toBe(1);
  });

  it('goes on from the last bookmark', async () => {
    const world = await bench();
    await until('the watch is open', () => world.server.openWatches() === 1);
    world.server.bookmark();
    world.server.bookmark();
    await until('it watches anew after the silence', () => world.watches() === 2);
    expect(world.server.requests.at(-1)?.query.get('resourceVersion')).toBe('103');
    expect(world.warnings).toEqual([]);
  });

  it('goes on at once from where it was when it is renewed, from a watch that looks well and from a wait', async () => {
    const world = await bench({ timing: { backoff: { baseMs: 60_000, maxMs: 60_000, healthyMs: 60_000 } } });
    await until('the watch is open', () => world.server.openWatches() === 1);
    world.reflector.renew();
    await until('another is', () => world.watches() === 2 && world.server.openWatches() === 1);
    world.server.always('watch', { kind: 'status', status: 500 });
    world.server.cutInMidLine();
    await until('it waits', () => world.reflector.health().trouble !== undefined);
    world.server.always('watch', undefined);
    world.server.put('cart', 8);
    world.reflector.renew();
    await until('the change is known', () => replicasOf(world, 'cart') === 8);
    expect(world.lists()).toBe(1);
  });

  it('says once what is wrong, however often it tries', async () => {
    const world = await bench({
      timing: { refusedMs: 20 },
      before: (server) => server.always('list', { kind: 'status', status: 403, message: 'no right' }),
    });
    await until('it has tried often', () => world.lists() > 5);
    expect(world.warnings).toHaveLength(1);
  });

  it('loses nothing to a listener that throws', async () => {
    let calls = 0;
    const world = await bench({
      onChange: () => {
        calls += 1;
        if (calls === 1) throw new Error('a defect');
      },
    });
    await until('the watch is open', () => world.server.openWatches() === 1);
    world.server.put('cart', 4);
    await until('the next change arrives', () => replicasOf(world, 'cart') === 4);
  });

  it('goes on past an object that it cannot read, and forgets what it knew of it', async () => {
    const world = await bench();
    await until('it knows the object', () => replicasOf(world, 'cart') === 1);
    world.server.put('cart', Number.NaN);
    world.server.put('orders', 2);
    await until('the other one is known', () => replicasOf(world, 'orders') === 2);
    expect(world.known.has('shop/cart')).toBe(false);
  });

  it('lists anew after its time, whatever the watch said', async () => {
    const world = await bench({ timing: { relistMs: 300, watchSeconds: 1 } });
    await until('it lists again and again', () => world.lists() >= 3, 8_000);
    expect(world.changes).toHaveLength(1);
  });

  it('leaves no watch behind when it is stopped while it waits, and delivers nothing any more', async () => {
    const world = await bench({
      timing: { backoff: { baseMs: 1_000, maxMs: 1_000, healthyMs: 500 } },
      before: (server) => server.trouble('watch', { kind: 'status', status: 500 }),
    });
    await until('it waits', () => world.watches() === 1 && world.reflector.health().trouble !== undefined);
    const asked = world.server.requests.length;
    const from = Date.now();
    await world.reflector[Symbol.asyncDispose]();
    expect(Date.now() - from).toBeLessThan(300);
    await until('the wait would be over', () => Date.now() - from > 700);
    expect(world.server.requests).toHaveLength(asked);
  });

  it('closes its watch when it is stopped, and delivers nothing any more', async () => {
    const world = await bench();
    await until('the watch is open', () => world.server.openWatches() === 1);
    const delivered = world.changes.length;
    const stopping = world.reflector[Symbol.asyncDispose]();
    world.server.put('cart', 99);
    await stopping;
    await until('the server sees it go', () => world.server.openWatches() === 0);
    expect(world.changes).toHaveLength(delivered);
  });

  it('delivers nothing more when a listener stops it in the middle of a list', async () => {
    let stopped: PromiseLike<void> | undefined;
    const world = await bench({
      before: (server) => server.put('orders', 1),
      onChange: () => {
        stopped = world.reflector[Symbol.asyncDispose]();
      },
    });
    await until('it was stopped', () => stopped !== undefined);
    await stopped;
    expect(world.changes).toHaveLength(1);
  });

  it('leaks nothing, however often it is started and stopped', async () => {
    for (let i = 0; i < 20; i += 1) {
      const world = await bench();
      if (i % 2 === 0) await until('the watch is open', () => world.server.openWatches() === 1);
      await world.reflector[Symbol.asyncDispose]();
      await until('no watch is open', () => world.server.openWatches() === 0);
    }
  });

  it('asks real servers for less than a minute of silence, because observations are stale after one', () => {
    expect(REFLECTOR_TIMING.silenceMs).toBeLessThan(60_000);
  });
});
