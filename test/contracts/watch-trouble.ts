import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { ReflectorTiming } from '../../src/adapters/kubernetes/reflector-timing.ts';
import { until } from '../adapters/kubernetes/until.ts';
import {
  furnish,
  NAMESPACE,
  openWatchedWorld,
  stirElsewhere,
  type TroubledServer,
  type WatchedWorld,
} from './watched-world.ts';

const BINDINGS = `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}/rolebindings`;
const ROLLOUTS = `/apis/argoproj.io/v1alpha1/namespaces/${NAMESPACE}/rollouts`;

const Bindings = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string() }), roleRef: z.unknown(), subjects: z.unknown() }),
  ),
});

/** Longest wait for something that is to be found out without a recovery, in milliseconds. */
const FIND_OUT_MS = 15_000;

/**
 * What a watch must outlive, in production's own times. After each trouble the product's state equals a fresh list within five
 * seconds, and the server has one watch of each kind open and no other.
 */
export function watchTroubleContract(name: string, start: () => Promise<TroubledServer>): void {
  describe(`watches in trouble, ${name}`, { timeout: 120_000 }, () => {
    let server: TroubledServer;
    beforeAll(async () => {
      server = await start();
      await furnish(server);
    });
    afterAll(() => server?.[Symbol.asyncDispose]());

    const open = async (timing?: Partial<ReflectorTiming>): Promise<WatchedWorld> => {
      const world = await openWatchedWorld(server, timing);
      onTestFinished(() => world[Symbol.asyncDispose]());
      await world.recover();
      return world;
    };

    it.each(['killed', 'stopped'] as const)(
      'outlive an API server that is %s and starts again',
      async (how) => {
        const world = await open();
        await server.restart(how);
        await world.stir();
        await world.recover();
        expect(world.troubles()).toEqual([]);
      },
    );

    it('list anew when what they missed is forgotten', async () => {
      const world = await open();
      const accept = world.proxy.refuse();
      await world.stir();
      await server.forgetHistory();
      accept();
      await world.recover();
      expect(world.ends.some((line) => line.includes('"gone"'))).toBe(true);
    });

    it('outlive connections that are cut in the middle of a chunk', async () => {
      const world = await open();
      expect(world.proxy.cutInMidChunk()).toBe(4);
      await world.stir();
      await world.recover();
      expect(world.proxy.watches.length).toBeGreaterThan(4);
    });

    it('find out that packets are dropped, and go on when they pass, although old connections stay dead', async () => {
      const world = await open();
      const end = world.proxy.blackHole();
      await until('every watch says so', () => world.troubles().length === 4, FIND_OUT_MS);
      await world.stir();
      end();
      await world.recover();
      expect(world.troubles()).toEqual([]);
    });

    it('outlive that their rights are taken away and given back', async () => {
      const world = await open();
      const { items } = Bindings.parse((await server.ask('GET', BINDINGS)).body);
      for (const { metadata } of items) await server.ask('DELETE', `${BINDINGS}/${metadata.name}`);
      const isAllowed = async (): Promise<boolean> =>
        (await server.ask('GET', ROLLOUTS, { as: 'bot' })).code === 200;
      await until('the rights are gone', async () => !(await isAllowed()));
      world.proxy.cutInMidChunk();
      await world.stir();
      await until(
        'somebody says so',
        () => world.troubles().some((each) => each.includes('forbidden')),
        FIND_OUT_MS,
      );
      for (const { metadata, ...rest } of items) {
        await server.ask('POST', BINDINGS, { body: { metadata: { name: metadata.name }, ...rest } });
      }
      await until('the rights are there', isAllowed);
      await world.recover();
      expect(world.troubles()).toEqual([]);
    });

    it('lose nothing to a listener that is slow', async () => {
      const world = await open();
      let rung = 0;
      const stop = world.clusters.onChange(() => {
        rung += 1;
        const from = performance.now();
        while (performance.now() - from < 200);
      });
      world.clusters.watch(
        ['first-a', 'first-b', 'first-c'].map((rollout) => ({
          cluster: 'east',
          namespace: NAMESPACE,
          rollout,
        })),
      );
      await world.stir();
      await world.stir();
      stop();
      await world.recover();
      expect(rung).toBeGreaterThan(0);
    });

    it('go on from the last bookmark, not from their own last change', async () => {
      const world = await open({ watchSeconds: server.bookmarkedWatchSeconds });
      const first = versionsAsked(world);
      await stirElsewhere(server);
      await until(
        'every watch was asked for from a newer version',
        () => {
          const later = Object.entries(versionsAsked(world));
          return later.every(([kind, version]) => Number(version) > Number(first[kind]));
        },
        30_000,
      );
      expect(world.ends.filter((line) => line.includes('"listed"'))).toHaveLength(4);
      await world.recover();
    });
  });
}

/** From which version each kind was watched last. */
function versionsAsked({ proxy }: WatchedWorld): Record<string, string> {
  return Object.fromEntries(
    proxy.watches.map((asked) => {
      const { pathname, searchParams } = new URL(asked, 'http://server');
      return [pathname.slice(pathname.lastIndexOf('/') + 1), searchParams.get('resourceVersion') ?? ''];
    }),
  );
}
