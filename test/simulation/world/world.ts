import { releaseStream } from '../../../src/domain/ids.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import type { Yaml } from '../../../src/ports/yaml.ts';
import { createMemoryAlerts } from '../ports/memory-alerts.ts';
import { createMemoryBells } from '../ports/memory-bells.ts';
import { createMemoryChat } from '../ports/memory-chat.ts';
import { createMemoryClusters, type MemoryClusters } from '../ports/memory-cluster.ts';
import { createMemoryContracts } from '../ports/memory-contracts.ts';
import { createMemoryDirectory } from '../ports/memory-directory.ts';
import { createMemoryFlags } from '../ports/memory-flags.ts';
import { createMemoryForge } from '../ports/memory-forge.ts';
import { memoryGit } from '../ports/memory-git.ts';
import { createMemoryInbox } from '../ports/memory-inbox.ts';
import { emptyMemoryLeases } from '../ports/memory-lease.ts';
import { createMemoryLedger, emptyMemoryLedger, type MemoryLedgerState } from '../ports/memory-ledger.ts';
import { createMemoryMetrics, type Sampled } from '../ports/memory-metrics.ts';
import { createMemoryMigrations } from '../ports/memory-migrations.ts';
import { createMemoryPatience } from '../ports/memory-patience.ts';
import { createMemoryPolicy } from '../ports/memory-policy.ts';
import { createMemoryRegistry } from '../ports/memory-registry.ts';
import type { MemoryRepository } from '../ports/memory-repository.ts';
import { createMemoryScratch } from '../ports/memory-scratch.ts';
import { createMemorySnapshots } from '../ports/memory-snapshots.ts';
import { createMemoryTexts } from '../ports/memory-texts.ts';
import { createMemoryTokens } from '../ports/memory-tokens.ts';
import { type Databases, drawDatabases } from './databases.ts';
import { type Draw, drawFrom } from './draw.ts';
import { createHistory, type History, type Standing } from './history.ts';
import { populate } from './people.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { CLUSTERS, drawShop, imageOf, type Nature, platformDigest, type Shop } from './shop.ts';
import { channelOf } from './shop-rules.ts';
import { standingsOf } from './standings.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

/** Something in the program's surroundings that is broken on purpose, to see whether it is noticed. */
export type Sabotage = (ports: Ports) => Ports;

export interface WorldOptions {
  seed: number;
  /** Shared by worlds, because it remembers. */
  yaml: Yaml;
  sabotage?: Sabotage;
  /** How much goes wrong, 1 for an ordinary storm; absent: drawn. */
  severity?: number;
  /** Calls of ports after which a world that does not come to rest is cut off; absent: several times what the busiest takes. */
  mostCalls?: number;
}

/** Everything outside the program, in virtual time. */
export interface World {
  seed: number;
  draw: Draw;
  time: VirtualTime;
  shop: Shop;
  history: History;
  recorder: Recorder;
  /** What the program gets, before any line. */
  ports: Ports;
  /** The same without sabotage and without a record, for whoever drives the world. */
  real: Ports;
  ledger: MemoryLedgerState;
  /** Whether facts are chained and hashed as in production; otherwise hashes are names, which is thirty times faster. */
  isReallySealed: boolean;
  bells: ReturnType<typeof createMemoryBells>;
  leases: ReturnType<typeof emptyMemoryLeases>;
  clusters: MemoryClusters;
  repositories: ReadonlyMap<string, MemoryRepository>;
  workspace: ReturnType<typeof createMemoryChat>['workspace'];
  /** How each digest behaves once it runs. */
  natureOf(digest: string | undefined): Nature;
  /** What every query is answered with while metrics are in trouble. */
  metrics: { trouble: Sampled | undefined };
  databases: Databases;
  standings(environment?: string): Standing[];
  /** Counts a call of a port. False, after one defect on record, when there were more than a program that rests would make. */
  mayCall(): boolean;
}

const START = Date.parse('2026-11-20T09:00:00.000Z');
/** Shops are drawn from few seeds, so that what is read again and again need not be understood again. */
const SHOPS = 60;
/** One world in so many seals its facts as in production, and has its chain checked. */
const REALLY_SEALED = 25;

const MOST_CALLS = 60_000;

