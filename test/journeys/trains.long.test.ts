import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { SMALL_SHOP } from './shop.ts';
import { commitsOf, type Journey, startJourney, TEST_MS } from './world.ts';

/** A train of every minute: nobody waits longer than that for the next. */
const SHOP = { ...SMALL_SHOP, trains: { minutely: { environment: 'prod', schedule: '* * * * *' } } };
const PATIENCE_MS = 120_000;

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney(SHOP);
  people = peopleOf(journey.world, PATIENCE_MS);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

describe('a train that leaves by itself', { timeout: 2 * PATIENCE_MS }, () => {
  it('says when there is nothing to take, cuts what was verified since, and moves only when it is approved', async () => {
    const { gitops } = journey.world;
    await people.reads('prod', /Train minutely → prod: nothing to take/);
    await people.releasesToDev('web@1.8.0');
    const before = await gitops.head('main');
    const board = await people.reads('prod', /minutely-\S+ → prod · 1 service · wants 1 approval/);
    expect(board.visible).toContain('cut by train minutely');
    expect(await gitops.head('main')).toBe(before);
    await people.presses('ben', 'prod', 'Approve');
    const name = /(minutely-\S+) →/.exec(board.text)?.[1] ?? '';
    await people.board('prod', name, /· released ·/);
    const [commit] = await commitsOf(journey, `prod/${name}`);
    expect(commit).toContain('Requested-By: signalbox:policy:prod');
    expect(commit).toMatch(/Approved-By: slack:\S+/);
  });
});
