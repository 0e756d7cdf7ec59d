import { createHash } from 'node:crypto';
import type { Message } from '../../../src/ports/message.ts';
import { actSomehow } from '../people/acts.ts';
import { attendTo } from '../people/attend.ts';
import { type Desk, openDesk } from '../people/desk.ts';
import type { MemoryLedgerState } from '../ports/memory-ledger.ts';
import type { Databases } from './databases.ts';
import { startAgent } from './gitops-agent.ts';
import type { History, Standing } from './history.ts';
import { openLine, portsOver } from './line.ts';
import type { Shop } from './shop.ts';
import { channelOf } from './shop-rules.ts';
import { startTroubles } from './troubles.ts';
import { drawWeather, type Weather } from './weather.ts';
import { startWorker } from './worker.ts';
import { allReleases, createWorld, openReleases, type World, type WorldOptions } from './world.ts';

/** A world after everything in it has come to an end, or should have. */
export interface Played {
  seed: number;
  shop: Shop;
  history: History;
  ledger: MemoryLedgerState;
  /** Whether its hashes can be checked. */
  isReallySealed: boolean;
  /** When the world began, faults ceased, and it ended, in milliseconds since 1970. */
  began: number;
  calmed: number;
  ended: number;
  releases: string[];
  /** Releases that never came to an end. */
  unfinished: string[];
  /** Requests that were accepted and never carried out. */
  waiting: string[];
  databases: Databases;
  standings: Standing[];
  /** `<placement>`s whose files somebody changed past the product. */
  tampered: ReadonlySet<string>;
  /** The same for the same seed. */
  hash: string;
}

/** Until clusters and agents have started, in milliseconds. */
const START_MS = 15_000;
/** How long people may answer what waits for them, after faults have ceased. */
const PATIENCE_MS = 45 * 60_000;
/** How often somebody looks whether something waits for them. */
const ATTEND_EVERY_MS = 5_000;
/** Looks that find nothing left before people go home: longer than anything that was sent takes to arrive again. */
const QUIET_LOOKS = 4;
/** Until agents have polled and controllers have come to rest, after the last release. */
const REST_MS = 60_000;
const WORKERS = 2;

/** Plays a world from its beginning to its end. The same seed plays the same. */
export async function playWorld(options: WorldOptions): Promise<Played> {
  const world = createWorld(options);
  const { time, draw, history } = world;
  const began = time.now();
  const drawn = draw.pick([0, 0.5, 1, 1, 3]);
  const weather = drawWeather(draw.fork(), options.severity ?? drawn);
  const tampered = new Set<string>();
  let isStormy = true;
  const desk = openWorldDesk(world, { weather, isStormy: () => isStormy });
  startAgent({ ...world, draw: draw.fork(), places: world.shop.places });
  for (let i = 1; i <= WORKERS; i += 1)
    employ(world, { weather, name: `worker-${i}`, mayDie: () => isStormy });
  await time.run(began + START_MS);
  const stormEnds = time.now() + draw.integer(60_000, 180_000);
  schedulePeople(world, { desk, until: stormEnds, tampered });
  startTroubles(world, { weather, until: stormEnds });
  await time.run(stormEnds);
  isStormy = false;
  weather.calm();
  const calmed = time.now();
  await answerWhatWaits(world, desk);
  const unfinished = openReleases(world);
  const waiting = await world.real.inbox.waiting(Number.POSITIVE_INFINITY);
  await time.run(time.now() + REST_MS);
  const releases = allReleases(world);
  return {
    seed: options.seed,
    shop: world.shop,
    history,
    ledger: world.ledger,
    isReallySealed: world.isReallySealed,
    began,
    calmed,
    ended: time.now(),
    releases,
    unfinished,
    waiting,
    databases: world.databases,
    standings: world.standings(),
    tampered,
    hash: hashOf(history),
  };
}

