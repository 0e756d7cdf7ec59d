import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ledgerKeys } from '../../../src/adapters/redis/keys.ts';
import type { Store } from '../../../src/adapters/redis/store.ts';
import { Receipt } from '../../../src/domain/effect.ts';
import type { StreamId } from '../../../src/domain/ids.ts';
import { BOT_USER } from '../../../src/sandbox/shop/accounts.ts';
import { type ShopService, shopOf } from '../../../src/sandbox/shop/shop.ts';
import { digestInGit } from '../../../src/sandbox/story/expect.ts';
import { type Narrator, startNarrator } from '../../../src/sandbox/story/narrator.ts';
import { sceneOf } from '../../../src/sandbox/story/scene.ts';
import { playStory } from '../../../src/sandbox/story/story.ts';
import { type Line, layLine } from '../../journeys/line.ts';
import { INSTALLATION } from '../../journeys/world.ts';
import { startTestRedis, type TestRedis } from '../../servers/redis.ts';
import { ARGOCD_NAMESPACE } from '../argocd.ts';
import { spelled, type Told, writesInLog, writesInReceipt } from '../told-writes.ts';
import { waitUntil } from '../wait-until.ts';
import { type RealWorld, startRealWorld } from './real-world.ts';

/** A control plane starts in 20 s on an idle machine, and takes seven times that on one that builds and tests. */
const START_MS = 400_000;
const STORY_MS = 600_000;

/** The last environment, where people decide. */
const PROD = 'prod';
const NAMESPACE = 'shop-prod';

const Rollout = z.object({
  metadata: z.object({ generation: z.int() }),
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })).min(1) }) }),
  }),
});

/** Asks Argo CD to read everything anew; it takes the annotation away when it has. */
const REFRESH = 'argocd.argoproj.io/refresh';

const Answered = z.object({
  kind: z.enum(['effect.done', 'effect.refused']),
  data: z.object({ receipt: Receipt.optional() }),
});

const Application = z
  .object({
    metadata: z.object({
      resourceVersion: z.string(),
      annotations: z.record(z.string(), z.string()).default({}),
    }),
    status: z.object({
      sync: z.object({ status: z.string(), revision: z.string() }),
      health: z.object({ status: z.string() }),
    }),
  })
  .transform(({ metadata, status }) => ({
    ...status,
    version: Number(metadata.resourceVersion),
    isAsked: REFRESH in metadata.annotations,
  }));

let redis: TestRedis;
/** The program is given an address of TCP. */
let redisLine: Line;
/** The test's own look into the record. */
let store: Store;
let world: RealWorld;
let narrator: Narrator;
const lines: string[] = [];

beforeAll(async () => {
  redis = await startTestRedis();
  store = redis.connect();
  redisLine = await layLine(redis.url);
  world = await startRealWorld({
    shop: shopOf(),
    environment: process.env,
    secrets: { REDIS_URL: `redis://127.0.0.1:${redisLine.port}` },
  });
  narrator = startNarrator(world, (line) => void lines.push(line));
}, START_MS);

afterAll(async () => {
  narrator?.stop();
  await world?.[Symbol.asyncDispose]();
  await redisLine?.[Symbol.asyncDispose]();
  await redis?.stop();
});

/** What a failing test needs to be understood: what people saw last. */
async function told(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    throw new Error(`the last that was said:\n${lines.slice(-15).join('\n')}`, { cause });
  }
}

/** The service that the story is about. */
function firstService(): ShopService {
  const [service] = world.shop.services;
  if (service === undefined) throw new Error('the shop is empty');
  return service;
}

interface Seen {
  image: string;
  generation: number;
}

function seen(object: unknown): Seen {
  const { metadata, spec } = Rollout.parse(object);
  return { image: spec.template.spec.containers[0]?.image ?? '', generation: metadata.generation };
}

/** As it was last heard of. */
function rollout(name: string): Seen {
  return seen(world.cluster.get('Rollout', NAMESPACE, name));
}

/** As it is: what is compared with later changes must not itself be late. */
async function rolloutNow(name: string): Promise<Seen> {
  return seen(await world.cluster.plane.get('rollout', name, NAMESPACE));
}

function application(name: string): z.infer<typeof Application> {
  return Application.parse(world.cluster.get('Application', ARGOCD_NAMESPACE, `${name}-${PROD}`));
}

