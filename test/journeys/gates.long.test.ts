import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { type Journey, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());
beforeEach(() => journey.metrics.tells({}));

/** Whether anything let a canary of production go on. */
function resumes(): number {
  const { requests } = journey.world.cluster;
  return requests.filter(
    ({ method, namespace, code, body }) =>
      method === 'PATCH' &&
      namespace === 'shop-prod' &&
      code === 200 &&
      JSON.stringify(body ?? '').includes('pauseConditions'),
  ).length;
}

async function toProduction(version: string): Promise<string> {
  await people.releasesToDev(`web@${version}`);
  const name = await people.cuts('ana', 'prod', `web@${version}`);
  await people.presses('ben', 'prod', 'Approve');
  return name;
}

/** What gates are told at a pause, and what stands in the release's thread then. */
const UNCLEAR = {
  nan: { answers: { errorRatio: ['NaN'] }, words: /is inconclusive[\s\S]*NaN/ },
  noData: { answers: { latency: [] }, words: /is inconclusive[\s\S]*no data/ },
  noTraffic: { answers: { traffic: [] }, words: /is inconclusive[\s\S]*too little traffic/ },
  manySeries: { answers: { errorRatio: ['0.001', '0.002'] }, words: /is inconclusive[\s\S]*2 series/ },
} as const;

describe('only a pass goes forward', { timeout: TEST_MS }, () => {
  it.each([
    ['NaN and then no data', '1.8.0', UNCLEAR.nan, UNCLEAR.noData],
    ['no traffic and then many series', '1.9.0', UNCLEAR.noTraffic, UNCLEAR.manySeries],
  ] as const)('%s is held each time for a person, who may go on', async (_, version, first, second) => {
    const before = resumes();
    journey.metrics.tells(first.answers);
    const name = await toProduction(version);
    await people.board('prod', name, /web at 33 %|HELD/);
    await people.reads('prod', first.words);
    await people.board('prod', name, /HELD/);
    expect(resumes()).toBe(before);
    journey.metrics.tells(second.answers);
    await people.presses('ana', 'prod', 'Go on anyway');
    await people.reads('prod', second.words);
    await people.board('prod', name, /HELD/);
    expect(resumes()).toBe(before + 1);
    await people.presses('ana', 'prod', 'Go on anyway');
    await people.board('prod', name, /· released ·/);
    expect(resumes()).toBe(before + 2);
  });

  it('a Prometheus that is away holds the canary where it is, and it goes on when it is back', async () => {
    journey.metrics.setDown(true);
    const before = resumes();
    const name = await toProduction('1.10.0');
    try {
      await people.board('prod', name, /web at 33 %[\s\S]*error-ratio[^\n]*Prometheus/);
      expect(resumes()).toBe(before);
    } finally {
      journey.metrics.setDown(false);
    }
    await people.board('prod', name, /· released ·/);
  });

  it('a value beyond its limit aborts the canary as policy, and a person puts Git back', async () => {
    journey.metrics.tells({ errorRatio: ['0.031'] });
    const name = await toProduction('1.11.0');
    await people.board('prod', name, /HELD[\s\S]*3\.1 %/);
    const abort = await journey.world.cluster.waitFor('an abort', () =>
      journey.world.cluster.requests.find(
        ({ namespace, code, body, method }) =>
          method === 'PATCH' &&
          namespace === 'shop-prod' &&
          code === 200 &&
          JSON.stringify(body).includes('abort'),
      ),
    );
    expect(abort.impersonated?.user).toBe('signalbox:policy:prod');
    await people.presses('cleo', 'prod', 'Abort and put back');
    await people.reads('prod', /Clean ·/);
  });
});
