import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { commitsOf, factCount, type Journey, PATIENCE_MS, startJourney, TEST_MS } from './world.ts';

const EITHER = /can't (reach|tell)[\s\S]* my store/;

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

describe('the store is away, or empty', { timeout: TEST_MS }, () => {
  it('cut off in the middle, nothing is accepted, people hear so at once, and the release goes on afterwards', async () => {
    const { redisLine, world } = journey;
    const name = await people.cuts('dev', 'dev', 'web@1.8.0');
    redisLine.cut();
    try {
      const began = performance.now();
      // The first may have been on its way when the line broke, and then nobody can tell.
      await people.types('dev', '/release cut dev stock@1.8.0', EITHER);
      expect(performance.now() - began).toBeLessThan(3_000);
      // On a busy machine so may the next; once the program has seen the line break, it is sure.
      let said = '';
      for (let tries = 0; tries < 5 && !said.includes("can't reach my store"); tries += 1)
        said = await people.types('cleo', '/release status', EITHER);
      expect(said).toContain("can't reach my store");
    } finally {
      redisLine.mend();
    }
    await people.board('dev', name, /· released ·/);
    expect(await commitsOf(journey, `dev/${name}`)).toHaveLength(1);
    expect(await world.gitops.log('main')).toHaveLength(2);
  });

  it('frozen instead of cut, the same', async () => {
    const { redisLine } = journey;
    const name = await people.cuts('dev', 'dev', 'web@1.9.0');
    redisLine.freeze();
    try {
      await people.types('dev', '/release cut dev stock@1.9.0', /can't (reach|be sure)|my store/);
    } finally {
      redisLine.mend();
    }
    await people.board('dev', name, /· released ·/);
    expect(await commitsOf(journey, `dev/${name}`)).toHaveLength(1);
  });

  it('away at the start, the program waits for it and then does its work', async () => {
    const { redisLine, world } = journey;
    redisLine.cut();
    const starting = world.restartBot();
    setTimeout(() => redisLine.mend(), 1_500);
    await starting;
    await people.releasesToDev('web@1.10.0');
  });

  it('emptied in the middle of a wave, it is restored from Git, and a person confirms before anything moves', async () => {
    const { store, world, metrics } = journey;
    metrics.setDown(true);
    const name = await people.cuts('ana', 'prod', 'web@1.10.0');
    await people.presses('ben', 'prod', 'Approve');
    await people.board('prod', name, /web at 33 %[\s\S]*Waits for gate/);
    await archived(await factCount(journey));
    await store.run('empty Redis', (redis) => redis.flushall());
    metrics.setDown(false);
    await people.board('prod', name, /restored from Git/);
    const resumed = () =>
      world.cluster.requests.some(
        ({ method, namespace, code }) => method === 'PATCH' && namespace === 'shop-prod' && code === 200,
      );
    expect(resumed()).toBe(false);
    await reachAgain();
    await people.presses('ana', 'prod', 'Nothing is missing');
    await people.board('prod', name, /· released ·/);
    expect(await commitsOf(journey, `prod/${name}`)).toHaveLength(1);
    const boards = world.workspace
      .state()
      .messages('releases-prod')
      .filter(({ text }) => text.startsWith(`${name} →`));
    expect(boards).toHaveLength(1);
  });
});

/** The program began a new life, on another port where its configuration leaves the port open, as the sandbox's does. */
async function reachAgain(): Promise<void> {
  const log = await readFile(join(journey.world.directory, 'signalbox.log'), 'utf8');
  const port = [...log.matchAll(/"slackPort":(\d+)[^\n]*"msg":"ready"/g)].at(-1)?.[1];
  journey.world.workspace.connectApp({ requestUrl: `http://127.0.0.1:${port}/slack/events` });
}

/** Waits until Git holds the fact with this number: what is younger may be lost with the store. */
async function archived(seq: number): Promise<void> {
  const record = await journey.world.git.createRepository('record', {});
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    for (const branch of await record.branches()) {
      const [newest] = await record.log(branch);
      const last = /facts \d+ to (\d+)/.exec(newest?.message ?? '')?.[1];
      if (Number(last) >= seq) return;
    }
    if (performance.now() > until) throw new Error(`fact ${seq} was not archived`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
