import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseDocument, stringify } from 'yaml';
import { ledgerKeys } from '../../src/adapters/redis/keys.ts';
import { PEOPLE } from '../../src/sandbox/shop/people.ts';
import { type GithubServer, type GithubWorld, startGithub } from '../servers/github.ts';
import { type Issuer, startIssuer } from '../servers/issuer.ts';
import { asking, errorOf } from './api.ts';
import { report } from './ci.ts';
import { type Commented, comment, deliver, tagPush, WEBHOOK_SECRET } from './hooks.ts';
import { type People, peopleOf } from './people.ts';
import { commitsOf, INSTALLATION, type Journey, PATIENCE_MS, startJourney, TEST_MS } from './world.ts';

const WORKFLOW = 'repo:acme/shop:ref:refs/heads/main';

const SOURCE = { commits: {} } as GithubWorld['repositories'][string];
const GITOPS = { commits: {}, comments: { 7: [] as string[] } };
const HOLDS: GithubWorld = {
  token: 'of-github',
  repositories: { 'acme/source': SOURCE, 'acme/gitops': GITOPS },
};

let github: GithubServer;
let issuer: Issuer;
let journey: Journey;
let people: People;
beforeAll(async () => {
  github = await startGithub(HOLDS);
  issuer = await startIssuer();
  journey = await startJourney(undefined, {
    at: { github: github.url },
    secrets: { GITHUB_TOKEN: HOLDS.token, GITHUB_WEBHOOK_SECRET: WEBHOOK_SECRET },
    configure(text) {
      const config = parse(text) as { environments: Record<string, unknown>[] };
      const [, prod = {}] = config.environments;
      prod['checks'] = { required: ['unit'], onBranch: 'refuse' };
      prod['evidence'] = { coverage: { min: 80 }, checks: ['kubeconform'] };
      const principals = [{ subject: WORKFLOW, as: idOf('dev') }];
      const api = { oidc: { actions: { issuer: issuer.url, audience: 'signalbox', principals } } };
      return stringify({ ...config, api });
    },
  });
  people = peopleOf(journey.world);
  await withTags('web');
}, TEST_MS);
afterAll(async () => {
  await journey?.[Symbol.asyncDispose]();
  await github?.[Symbol.asyncDispose]();
  await issuer?.[Symbol.asyncDispose]();
});

function idOf(name: string): string {
  return PEOPLE.find((person) => person.name === name)?.id ?? '';
}

/** Lets tags of the source cut a service. */
async function withTags(service: string): Promise<void> {
  const { gitops } = journey.world;
  const catalog = parseDocument((await gitops.read('main', 'catalog.yaml')) ?? '');
  catalog.setIn(['services', service, 'cutOnTag'], `${service}-v{version}`);
  await gitops.push({ branch: 'main', files: { 'catalog.yaml': catalog.toString() } });
}

/** Waits until the pull request has one more comment that says this. */
async function answered(words: RegExp, act: () => Promise<unknown>): Promise<string> {
  const before = GITOPS.comments[7].length;
  await act();
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = GITOPS.comments[7].slice(before).find((text) => words.test(text));
    if (found) return found;
    if (performance.now() > until)
      throw new Error(`nobody commented ${words} but: ${GITOPS.comments[7].slice(before).join(' | ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function says(login: string, body: string, words: RegExp): Promise<string> {
  return answered(words, async () => {
    expect(await deliver(journey, comment({ login, body }))).toMatchObject({
      status: 202,
      json: { state: 'accepted' },
    });
  });
}

/** How many releases there are. Facts of those that are under way come by themselves. */
function releases(): Promise<number> {
  return journey.store.run('count releases', (redis) => redis.zcard(ledgerKeys(INSTALLATION).recentReleases));
}

/** The commit that a version of a service was built from, as its image says. */
async function commitOf(service: string, version: string): Promise<string> {
  const { registry } = journey.world;
  const answer = await fetch(`${registry.url}/v2/shop/${service}/manifests/${version}`);
  const { annotations } = (await answer.json()) as { annotations: Record<string, string> };
  return annotations['org.opencontainers.image.revision'] ?? '';
}

let name = '';

describe('a comment on a pull request asks as a person does', { timeout: TEST_MS }, () => {
  it('cuts as whoever the login belongs to, and answers there', async () => {
    const told = await says('dev-acme', '/release cut dev web@1.8.0\n\nplease', /is cut/);
    [name = ''] = /shop-\d{4}-\d\d-\d\d\.\d+/.exec(told) ?? [];
    await people.board('dev', name, /· released ·/);
    const [commit] = await commitsOf(journey, `dev/${name}`);
    expect(commit).toContain(journey.world.workspace.person('dev').id);
  });

  it('is refused where its checks have not passed, its branch is open and nothing was reported', async () => {
    const commit = await commitOf('web', '1.8.0');
    SOURCE.commits = { [commit]: {} };
    const told = await says('Ana-Acme', '.promote prod', /Not cut for prod/);
    expect(told).toContain('unit has not run on acme/source@');
    expect(told).toContain('main of acme/source does not require unit');
    expect(told).toMatch(/no build has reported anything on this image/);
    expect(told).toContain('evidence-checks');
  });

  it('goes on once all of it is there', async () => {
    const commit = await commitOf('web', '1.8.0');
    SOURCE.commits = { [commit]: { runs: [{ name: 'unit', conclusion: 'success' }] } };
    SOURCE.rules = { main: ['unit'] };
    const { registry, digests } = journey.world;
    const image = `${registry.host}/shop/web@${digests['web']?.['1.8.0']}`;
    const evidence = { coverage: { lines: 79.5 }, checks: { kubeconform: 'passed' } };
    expect((await report(journey, { service: 'web', image, evidence })).status).toBe(202);
    // What was no yes a moment ago is asked again at once.
    await says('ana-acme', '/.promote prod', /is cut|→ prod/);
    await people.board('prod', name, /waits|approv/i);
  });

  it('shows a rollback before it does it, and does it when that is said', async () => {
    const plan = await says('Ana-acme', '/rollback web dev', /1\.8\.0 → 1\.7\.4/);
    const [, press = ''] = /\/press (\S+)`/.exec(plan) ?? [];
    await says('Ana-acme', `/press ${press}`, /Rolling back in dev/);
    await people.reads('dev', /Clean ·/);
  });

  it('is told what it may have meant', async () => {
    expect(await says('dev-acme', '/release cot dev', /does not know/)).toContain('/release cut dev');
  });

  it('is refused to a login that belongs to nobody, and to a person without the right', async () => {
    const before = await releases();
    expect(await says('mallory', '/release cut dev web@1.9.0', /I don't know who mallory/)).toContain(
      'login-known',
    );
    await says('Cleo-acme', '/release cut dev web@1.9.0', /environments\.dev\.may\.cut/);
    await says('Ana-acme', '/release token', /made in Slack only/);
    expect(await releases()).toBe(before);
  });
});

