import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { type Journey, startJourney, TEST_MS } from './world.ts';

/** Longer than a managed Redis takes to fail over, and than anything of ours waits for an answer of it. */
const OUTAGE_MS = 45_000;

let journey: Journey;
let people: People;
let inDev: string;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
  inDev = await people.releasesToDev('web@1.8.0');
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

async function isReady(): Promise<boolean> {
  return (await fetch(`${journey.world.bot().pagesUrl}/readyz`)).ok;
}

/** Writes to Rollouts of production that were taken. */
function writes(): number {
  return journey.world.cluster.requests.filter(
    ({ method, namespace, code }) => method === 'PATCH' && namespace === 'shop-prod' && code === 200,
  ).length;
}

/** What brought each commit of the deployed branch, newest first. */
async function deployed(): Promise<string[]> {
  const log = await journey.world.gitops.log('main');
  return log.flatMap(({ message }) => /^Release-Id: (.+)$/m.exec(message)?.[1] ?? []);
}

describe('the store is away for 45 s in the middle of a canary', { timeout: TEST_MS + OUTAGE_MS }, () => {
  it('everything asked is refused with the way to do it by hand, and afterwards the release goes on by itself', async () => {
    const { redisLine, metrics, world } = journey;
    metrics.setDown(true);
    const name = await people.cuts('ana', 'prod', 'web@1.8.0');
    await people.presses('ben', 'prod', 'Approve');
    await people.board('prod', name, /web at 33 %/);
    const { pid } = world.bot();
    redisLine.cut();
    const mended = performance.now() + OUTAGE_MS;
    try {
      await expect.poll(isReady).toBe(false);
      await people.types('dev', '/release cut dev stock@1.8.0', /can't reach my store/);
      metrics.setDown(false);
      await new Promise((resolve) => setTimeout(resolve, mended - performance.now()));
      await people.types(
        'cleo',
        '/rollback web prod',
        /my store \(Redis\)[\s\S]*argo rollouts abort web -n shop-prod/,
      );
      expect(writes()).toBe(0);
    } finally {
      redisLine.mend();
    }
    await people.board('prod', name, /· released ·/);
    await expect.poll(isReady).toBe(true);
    expect(world.bot().pid).toBe(pid);
    // Two pauses were ended, each once, and nothing that was refused was done.
    expect(writes()).toBe(2);
    expect(await deployed()).toEqual([`prod/${name}`, `dev/${inDev}`]);
  });
});