/** A worker, and whoever takes its place when it dies. */
function employ(world: World, work: { weather: Weather; name: string; mayDie: () => boolean }): void {
  const { time, draw } = world;
  const { weather, name } = work;
  startWorker({ ...world, witness: world.recorder.witness, rules: world.shop.rules, weather }, name, () =>
    time.at(time.now() + draw.integer(300, 5_000), () => employ(world, { ...work, name: `${name}'` })),
  );
}

function openWorldDesk(
  world: World,
  { weather, isStormy }: { weather: Weather; isStormy: () => boolean },
): Desk {
  const { time, draw, ports, recorder, history } = world;
  const line = openLine({ time, weather, mayCall: world.mayCall, isAlive: () => true, die: () => undefined });
  const desk = openDesk({
    time,
    draw: draw.fork(),
    ports: portsOver(line, ports, recorder.witness),
    isStormy,
  });
  history.onAdded((entry) => {
    if (entry.kind === 'post' || entry.kind === 'edit') desk.show({ message: entry.message });
    if (entry.kind === 'answer' && isStormy())
      desk.onAnswer(`slack:T1:${entry.person.slice('slack:T1:'.length)}`, entry.answer);
  });
  return desk;
}

function schedulePeople(
  world: World,
  { desk, until, tampered }: { desk: Desk; until: number; tampered: Set<string> },
): void {
  const { time, draw, shop, repositories } = world;
  const own = draw.fork();
  const acts = draw.integer(25, 60);
  const acting = {
    time,
    draw: own,
    shop,
    desk,
    repositories,
    releases: () => allReleases(world),
    onTampering: ({ placement }: Shop['places'][number]) => {
      const { cluster, namespace, rollout } = placement;
      tampered.add(`${cluster}/${namespace}/${rollout}`);
    },
  };
  for (let i = 0; i < acts; i += 1) time.at(draw.integer(time.now(), until), () => actSomehow(acting));
}

/** Faults have ceased: people answer until nothing is open, or for as long as anybody could ask of them. */
async function answerWhatWaits(world: World, desk: Desk): Promise<void> {
  const { time, draw, ledger, real } = world;
  const isSomethingLeft = async () =>
    ledger.unfinished.size > 0 || (await real.inbox.waiting(Number.POSITIVE_INFINITY)).length > 0;
  const attend = attendTo(desk, { draw: draw.fork(), forgetful: draw.happens(0.15) });
  const end = time.now() + PATIENCE_MS;
  for (let quiet = 0; time.now() < end && quiet < QUIET_LOOKS; ) {
    quiet = (await isSomethingLeft()) ? 0 : quiet + 1;
    for (const id of openReleases(world)) attend({ id, messages: messagesOf(world, id) });
    await time.run(Math.min(end, time.now() + ATTEND_EVERY_MS));
  }
}

/** What the channel shows of a release now. */
function messagesOf({ workspace }: World, release: string): Message[] {
  const channel = workspace.channels.get(channelOf(release.split('/')[0] ?? ''));
  return (channel?.posts ?? [])
    .filter((post) => post.operation?.startsWith(`${release}#`))
    .map((post) => post.message);
}

function hashOf(history: History): string {
  const hash = createHash('sha256');
  for (const entry of history.entries) hash.update(`${entry.at} ${summary(entry)}\n`);
  return hash.digest('hex');
}

function summary(entry: History['entries'][number]): string {
  switch (entry.kind) {
    case 'fact':
      return `${entry.fact.stream} ${entry.fact.version} ${entry.fact.kind}`;
    case 'commit':
      return `${entry.repository} ${entry.branch} ${entry.commit} ${entry.operation}`;
    case 'write':
      return `${entry.placement} ${entry.effect.kind} ${entry.isEffective}`;
    case 'post':
    case 'edit':
      return `${entry.channel} ${entry.ts} ${entry.message.text}`;
    case 'answer':
      return `${entry.delivery} ${entry.person}`;
    default:
      return entry.kind;
  }
}
