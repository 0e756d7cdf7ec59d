import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerKeys } from '../../src/adapters/redis/keys.ts';
import { errorOf } from './api.ts';
import { report } from './ci.ts';
import { type People, peopleOf } from './people.ts';
import { INSTALLATION, type Journey, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

/** An image of the shop, by its digest. */
function imageOf(service: string, version: string): string {
  const { registry, digests } = journey.world;
  return `${registry.host}/shop/${service}@${digests[service]?.[version]}`;
}

/** How often anything was reported of web. */
function reports(): Promise<number> {
  const stream = ledgerKeys(INSTALLATION).stream('service:web');
  return journey.store.run('count reports', (redis) => redis.llen(stream));
}

const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';
const BUILD = 'https://ci.example/builds/42';

describe('what builds report is what a cut of the first environment takes', { timeout: TEST_MS }, () => {
  it('says that there is nothing while nobody has reported anything', async () => {
    expect(await people.types('dev', '/release cut dev', /Nothing to release/)).toContain(
      'dev is the first environment',
    );
  });

  it('is recorded before it is answered, once, with its tag resolved', async () => {
    const { registry, digests } = journey.world;
    const body = {
      service: 'web',
      image: `${registry.host}/shop/web:1.8.0`,
      commit: COMMIT,
      build: BUILD,
      evidence: { coverage: { lines: 83.6 } },
    };
    const first = await report(journey, body);
    expect(first).toMatchObject({
      status: 202,
      json: {
        state: 'recorded',
        isRepeated: false,
        images: { web: { digest: digests['web']?.['1.8.0'], tag: '1.8.0' } },
      },
    });
    const stream = ledgerKeys(INSTALLATION).stream('service:web');
    const [fact] = await journey.store.run('read a service', (redis) => redis.lrange(stream, 0, -1));
    expect(fact).toContain('"signalbox:reporter:ci"');
    const before = await reports();
    expect(await report(journey, body)).toMatchObject({ status: 202, json: { isRepeated: true } });
    expect(await reports()).toBe(before);
  });

  it('shows on the plan where each came from, and the button cuts just that', async () => {
    const plan = await people.types('dev', '/release plan dev', /Plan: 1 service/);
    expect(plan).toMatch(/1\.7\.4 → \*1\.8\.0\*.*from ci at a1b2c3d4e5f6/);
    const told = await people.pressesAnswer('dev', 'Cut it', /is cut/);
    const [name = ''] = /shop-\d{4}-\d\d-\d\d\.\d+/.exec(told) ?? [];
    await people.board('dev', name, /· released ·/);
    expect(await people.types('dev', '/release cut dev', /Nothing to release/)).toContain('newer');
    const stream = ledgerKeys(INSTALLATION).stream(`release:dev/${name}`);
    const [cut] = await journey.store.run('read a release', (redis) => redis.lrange(stream, 0, 0));
    expect(cut).toContain(`"build":"${BUILD}"`);
  });

  it('takes the newest of several, and not one that was only reported on again', async () => {
    await report(journey, { service: 'stock', image: imageOf('stock', '1.8.0'), version: '1.8.0' });
    await report(journey, { service: 'stock', image: imageOf('stock', '1.9.0'), version: '1.9.0' });
    const late = { service: 'stock', image: imageOf('stock', '1.8.0'), evidence: { secrets: { found: 0 } } };
    expect((await report(journey, late)).status).toBe(202);
    expect(await people.types('dev', '/release plan dev', /Plan: 1 service/)).toContain('*1.9.0*');
  });
});

describe('a report that cannot be taken is refused with the way on', { timeout: TEST_MS }, () => {
  it.each([
    ['with another secret', { secret: 'not-the-secret-of-ci' }, /not signed by a reporter/],
    ['from a reporter that nobody named', { reporter: 'cd' }, /not signed by a reporter/],
    ['that was signed too long ago', { timestamp: Math.floor(Date.now() / 1000) - 3600 }, /36\d\d s away/],
  ])('%s', async (_, signing, words) => {
    const before = await reports();
    const answer = await report(journey, { service: 'web', image: imageOf('web', '1.9.0') }, signing);
    expect(answer.status).toBe(401);
    expect(errorOf(answer).says).toMatch(words);
    expect(await reports()).toBe(before);
  });

  it('about what the catalog or the registry does not have', async () => {
    const refused = async (body: unknown) => {
      const answer = await report(journey, body);
      return `${answer.status} ${errorOf(answer).says}`;
    };
    const { registry } = journey.world;
    expect(await refused({ service: 'wob', image: imageOf('web', '1.9.0') })).toMatch(
      /422 .*did you mean web/,
    );
    expect(await refused({ service: 'web', image: imageOf('stock', '1.9.0') })).toMatch(
      /422 .*is no image of web/,
    );
    expect(await refused({ service: 'web', image: `${registry.host}/shop/web:1.8.9` })).toMatch(
      /422 .*has no 1\.8\.9; it has/,
    );
    expect(await refused({ service: 'web', image: 'WEB' })).toMatch(/422 .*image: must be repository:tag/);
    expect(await refused('{')).toMatch(/^422 The report cannot be read/);
  });
});
