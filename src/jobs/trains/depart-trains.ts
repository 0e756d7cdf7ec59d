import { policyOf } from '../../domain/actor.ts';
import { departureDue } from '../../domain/calendar/departure.ts';
import { type Content, sameContent } from '../../domain/content.ts';
import { own } from '../../domain/document/own.ts';
import { ReleaseId, type ServiceName } from '../../domain/ids.ts';
import { refusing } from '../../domain/policy/row.ts';
import { isEnded } from '../../domain/release/release-state.ts';
import { type EnvironmentRules, environmentRules, type TrainRules } from '../../domain/rules.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { trainStayed } from '../../views/trains.ts';
import { fromPrevious } from '../cut/choose-contents.ts';
import { type Made, makeRelease } from '../cut/make-release.ts';
import { readEnvironment, readRelease } from '../read-state.ts';
import type { Desk } from '../requests/asked.ts';

/** A train that could not be sent at its time is sent within this, or not at all: people counted on that time. */
const GRACE_MS = 15 * 60_000;

/** The end of the grace, in which what keeps a train back is said, whatever it is. */
const LAST_MS = 2 * 60_000;

/** How long it is remembered that a departure was seen to; any time past the grace would do. */
const REMEMBER_MS = 24 * 3600 * 1000;

/** Releases looked through for one that this departure cut already. */
const MOST_RELEASES = 50;

type TrainDesk = Pick<Desk, 'ports' | 'rules' | 'catalog'>;

/**
 * Sends every train that is due: what was verified one environment earlier is cut by the environment's policy, and asks for
 * approval as any other. Once for each departure, whoever looks and however often; what keeps a train back is said in the
 * environment's channel.
 */
export async function departTrains(desk: TrainDesk): Promise<void> {
  const failures: unknown[] = [];
  for (const train of desk.rules.trains) {
    // What keeps one back for now keeps no other.
    await seeTo(desk, train).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function seeTo(desk: TrainDesk, train: TrainRules): Promise<void> {
  const at = departureDue(train, { now: desk.ports.clock.now(), graceMs: GRACE_MS });
  const environment = environmentRules(desk.rules, train.environment);
  if (at === undefined || environment === undefined || environment.observeOnly) return;
  const id = `train/${train.name}/${new Date(at).toISOString()}`;
  if (await desk.ports.scratch.get(id)) return;
  await depart(desk, { train, environment, id, at });
  await desk.ports.scratch.put(id, true, REMEMBER_MS);
}

interface Departure {
  train: TrainRules;
  environment: EnvironmentRules;
  /** Names the departure: its facts carry it as their cause. */
  id: string;
  /** Milliseconds since 1970. */
  at: number;
}

async function depart(desk: TrainDesk, departure: Departure): Promise<void> {
  if (await hasLeft(desk.ports, departure)) return;
  const { train, environment, id, at } = departure;
  const isLast = desk.ports.clock.now() >= at + GRACE_MS - LAST_MS;
  const outcome = await send(desk, departure).catch((error: unknown): Awaited<ReturnType<typeof send>> => {
    if (isLast && error instanceof UnavailableError) return { kind: 'impossible', says: error.message };
    throw error;
  });
  if (outcome.kind === 'recorded') return;
  if (!isLast && mayChange(outcome))
    throw new UnavailableError(`train ${train.name} waits for what its preflight could not ask`);
  const message = trainStayed({
    train: train.name,
    environment,
    at,
    prefix: desk.rules.commandPrefix,
    outcome,
  });
  const known = await desk.ports.chat.find({ channel: environment.channel, operation: id, since: at });
  if (known === undefined)
    await desk.ports.chat.post({ channel: environment.channel, operation: id, message });
}

/** Whether nothing else keeps it back than what could not be asked just now. */
function mayChange(outcome: Made | { kind: 'impossible' | 'waiting' }): boolean {
  return outcome.kind === 'refused' && refusing(outcome.shown).every((row) => row.outcome === 'unknown');
}

async function send(
  desk: TrainDesk,
  { train, environment, id }: Departure,
): Promise<Made | { kind: 'impossible'; says: string } | { kind: 'waiting'; release: ReleaseId }> {
  const { ports, catalog: source } = desk;
  try {
    const [catalog, here, previous] = await Promise.all([
      source.load(),
      readEnvironment(ports, environment.name),
      readEnvironment(ports, environment.previous ?? ''),
    ]);
    const contents = fromPrevious(catalog, { here: here.state, previous: previous.state });
    if (Object.keys(contents).length === 0) return { kind: 'nothing' };
    const release = await underWay(ports, environment, contents);
    if (release !== undefined) return { kind: 'waiting', release };
    const actor = policyOf(environment.name);
    const wish = { environment, catalog, here: here.state, contents, unresolved: [], requestedBy: actor.id };
    return await makeRelease(desk, { id, actor }, { wish, train: train.name });
  } catch (error) {
    // What will not be different in a minute is said; what may be is tried again within the grace.
    if (error instanceof TerminalError) return { kind: 'impossible', says: error.message };
    throw error;
  }
}

/** An open release that brings all of this already: the train of yesterday that nobody has approved yet. */
async function underWay(
  { ledger }: Pick<Ports, 'ledger'>,
  environment: EnvironmentRules,
  contents: Readonly<Record<ServiceName, Content>>,
): Promise<ReleaseId | undefined> {
  const open = (await ledger.unfinished()).filter((stream) =>
    stream.startsWith(`release:${environment.name}/`),
  );
  const readings = await Promise.all(
    open.map((stream) => readRelease(ledger, ReleaseId.parse(stream.slice('release:'.length)))),
  );
  return readings.find(
    (reading) =>
      reading &&
      !isEnded(reading.state) &&
      Object.entries(contents).every(([service, content]) => {
        const planned = own(reading.state.plan.services, service);
        return planned !== undefined && sameContent(planned.to, content);
      }),
  )?.state.id;
}

/** The memory of it may be gone with the store's scratch; the ledger's is not. */
async function hasLeft({ ledger }: Pick<Ports, 'ledger'>, { environment, id }: Departure): Promise<boolean> {
  const streams = await ledger.recent('release', MOST_RELEASES);
  const here = streams
    .map((stream) => ReleaseId.parse(stream.slice('release:'.length)))
    .filter((release) => release.startsWith(`${environment.name}/`));
  const first = await Promise.all(
    here.map(async (release) => (await ledger.read(`release:${release}`)).facts[0]),
  );
  return first.some((fact) => fact?.cause === id);
}