/** Draws a world from its seed. Nothing happens in it yet. */
export function createWorld(options: WorldOptions): World {
  const { seed, yaml, sabotage = (ports) => ports, mostCalls = MOST_CALLS } = options;
  const draw = drawFrom(seed);
  const time = virtualTime(START);
  const shop = drawShop(drawFrom(draw.integer(1, SHOPS)));
  const history = createHistory();
  const natureOf = drawNatures(draw, shop);
  const clock: Clock = time;
  const isReallySealed = seed % REALLY_SEALED === 0;
  let ids = 0;
  const chance = {
    id: () => {
      ids += 1;
      return `id-${ids}`;
    },
  };
  const lags = draw.fork();
  const watch = { lag: draw.pick([0, 30, 200, 1_500]) };
  const clusters = createMemoryClusters({
    scheduler: time,
    clusters: CLUSTERS,
    pods: {
      startMs: (images) => {
        const [image = ''] = Object.values(images);
        return natureOf(image.split('@')[1]) === 'broken'
          ? Number.POSITIVE_INFINITY
          : lags.integer(300, 2_500);
      },
      platformDigest,
    },
    watchLagMs: () => (watch.lag === 0 ? 0 : lags.integer(0, watch.lag)),
    onWritten: (written) => recorder.onWritten(written),
  });
  const git = memoryGit({ yaml, committer: { name: 'Signalbox', email: 'signalbox@shop.test' } });
  const repositories = new Map(
    Object.entries(shop.files).map(([name, files]) => [name, git.createRepository(name, files)]),
  );
  const recorder = createRecorder({
    history,
    now: time.now,
    standings: (name) => standings(name),
  });
  for (const [name, repository] of repositories) recorder.watch(name, repository);
  for (const place of shop.places) clusters.add(place.placement, shop.rolloutSpec(place));
  const standings = (environment?: string): Standing[] =>
    standingsOf({ clusters, repositories, places: shop.places }, environment);
  const metrics: World['metrics'] = { trouble: undefined };
  const databases = drawDatabases(draw.fork(), time.now);
  const { chat, workspace } = createMemoryChat({ clock });
  for (const name of shop.environments) workspace.addChannel({ id: channelOf(name) });
  const { directory, workspace: people } = createMemoryDirectory({ clock });
  populate(people);
  const ledger = emptyMemoryLedger();
  const bells = createMemoryBells({ scheduler: time, onFailure: onFailure({ history, time }) });
  const real: Ports = {
    ledger: createMemoryLedger({
      state: ledger,
      clock,
      chance,
      sealing: isReallySealed ? 'real' : 'quick',
    }),
    inbox: createMemoryInbox({ clock }),
    bells: bells.bells,
    texts: createMemoryTexts({ clock, retentionMs: 86_400_000 }),
    scratch: createMemoryScratch({ clock }),
    snapshots: createMemorySnapshots(),
    tokens: createMemoryTokens({ clock }),
    git,
    yaml,
    cluster: clusters.cluster,
    metrics: createMemoryMetrics(sampler({ clusters, shop, natureOf, metrics })),
    registry: createMemoryRegistry(imagesOf(shop)),
    alerts: createMemoryAlerts(),
    contracts: createMemoryContracts(),
    forge: createMemoryForge(),
    migrations: createMemoryMigrations(databases),
    policy: createMemoryPolicy(),
    flags: createMemoryFlags(),
    chat,
    directory,
    clock,
    chance,
    patience: createMemoryPatience(time),
  };
  return {
    seed,
    draw,
    time,
    shop,
    history,
    recorder,
    ports: sabotage(recorder.ports(real)),
    real,
    ledger,
    isReallySealed,
    bells,
    leases: emptyMemoryLeases(),
    clusters,
    repositories,
    workspace,
    natureOf,
    metrics,
    databases,
    standings,
    mayCall: callsUpTo(mostCalls, () =>
      history.add({ kind: 'defect', at: time.now(), says: `the program never rests: ${mostCalls} calls` }),
    ),
  };
}

function callsUpTo(most: number, onMore: () => void): () => boolean {
  let count = 0;
  return () => {
    count += 1;
    if (count === most) onMore();
    return count < most;
  };
}

/** A failed look is nothing to speak of while something is away; anything else is a defect. */
function onFailure({ history, time }: { history: History; time: VirtualTime }) {
  return (failure: { err?: unknown; subject?: string }): void => {
    const { err, subject } = failure;
    if (err instanceof UnavailableError) return;
    const says = err instanceof Error ? (err.stack ?? err.message) : String(err);
    history.add({ kind: 'defect', at: time.now(), says: `${subject}: ${says}` });
  };
}

/** The newest versions are good more often than not; what runs at the beginning always is. */
function drawNatures(draw: Draw, { services }: Shop): World['natureOf'] {
  const natures = new Map<string, Nature>();
  const badness = draw.pick([0.05, 0.2, 0.5]);
  for (const { versions } of services) {
    for (const { digest } of versions.slice(1)) {
      if (draw.happens(badness)) natures.set(digest, draw.pick(['bad', 'bad', 'bad', 'broken', 'silent']));
    }
  }
  return (digest = '') => natures.get(digest) ?? 'good';
}

function imagesOf({ services }: Shop) {
  return services.flatMap(({ name, versions }) =>
    versions.map(({ tag, digest, authors }) => ({
      repository: imageOf(name),
      tag,
      digest,
      platformDigest: platformDigest(digest),
      authorEmails: authors,
    })),
  );
}

/** Metrics by what is known of the version behind a pod hash. */
function sampler(world: {
  clusters: MemoryClusters;
  shop: Shop;
  natureOf: World['natureOf'];
  metrics: World['metrics'];
}) {
  const { clusters, shop, natureOf, metrics } = world;
  return ({
    service,
    namespace,
    podHash,
  }: {
    service: string;
    namespace: string;
    podHash: string;
  }): Sampled => {
    if (metrics.trouble) return metrics.trouble;
    const sets = shop.places
      .filter((place) => place.service.name === service && place.placement.namespace === namespace)
      .flatMap(({ placement }) => clusters.find(placement)?.parts().replicaSets ?? []);
    const image = sets.find((set) => set.podHash === podHash)?.images[service];
    const nature = natureOf(image?.split('@')[1]);
    if (nature === 'silent') return { kind: 'values', values: [] };
    return { kind: 'values', values: [nature === 'bad' ? 0.3 : 0.001] };
  };
}

/** Streams of releases that have something left to be said or done. */
export function openReleases({ ledger }: Pick<World, 'ledger'>): string[] {
  return [...ledger.unfinished.keys()]
    .filter((stream) => stream.startsWith('release:'))
    .map((stream) => stream.slice('release:'.length));
}

/** Every release that was cut, oldest first. */
export function allReleases({ ledger }: Pick<World, 'ledger'>): string[] {
  return [...ledger.streams.keys()]
    .filter((stream) => stream.startsWith('release:'))
    .map((stream) => stream.slice('release:'.length));
}

/** The stream of a release as it stands, past every line. */
export function factsOf({ ledger }: Pick<World, 'ledger'>, release: string) {
  return ledger.streams.get(releaseStream(release as `${string}/${string}`)) ?? [];
}
