import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { factCount, type Journey, standing, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

/** Slack's own window. Source: https://docs.slack.dev/authentication/verifying-requests-from-slack */
const TOO_OLD_SECONDS = 5 * 60 + 10;

describe('who is not Slack is not heard', { timeout: TEST_MS }, () => {
  it('a wrong signature and an old timestamp are refused with 401, and nothing is written down', async () => {
    const { workspace } = journey.world;
    await people.types('dev', '/release status', /./);
    const body =
      workspace.deliveries.findLast(({ wire }) => wire?.body.includes('command='))?.wire?.body ?? '';
    const before = await standing(journey);
    const forged = await workspace.raw.send(workspace.raw.sign(body, { secret: 'not-the-secret' }));
    const timestampSeconds = Math.floor(Date.now() / 1000) - TOO_OLD_SECONDS;
    const old = await workspace.raw.send(workspace.raw.sign(body, { timestampSeconds }));
    expect([forged, old]).toMatchObject([{ status: 401 }, { status: 401 }]);
    expect(await standing(journey)).toEqual(before);
  });

  it('a signed request that is sent again runs once', async () => {
    const { workspace, gitops } = journey.world;
    const name = await people.releasesToDev('web@1.8.0');
    const delivery = workspace.deliveries.findLast(({ wire }) => wire?.body.includes('cut+dev'));
    if (delivery === undefined) throw new Error('the cut was not delivered');
    const [facts, head] = [await factCount(journey), await gitops.head('main')];
    const again = await workspace.raw.replay(delivery);
    expect(again).toMatchObject({ status: 200 });
    // Whatever the repeated request did would be done before what is asked after it is answered.
    await people.types('ana', '/release status', /./);
    expect(await factCount(journey)).toBe(facts);
    expect(await gitops.head('main')).toBe(head);
    const boards = workspace
      .state()
      .messages('releases-dev')
      .filter(({ text }) => text.startsWith(name));
    expect(boards).toHaveLength(1);
  });
});