describe('a delivery is taken in once, and only what is meant for us', { timeout: TEST_MS }, () => {
  it('is refused with another secret, and ignored where it asks for nothing', async () => {
    const asks = { login: 'dev-acme', body: '/release cut dev web@1.9.0' };
    const before = await releases();
    const wrong = await deliver(journey, { ...comment(asks), secret: 'another secret' });
    expect(wrong.status).toBe(401);
    const ignored: Commented[] = [
      { ...asks, action: 'edited' },
      { ...asks, type: 'Bot' },
      { ...asks, isIssue: true },
      { ...asks, repository: 'acme/other' },
      { ...asks, createdAt: '2026-01-01T00:00:00Z' },
      { ...asks, body: 'I think /release cut dev web@1.9.0 would do' },
      { ...asks, body: '/shrug' },
    ];
    for (const each of ignored)
      expect(await deliver(journey, comment(each)), JSON.stringify(each)).toMatchObject({
        status: 202,
        json: { state: 'ignored' },
      });
    expect(await releases()).toBe(before);
  });

  it('is done once, however often GitHub is made to send it', async () => {
    const asks = comment({ login: 'dev-acme', body: '/release status dev' });
    const delivery = '72d3162e-cc78-11e3-81ab-4c9367dc0958';
    const count = () => GITOPS.comments[7].filter((text) => text.includes(delivery)).length;
    await answered(/dev/, () => deliver(journey, { ...asks, delivery }));
    expect(await deliver(journey, { ...asks, delivery })).toMatchObject({ json: { isRepeated: true } });
    expect(count()).toBe(1);
  });
});

describe('a tag of the source', { timeout: TEST_MS }, () => {
  it('cuts what it names for the first environment, as whoever pushed it', async () => {
    expect(await deliver(journey, tagPush('web-v1.9.0', 'Dev-Acme'))).toMatchObject({
      status: 202,
      json: { state: 'accepted' },
    });
    const { text } = await people.reads('dev', /What is new in shop-\S+: .*\n[\s\S]*web 1\.9\.0/);
    const [tagged = ''] = /shop-\d{4}-\d\d-\d\d\.\d+/.exec(text) ?? [];
    await people.board('dev', tagged, /· released ·/);
  });

  it('of nobody is refused in the channel, and one that means nothing does nothing', async () => {
    await deliver(journey, tagPush('web-v1.10.0', 'release-please[bot]'));
    await people.reads('dev', /I don't know who release-please\[bot\]/);
    const before = await releases();
    await deliver(journey, tagPush('stock-v1.10.0', 'Dev-Acme'));
    await answered(/dev/, () =>
      deliver(journey, comment({ login: 'dev-acme', body: '/release status dev' })),
    );
    expect(await releases()).toBe(before);
  });
});

describe('a workflow with an identity token', { timeout: TEST_MS }, () => {
  it('asks as whoever vouches for it, and as nobody without', async () => {
    const token = await issuer.token({ sub: WORKFLOW, aud: 'signalbox' });
    const told = await asking(journey, token).ask({ command: 'release plan dev stock@1.8.0' });
    expect(told.text).toContain('1.7.4 → 1.8.0');
    const other = await issuer.token({ sub: 'repo:acme/shop:pull_request', aud: 'signalbox' });
    const refused = await asking(journey, other).post({ command: 'release plan dev stock@1.8.0' });
    expect([refused.status, errorOf(refused).code]).toEqual([401, 'unauthorised']);
  });
});
