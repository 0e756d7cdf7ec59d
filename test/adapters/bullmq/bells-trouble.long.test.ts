import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/errors.ts';
import type { Bell } from '../../../src/ports/bells.ts';
import { startRedisProxy, startTestRedis, type TestRedis } from '../../servers/redis.ts';
import { waitUntil } from '../../servers/wait.ts';
import { handling, startBelfry, type TestBelfry } from './start-belfry.ts';

const recovery: Bell = { kind: 'recovery', release: 'prod/rollback-2026-11-20.1' };
const release: Bell = { kind: 'release', release: 'prod/checkout-2026-11-20.1' };

describe('bells, when something breaks', () => {
  let redis: TestRedis;
  const open: TestBelfry[] = [];
  const belfry = () => {
    const one = startBelfry(redis.url);
    open.push(one);
    return one;
  };
  beforeEach(async () => {
    redis = await startTestRedis();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
    await redis.stop();
  });

  /** Counts looks at releases and recoveries. */
  const counting = () => {
    const looks = { release: 0, recovery: 0 };
    const handlers = {
      release: async () => {
        looks.release += 1;
      },
      recovery: async () => {
        looks.recovery += 1;
      },
    };
    return { looks, handlers: handling(handlers) };
  };

  it('begins a recovery at once, whatever its queue is at', async () => {
    const proxy = await startRedisProxy(redis.url);
    const one = startBelfry(redis.url, proxy.url);
    const { looks, handlers } = counting();
    const answering = one.answer(handlers);
    await waitUntil(() => (answering.canaryAges().recovery ?? 0) > 0);
    proxy.hang();
    const ringing = one.bells.ring(recovery);
    await waitUntil(() => looks.recovery === 1, { withinMs: 1_000 });
    await ringing;
    await answering.stop(1_000);
    await one.close();
    await proxy.close();
  });

  it('says in time that a ring was not taken while Redis is away, and takes it when Redis is back', async () => {
    const ringer = belfry();
    const { looks, handlers } = counting();
    const answering = belfry().answer(handlers);
    await ringer.bells.ring(release);
    await waitUntil(() => looks.release === 1);
    await redis.kill();
    const began = performance.now();
    for (const options of [{}, { delayMs: 100 }]) {
      await expect(ringer.bells.ring(release, options)).rejects.toThrow(UnavailableError);
    }
    expect(performance.now() - began).toBeLessThan(4_000);
    await redis.restart();
    await waitUntil(() =>
      ringer.bells.ring(release).then(
        () => true,
        () => false,
      ),
    );
    await waitUntil(() => looks.release >= 2);
    await answering.stop(2_000);
  });

  it('keeps a failed look in mind while Redis is away', async () => {
    const one = belfry();
    let looks = 0;
    const answering = one.answer(
      handling({
        release: async () => {
          looks += 1;
          if (looks > 1) return;
          await redis.kill();
          throw new UnavailableError('Redis is away');
        },
      }),
    );
    await one.bells.ring(release);
    await waitUntil(() => looks === 1);
    await redis.restart();
    await waitUntil(() => looks >= 2);
    await answering.stop(2_000);
  });

  it('stops in time while Redis is away, and while a look does not end', async () => {
    const one = belfry();
    const answering = one.answer(handling({ release: () => new Promise(() => undefined) }));
    await one.bells.ring(release);
    await redis.kill();
    const began = performance.now();
    await answering.stop(1_500);
    await one.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    await redis.restart();
  });

  it('gives the looks of a killed process to another within seconds, more than once', async () => {
    const start = async (): Promise<{ child: ChildProcess; next(): Promise<string | undefined> }> => {
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL('hanging-worker.ts', import.meta.url)), redis.url],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      return { child, next: async () => (await lines.next()).value };
    };
    const kill = async (child: ChildProcess) => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    };
    const ringer = belfry();
    const first = await start();
    expect(await first.next()).toBe('ready');
    await ringer.bells.ring(recovery);
    expect(await first.next()).toBe('recovery');
    const second = await start();
    expect(await second.next()).toBe('ready');
    await kill(first.child);
    expect(await second.next()).toBe('recovery');
    const { looks, handlers } = counting();
    const answering = belfry().answer(handlers);
    await kill(second.child);
    await waitUntil(() => looks.recovery >= 1, { withinMs: 6_000 });
    await answering.stop(2_000);
  });

  it('looks at a release in one process at a time, whichever is rung', async () => {
    let atOnce = 0;
    let most = 0;
    let looks = 0;
    const handlers = {
      release: async () => {
        looks += 1;
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setTimeout(resolve, 20));
        atOnce -= 1;
      },
    };
    const both = [belfry(), belfry()];
    const answering = both.map((one) => one.answer(handling(handlers)));
    for (let i = 0; i < 20; i++) await Promise.all(both.map((one) => one.bells.ring(release)));
    await waitUntil(() => looks >= 3);
    await Promise.all(answering.map((each) => each.stop(3_000)));
    expect(most).toBe(1);
  });

  it('leaves to others the queues that it cannot answer whole', async () => {
    const { looks, handlers } = counting();
    const idle = async () => undefined;
    const { request = idle, recovery: recover = idle, flags = idle, ...others } = handlers;
    const recovering = belfry();
    const role = recovering.answer({ request, recovery: recover, flags });
    expect(Object.keys(role.canaryAges())).toEqual(['recovery']);
    await recovering.bells.ring(release);
    await recovering.bells.ring(recovery);
    await waitUntil(() => looks.recovery === 1);
    expect(looks.release).toBe(0);
    const working = belfry().answer({ ...others, request });
    expect(Object.keys(working.canaryAges())).toEqual(['look', 'speak']);
    await waitUntil(() => looks.release === 1);
    const none = belfry().answer(handlers, { look: 0, recovery: 0, speak: 0 });
    expect(none.canaryAges()).toEqual({});
    await Promise.all([role, working, none].map((each) => each.stop(2_000)));
  });

  it('knows how long ago each queue last carried something through', async () => {
    const one = belfry();
    const answering = one.answer(counting().handlers);
    await waitUntil(() => Object.values(answering.canaryAges()).every((age) => age < 1_000));
    await redis.kill();
    const age = () => answering.canaryAges().recovery ?? 0;
    const before = age();
    await waitUntil(() => age() > before + 50);
    await redis.restart();
    await answering.stop(2_000);
  });
});
