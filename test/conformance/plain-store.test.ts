import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConformanceTarget } from './cluster/client.ts';
import { openPlainStore } from './cluster/plain-store.ts';
import { Stage } from './cluster/stage.ts';
import { clusterCases } from './cluster-cases.ts';

/** So few that a case fails by what it sees, and not because it waited for the others. */
const AT_A_TIME = 12;

let store: Awaited<ReturnType<typeof openPlainStore>>;

beforeAll(async () => {
  store = await openPlainStore();
});

afterAll(() => store?.[Symbol.asyncDispose]());

it('no case holds on a cluster that only keeps what it is given', async () => {
  const target: ConformanceTarget = {
    url: store.url,
    adminToken: 'admin',
    botToken: 'bot',
    botName: 'signalbox',
    prometheusUrl: 'http://127.0.0.1:9',
    // There is nothing to wait for: nobody works on what is stored.
    deadlineMs: 1000,
    settleMs: 1,
  };
  const holds = async ({ run }: (typeof clusterCases)[number]): Promise<boolean> => {
    await using stage = await Stage.open(target, 'plain');
    return run(stage).then(
      () => true,
      () => false,
    );
  };
  const held: string[] = [];
  for (let first = 0; first < clusterCases.length; first += AT_A_TIME) {
    const some = clusterCases.slice(first, first + AT_A_TIME);
    const results = await Promise.all(some.map(holds));
    held.push(...some.filter((_, index) => results[index]).map(({ name }) => name));
  }
  expect(held).toEqual([]);
});
