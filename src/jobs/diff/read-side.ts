import { type Catalog, catalogService, placementsOf, servicesIn } from '../../domain/catalog/catalog.ts';
import { type Placement, placementId } from '../../domain/catalog/placement.ts';
import { readContent } from '../../domain/content/read-content.ts';
import type { OwnedKey } from '../../domain/content.ts';
import {
  EVERYWHERE,
  movingNote,
  type Running,
  runningInCluster,
  runningInGit,
  runningOf,
  type Side,
  versionsIn,
} from '../../domain/diff/side.ts';
import { own } from '../../domain/document/own.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import type { EnvironmentName, ServiceName } from '../../domain/ids.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { readEnvironment } from '../read-state.ts';
import type { Desk } from '../requests/asked.ts';

/** What a release brings. */
export function sideOfRelease(release: ReleaseState): Side {
  const services = Object.entries(release.plan.services).map(([service, { to, config }]) => [
    service,
    { [EVERYWHERE]: { ...runningOf(to), ...(config && { config }) } },
  ]);
  return {
    name: release.id,
    services: Object.fromEntries(services),
    unclear: [],
    notes: [],
    isWhole: false,
  };
}

/** What the ledger trusts to run in an environment. */
export async function sideOfEnvironment({ ports }: Desk, environment: EnvironmentName): Promise<Side> {
  const { state } = await readEnvironment(ports, environment);
  const services = Object.entries(state.known).flatMap(([service, [newest]]) =>
    newest ? [[service, { [EVERYWHERE]: runningOf(newest.content) }]] : [],
  );
  return {
    name: environment,
    services: Object.fromEntries(services),
    unclear: [],
    notes: moving(state),
    isWhole: true,
  };
}

/** What the placements' files say now. Throws `UnavailableError` when Git cannot be reached. */
export async function sideInGit(desk: Desk, environment: EnvironmentName): Promise<Side> {
  return readPlacements(desk, { environment, name: `${environment} in Git` }, (at) => fromGit(desk, at));
}

/** What takes the traffic now, asked of the API servers. */
export async function sideInCluster(desk: Desk, environment: EnvironmentName): Promise<Side> {
  return readPlacements(desk, { environment, name: `${environment} in the cluster` }, (at) =>
    fromCluster(desk.ports, at),
  );
}

/** One service at one placement, and what is known of it. */
interface Place {
  catalog: Catalog;
  state: EnvironmentState;
  service: ServiceName;
  placement: Placement;
}

type Read = { kind: 'read'; running: Running; note?: string | undefined } | { kind: 'silent'; says: string };

async function readPlacements(
  { ports, catalog: source }: Desk,
  { environment, name }: { environment: EnvironmentName; name: string },
  read: (at: Place) => Promise<Read>,
): Promise<Side> {
  const [catalog, { state }] = await Promise.all([source.load(), readEnvironment(ports, environment)]);
  const places = servicesIn(catalog, environment).flatMap((service) =>
    placementsOf(catalog, { service, environment }).map((placement) => ({
      catalog,
      state,
      service,
      placement,
    })),
  );
  const side: Side = { name, services: {}, unclear: [], notes: moving(state), isWhole: true };
  const found = await Promise.all(places.map(async (place) => ({ place, told: await read(place) })));
  for (const { place, told } of found) {
    if (told.kind === 'silent') side.unclear.push({ service: place.service, says: told.says });
    else {
      side.services[place.service] = {
        ...own(side.services, place.service),
        [placementId(place.placement)]: told.running,
      };
      if (told.note !== undefined) side.notes.push(told.note);
    }
  }
  return side;
}

async function fromGit({ ports, rules }: Desk, { catalog, state, service, placement }: Place): Promise<Read> {
  const { git: where } = placement;
  const entry = catalogService(catalog, service);
  if (where === undefined || entry === undefined)
    return { kind: 'silent', says: `Git does not own ${placementId(placement)}` };
  const branch = rules.repositories[where.repository]?.branch ?? 'main';
  const text = await (await ports.git.view(where.repository, branch))?.read(where.file);
  if (text === undefined)
    return { kind: 'silent', says: `${where.file} is not on ${branch} of ${where.repository}` };
  const documents = await ports.yaml.readAll(text);
  if (documents.kind === 'refused') {
    const [fault] = documents.faults;
    return { kind: 'silent', says: `${where.file}:${fault?.line ?? 1}: ${fault?.message ?? 'unreadable'}` };
  }
  const content = readContent(placement, documents.values);
  if (content.kind === 'silent') return { kind: 'silent', says: content.reason };
  const keys = await keysNow(ports, {
    text,
    file: where.file,
    known: state.known[service]?.[0]?.content.keys,
  });
  return {
    kind: 'read',
    running: runningInGit(content, { entry, keys, versionOf: versionsIn(state.known) }),
  };
}

/** The values that the trusted content owns in a file, as the file has them now. */
async function keysNow(
  { yaml }: Pick<Ports, 'yaml'>,
  { text, file, known = [] }: { text: string; file: string; known: readonly OwnedKey[] | undefined },
): Promise<OwnedKey[]> {
  const now = await yaml.edit(
    text,
    known.filter((key) => key.file === file),
  );
  return now.kind === 'edited' ? now.before : [];
}

async function fromCluster(
  { cluster }: Pick<Ports, 'cluster'>,
  { catalog, state, service, placement }: Place,
): Promise<Read> {
  const entry = catalogService(catalog, service);
  const observed = await cluster.look(placement);
  if (observed.kind === 'missing' || entry === undefined)
    return { kind: 'silent', says: `there is no Rollout ${placementId(placement)}` };
  if (observed.kind === 'unknown')
    return { kind: 'silent', says: `${placementId(placement)} cannot be read: ${observed.reason}` };
  const running = runningInCluster(observed.rollout, { entry, versionOf: versionsIn(state.known) });
  return { kind: 'read', running, note: movingNote(observed.rollout, service) };
}

/** Services that a release moves at this moment. */
function moving({ tracks }: EnvironmentState): string[] {
  return Object.entries(tracks).flatMap(([service, { exclusive }]) =>
    exclusive === undefined ? [] : [`${service}: ${exclusive} moves it now`],
  );
}
