import { parse, stringify } from 'yaml';
import type { Shop } from '../../src/sandbox/shop/shop.ts';
import { startWorld, type World } from '../../src/sandbox/world.ts';
import { type CheckRun, type GithubWorld, startGithub } from '../servers/github.ts';
import type { Bench, Comparison } from './bench.ts';
import { startSlowProxy } from './cut/slow-proxy.ts';

const SERVICES = 60;
/** What registry and GitHub take for each answer, in milliseconds. */
const DELAY_MS = 20;
/** From the goal of the project. */
const GOAL_MS = 400;
const ROUNDS = { quick: 2, full: 10 } as const;
const PATIENCE_MS = 60_000;
const CHECK = 'unit';
const CUTTER = 'ana';

/** Sixty services, each with a version for every round. */
function shop(rounds: number): Shop {
  const newer = Array.from({ length: rounds + 1 }, (_, at) => ({ version: `1.${at + 1}.0`, authors: [] }));
  return {
    train: 'bench',
    environments: [{ name: 'dev', replicas: 1 }],
    services: Array.from({ length: SERVICES }, (_, at) => ({
      name: `service-${at}`,
      owner: 'orders-owners',
      tier: 3,
      dependsOn: at < 10 ? [] : [{ service: `service-${at - 10}` }],
      format: 'kustomize',
      version: '1.0.0',
      newer,
    })),
  };
}

/**
 * From a signed `/release plan` of sixty versions to its answer in the workspace: every image looked up, every commit's checks
 * asked for, everything judged, with a registry and a GitHub that take 20 ms for each answer.
 */
export const cut: Bench = {
  name: 'cut',
  says: `plan a release of ${SERVICES} services`,
  async run({ quick, progress }) {
    const rounds = ROUNDS[quick ? 'quick' : 'full'];
    progress(`starting a world of ${SERVICES} services`);
    const held: GithubWorld = { token: 'of-github', repositories: {} };
    await using github = await startGithub(held);
    await using slowGithub = await startSlowProxy(() => github.url, DELAY_MS);
    let registry = '';
    await using slowRegistry = await startSlowProxy(() => registry, DELAY_MS);
    await using open = new AsyncDisposableStack();
    const world = open.use(
      await startWorld({
        shop: shop(rounds),
        environment: process.env,
        secrets: { GITHUB_TOKEN: held.token, GITHUB_WEBHOOK_SECRET: 'a-secret-of-the-bench' },
        rewire: (at) => {
          registry = at.registry.url;
          return { ...at, github: slowGithub.url, registry: { ...at.registry, url: slowRegistry.url } };
        },
        configure: withChecks,
      }),
    );
    held.repositories['acme/source'] = { commits: await everyCommitChecked(world) };
    await adopted(world);
    const ours: number[][] = [];
    const anchor: number[][] = [];
    for (let round = 0; round <= rounds; round += 1) {
      progress(`round ${round} of ${rounds}`);
      const version = `1.${round + 1}.0`;
      const bare = await bareQuestions(world, { registry: slowRegistry.url, version });
      const took = await planned(world, version);
      // The first finds everything cold.
      if (round > 0) {
        anchor.push([bare]);
        ours.push([took]);
      }
    }
    return [comparison(ours, anchor)];
  },
};

/** Every service has to show a check that has passed on the commit it was built from. */
function withChecks(text: string): string {
  const config = parse(text) as { environments: Record<string, unknown>[] };
  for (const environment of config.environments) environment['checks'] = { required: [CHECK] };
  return stringify(config);
}

async function everyCommitChecked({ registry, shop: { services } }: World): Promise<Checked> {
  const versions = services.flatMap(({ name, newer }) => newer.map(({ version }) => ({ name, version })));
  const run: CheckRun = { name: CHECK, status: 'completed', conclusion: 'success' };
  const entries = await Promise.all(
    versions.map(async ({ name, version }): Promise<[string, { runs: CheckRun[] }]> => {
      const answer = await fetch(`${registry.url}/v2/shop/${name}/manifests/${version}`);
      const { annotations } = (await answer.json()) as { annotations?: Record<string, string> };
      const commit = annotations?.['org.opencontainers.image.revision'];
      if (commit === undefined) throw new Error(`${name} ${version} does not say what it was built from.`);
      return [commit, { runs: [run] }];
    }),
  );
  return Object.fromEntries(entries);
}

type Checked = Record<string, { runs: CheckRun[] }>;

/** Milliseconds from the command to the plan, which must refuse nothing. */
async function planned(world: World, version: string): Promise<number> {
  const {
    workspace,
    shop: { services },
  } = world;
  const driver = workspace.person(CUTTER);
  const mine = () => workspace.state().ephemerals.filter(({ userId }) => userId === driver.id);
  const before = mine().length;
  const asked = services.map(({ name }) => `${name}@${version}`).join(' ');
  const began = performance.now();
  const answer = workspace.waitFor(
    () =>
      mine()
        .slice(before)
        .find(({ blocks }) => JSON.stringify(blocks).includes(version)),
    {
      deadlineMs: PATIENCE_MS,
      what: 'the plan',
    },
  );
  await driver.slash('/release', `plan dev ${asked}`);
  const told = JSON.stringify((await answer).blocks);
  const took = performance.now() - began;
  if (!told.includes(`${SERVICES} services`) || / [1-9]\d* refuse/.test(told))
    throw new Error(`The plan says ${told.slice(0, 2_000)}`);
  return took;
}

/** Milliseconds for the same questions, each by itself and all at once, with nothing done with the answers. */
async function bareQuestions(
  { shop: { services } }: World,
  { registry, version }: { registry: string; version: string },
): Promise<number> {
  const began = performance.now();
  await Promise.all(
    services.map(async ({ name }) => {
      const answer = await fetch(`${registry}/v2/shop/${name}/manifests/${version}`);
      if (!answer.ok) throw new Error(`${name} ${version}: ${answer.status}`);
      await answer.text();
    }),
  );
  return performance.now() - began;
}

/** Waits until the program knows what runs, and says so. */
async function adopted({ workspace }: World): Promise<void> {
  const driver = workspace.person(CUTTER);
  const mine = () => workspace.state().ephemerals.filter(({ userId }) => userId === driver.id);
  for (;;) {
    const before = mine().length;
    await driver.slash('/release', 'status');
    const said = await workspace.waitFor(() => mine().slice(before).at(-1), { deadlineMs: PATIENCE_MS });
    if (JSON.stringify(said.blocks).includes(`${SERVICES} services adopted`)) return;
  }
}

function comparison(ours: number[][], anchor: number[][]): Comparison {
  return {
    figure: `plan of ${SERVICES} services, asked to told`,
    unit: 'ms',
    durability: `registry and GitHub take ${DELAY_MS} ms for each answer; the request is on disk before the ack`,
    ours: { name: 'the command to its plan, everything judged', rounds: ours },
    anchor: { name: 'every image asked for at once, nothing else', rounds: anchor },
    by: 'p50',
    goal: { kind: 'value', atMost: GOAL_MS },
  };
}