/** Every write to the cluster that the record has a receipt of. */
async function writesInRecord(): Promise<Told[]> {
  const keys = ledgerKeys(INSTALLATION);
  const order = await store.run('read the order', (client) => client.lrange(keys.order, 0, -1));
  const streams = new Set(order.map((entry) => entry.slice(entry.indexOf(' ') + 1) as StreamId));
  const facts = await Promise.all(
    [...streams].map((stream) =>
      store.run('read a stream', (client) => client.lrange(keys.stream(stream), 0, -1)),
    ),
  );
  return facts.flat().flatMap((line) => {
    const receipt = Answered.safeParse(JSON.parse(line)).data?.data.receipt;
    return receipt ? writesInReceipt(receipt) : [];
  });
}

/** Rolls production back, and returns when that is said to be clean. */
async function rollBack(): Promise<void> {
  const cleans = () =>
    world.workspace
      .state()
      .messages(`releases-${PROD}`)
      .filter((message) => /Clean/.test(JSON.stringify(message))).length;
  const before = cleans();
  await sceneOf(world, narrator).rollsBack('cleo', PROD);
  await world.workspace.waitFor(() => cleans() > before, { deadlineMs: 60_000, what: 'another Clean' });
}

describe('on a real control plane with Argo CD', () => {
  it(
    'the story holds: cut, approved, committed, applied, judged and released; and a bad version taken back',
    () => told(() => playStory(world, narrator)),
    STORY_MS,
  );

  it(
    'a rollback holds under self-heal, and a plain undo is reverted',
    () =>
      told(async () => {
        const { name, version } = firstService();
        const before = rollout(name);
        await rollBack();
        const target = world.digests[name]?.[version] ?? '';
        expect(await digestInGit(world, PROD, firstService())).toBe(target);
        const rolledBack = await rolloutNow(name);
        expect(rolledBack.image).toContain(target);
        expect(before.image).not.toContain(target);

        await world.cluster.plane.argoRollouts('undo', name, '--namespace', NAMESPACE);
        const undone = world.cluster.requests.filter(
          ({ verb, plural, namespace, code, body }) =>
            verb === 'patch' &&
            plural === 'rollouts' &&
            namespace === NAMESPACE &&
            code === 200 &&
            JSON.stringify(body ?? '').includes(before.image),
        );
        expect(undone.at(-1)?.user).toBe(world.cluster.plane.admin.user);
        await world.cluster.waitFor(
          'self-heal takes the undo back',
          () => {
            const { image, generation } = rollout(name);
            return generation > rolledBack.generation && image === rolledBack.image;
          },
          60_000,
        );

        // What Argo CD brought back is the rollback's own commit; reading everything anew changes nothing.
        const refresh = ['annotate', '--namespace', ARGOCD_NAMESPACE, `application/${name}-${PROD}`];
        const asked = await world.cluster.plane.kubectl(
          ...refresh,
          `${REFRESH}=hard`,
          '--output=jsonpath={.metadata.resourceVersion}',
        );
        await world.cluster.waitFor(
          'Argo CD has looked again and agrees',
          () => {
            const { sync, health, isAsked, version } = application(name);
            return (
              version > Number(asked) && !isAsked && sync.status === 'Synced' && health.status === 'Healthy'
            );
          },
          60_000,
        );
        expect(application(name).sync.revision).toBe(await world.gitops.head('main'));
        expect(rollout(name).image).toBe(rolledBack.image);
      }),
    STORY_MS,
  );

  it('the record has a receipt of every write that the API server logged as the bot’s, and of no other', async () => {
    const bot = { bot: BOT_USER, cluster: 'shop' };
    let receipts: string[] = [];
    let writes: string[] = [];
    const areAsMany = async () => {
      receipts = spelled(await writesInRecord());
      writes = spelled(writesInLog(await world.cluster.plane.auditEvents(), bot));
      return receipts.length === writes.length;
    };
    // Both are written after the answer: the last of them may still be on its way.
    const what = () => `as many receipts (${receipts.join('; ')}) as writes (${writes.join('; ')})`;
    await waitUntil(areAsMany, { what });
    expect(receipts).toEqual(writes);
    expect(writes.length).toBeGreaterThan(5);
  });
});
