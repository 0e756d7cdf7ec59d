import { afterAll, beforeAll, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { FIRST } from './shop.ts';
import { type Journey, startJourney, TEST_MS } from './world.ts';

/** Until a rollback that has written everything may be asked for again, a minute, and what comes before and after. */
const LONG_MS = 150_000;
const FILE = 'clusters/dev/apps/web/values.yaml';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world, LONG_MS);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

it('what somebody pushed over a rollback is put back again from its board', {
  timeout: 2 * LONG_MS,
}, async () => {
  const { gitops, digests, workspace } = journey.world;
  const present = async () => (await gitops.read('main', FILE)) ?? '';
  const restored = async () => (await present()).includes(digests['web']?.[FIRST] ?? 'nothing');
  await people.releasesToDev('web@1.8.0');
  const bad = await present();
  await people.opens('cleo', '/rollback web dev', /Roll back in dev/);
  await workspace.person('cleo').submit();
  await expect.poll(restored, { timeout: LONG_MS, interval: 10 }).toBe(true);
  await gitops.push({ branch: 'main', files: { [FILE]: bad } });
  expect(await restored()).toBe(false);
  const board = await people.reads('dev', /Put it back again/);
  expect(board.visible).not.toMatch(/Clean ·/);
  await people.presses('cleo', 'dev', 'Put it back again');
  await people.reads('dev', /Clean ·/);
  expect(await restored()).toBe(true);
  const rollbacks = (await gitops.log('main')).filter(({ message }) =>
    message.includes('Release-Intent: rollback'),
  );
  expect(rollbacks).toHaveLength(2);
});
