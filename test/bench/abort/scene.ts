import type { AnyWorld } from '../../../src/sandbox/world.ts';

/** A release in staging whose canary rests, and the click that takes it back, again and again. */
export interface CanaryScene {
  /** Everything is adopted, and the version to release has gone through the environment before. */
  prepare(): Promise<void>;
  /** Cuts a release and waits until its canary rests and its board says so. */
  pausedCanary(): Promise<void>;
  /** Clicks, gives the milliseconds to the PATCH, and waits until the release is taken back. */
  abort(): Promise<number>;
}

const PATIENCE_MS = 60_000;
const BUTTON = 'Abort and put back';

/** Throws when there is no service or no newer version to release. */
export function canaryScene(world: AnyWorld, person: string): CanaryScene {
  const { workspace, cluster, shop } = world;
  const [service] = shop.services;
  const version = service?.newer[0]?.version;
  if (service === undefined || version === undefined) throw new Error('The shop has nothing to release.');
  const driver = workspace.person(person);
  const wait = <T>(what: string, find: () => T | undefined | false) =>
    workspace.waitFor(find, { deadlineMs: PATIENCE_MS, what });
  const saying = (environment: string, words: RegExp) =>
    workspace
      .state()
      .messages(`releases-${environment}`)
      .filter(({ text }) => words.test(text))
      .map(({ ts }) => ts);
  /** Waits for a message that did not say so before. An earlier board may change meanwhile, so they are not merely counted. */
  const news = (what: string, { environment, words }: { environment: string; words: RegExp }) => {
    const before = new Set(saying(environment, words));
    return () => wait(what, () => saying(environment, words).some((ts) => !before.has(ts)));
  };
  const cut = (environment: string) =>
    driver.slash('/release', `cut ${environment} ${service.name}@${version}`);
  const aborts = () =>
    cluster.requests.filter(
      ({ method, namespace, subresource, impersonated, body }) =>
        method === 'PATCH' &&
        namespace === 'shop-staging' &&
        subresource === 'status' &&
        impersonated !== undefined &&
        JSON.stringify(body ?? '').includes('/status/abort'),
    ).length;
  return {
    async prepare() {
      const services = shop.services.length * shop.environments.length;
      const healthy = () =>
        cluster.list('Rollout').filter(({ status }) => (status as { phase?: string })?.phase === 'Healthy');
      await cluster.waitFor('every Rollout is Healthy', () => healthy().length === services, PATIENCE_MS);
      await adopted(world, person);
      await cut('dev');
      await wait('the release in dev', () => saying('dev', /· released ·/).length > 0);
    },
    async pausedCanary() {
      const paused = news('the paused canary on its board', { environment: 'staging', words: /at 50 %/ });
      await cut('staging');
      await paused();
    },
    async abort() {
      const before = aborts();
      const clean = news('clean', { environment: 'staging', words: /clean/i });
      const began = performance.now();
      const arrived = cluster.waitFor(
        'the abort at the API server',
        () => aborts() > before && performance.now(),
        PATIENCE_MS,
      );
      await driver.click({ channel: 'releases-staging', text: /→/, button: BUTTON, confirm: 'accept' });
      const tookMs = (await arrived) - began;
      await clean();
      return tookMs;
    },
  };
}

/** Asks until the program says that it knows every service. */
async function adopted({ workspace, shop }: AnyWorld, person: string): Promise<void> {
  const driver = workspace.person(person);
  const all = shop.environments.map(() => `${shop.services.length} services adopted`).join('[\\s\\S]*');
  for (let known = false; !known; ) {
    const { id } = driver;
    const mine = () => workspace.state().ephemerals.filter(({ userId }) => userId === id);
    const before = mine().length;
    await driver.slash('/release', 'status');
    const said = await workspace.waitFor(() => mine().slice(before).at(-1), { deadlineMs: PATIENCE_MS });
    known = new RegExp(all).test(JSON.stringify(said.blocks));
  }
}
