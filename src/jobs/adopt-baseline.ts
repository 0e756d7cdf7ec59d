import { SYSTEM } from '../domain/actor.ts';
import { type Catalog, catalogService, placementsOf, servicesIn } from '../domain/catalog/catalog.ts';
import { type Placement, placementId } from '../domain/catalog/placement.ts';
import { parseImageReference } from '../domain/content/image-reference.ts';
import { ownedKeys } from '../domain/content/owned-keys.ts';
import type { Content, Image, OwnedKey } from '../domain/content.ts';
import { type EnvironmentName, environmentStream, type ReleaseId, type ServiceName } from '../domain/ids.ts';
import { proveContent } from '../domain/rollout/prove-content.ts';
import type { RolloutView } from '../domain/rollout/rollout-view.ts';
import { scaledToZero } from '../domain/rollout/scaled-to-zero.ts';
import type { Rules } from '../domain/rules.ts';
import type { Ports } from '../ports/ports.ts';
import type { CatalogSource } from './cut/catalog-source.ts';
import { readEnvironment } from './read-state.ts';
import { recordAlways, stamp } from './record.ts';

export type AdoptPorts = Pick<
  Ports,
  'ledger' | 'snapshots' | 'git' | 'yaml' | 'cluster' | 'registry' | 'clock'
>;

/**
 * At first sight of a service: what is Healthy is remembered as adopted, with the values Git has for it, so that the first
 * rollback works on day one. Where Git says something else than runs, that is kept with it and shown. Any number of times;
 * answers with the services that could not be adopted yet.
 */
export async function adoptBaseline(
  ports: AdoptPorts,
  rules: Rules,
  source: Pick<CatalogSource, 'load'>,
): Promise<string[]> {
  const catalog = await source.load();
  const waiting: string[] = [];
  for (const { name } of rules.environments) {
    const { state } = await readEnvironment(ports, name);
    const unseen = servicesIn(catalog, name).filter(
      (service) => state.known[service] === undefined && state.tracks[service]?.exclusive === undefined,
    );
    for (const service of unseen) {
      if (!(await adopt(ports, rules, { catalog, environment: name, service })))
        waiting.push(`${name}/${service}`);
    }
  }
  return waiting;
}

/** Remembers what runs of a service as its content; false when it cannot yet. */
export async function adopt(
  ports: AdoptPorts,
  rules: Rules,
  at: { catalog: Catalog; environment: EnvironmentName; service: ServiceName },
): Promise<boolean> {
  const placements = placementsOf(at.catalog, at);
  const entry = catalogService(at.catalog, at.service);
  const views = placements.map((placement) => healthyView(ports, placement));
  const [first] = views;
  if (entry === undefined || first === undefined || views.some((view) => view === undefined)) return false;
  const images = imagesOf(first, entry.images);
  if (images === undefined) return false;
  const { found, isComplete } = await known(ports, images);
  const content: Content = { images: found, keys: [], authors: [] };
  const stands = (view: RolloutView, i: number): boolean =>
    serves(view, content, placements[i]) || (isComplete && scaledToZero(view, content) !== undefined);
  if (views.some((view, i) => view && !stands(view, i))) return false;
  const git = await Promise.all(placements.map((placement) => fromGit(ports, rules, { placement, content })));
  const disagreement = git.map((each) => each.disagreement).find((says) => says !== undefined);
  const data = {
    service: at.service,
    content: { ...content, keys: git.flatMap((each) => each.keys) },
    ...(disagreement && { disagreement }),
  };
  const fact = stamp(ports.clock, { kind: 'content.adopted', actor: SYSTEM, data });
  await recordAlways(ports.ledger, environmentStream(at.environment), [fact]);
  return true;
}

function healthyView({ cluster }: Pick<Ports, 'cluster'>, placement: Placement): RolloutView | undefined {
  const observed = cluster.observe(placement);
  if (observed.kind !== 'seen') return undefined;
  const { rollout } = observed;
  const settled = rollout.phase === 'Healthy' && rollout.currentPodHash === rollout.stablePodHash;
  return settled ? rollout : undefined;
}

/** The catalog's containers as they run; absent when one is missing or runs no digest that can be pinned. */
function imagesOf(
  view: RolloutView,
  containers: Readonly<Record<string, string>>,
): Record<string, Image> | undefined {
  const stable = view.replicaSets.find((set) => set.podHash === view.stablePodHash);
  const images: Record<string, Image> = {};
  for (const [container, repository] of Object.entries(containers)) {
    const reference = parseImageReference(view.images[container] ?? '');
    const reported = stable?.readyPods
      .map((pod) => pod.digests[container])
      .find((digest) => digest !== undefined);
    const digest = reference.digest ?? reported;
    if (digest === undefined) return undefined;
    // What pods report may be one platform's manifest of the index that the template pins.
    const platforms = reported !== undefined && reported !== digest ? { observed: reported } : {};
    images[container] = { repository, digest, platforms, ...(reference.tag && { version: reference.tag }) };
  }
  return images;
}

/**
 * What the registry can add: a name that people know the bytes by, and all platforms' digests. Adoption does not wait for it
 * where pods report what they run; where there are none, nothing else tells what later ones will rightly report (`isComplete`).
 */
async function known(
  { registry }: Pick<Ports, 'registry'>,
  images: Record<string, Image>,
): Promise<{ found: Record<string, Image>; isComplete: boolean }> {
  const asked = await Promise.all(
    Object.entries(images).map(async ([container, image]) => {
      const answer = await registry
        .resolve(image.repository, { digest: image.digest })
        .catch(() => undefined);
      if (answer?.kind !== 'resolved') return { container, image, isResolved: false };
      const { platforms, version = image.version, revision, source } = answer.image;
      const more = {
        platforms: { ...image.platforms, ...platforms },
        ...(version && { version }),
        ...(revision && { revision }),
        ...(source && { source }),
      };
      return { container, image: { ...image, ...more }, isResolved: true };
    }),
  );
  return {
    found: Object.fromEntries(asked.map(({ container, image }) => [container, image])),
    isComplete: asked.every(({ isResolved }) => isResolved),
  };
}

function serves(view: RolloutView, content: Content, placement: Placement | undefined): boolean {
  return placement !== undefined && proveContent(view, content, placementId(placement)).kind === 'proved';
}

/** Stands for whichever release a pod template names at first sight. */
const ANY_RELEASE: ReleaseId = 'any/release-2000-01-01.1';

/** The values Git has for a placement, and whether they say what runs. */
async function fromGit(
  { git, yaml }: Pick<Ports, 'git' | 'yaml'>,
  rules: Rules,
  { placement, content }: { placement: Placement; content: Content },
): Promise<{ keys: OwnedKey[]; disagreement?: string }> {
  const where = placement.git;
  if (where === undefined) return { keys: [] };
  const branch = rules.repositories[where.repository]?.branch ?? 'main';
  const text = await (await git.view(where.repository, branch))?.read(where.file);
  if (text === undefined)
    return { keys: [], disagreement: `${where.file} is not on ${branch} of ${where.repository}` };
  const wanted = ownedKeys(placement, content);
  // An id that a release writes into pod templates is owned as well: putting the old one back is what keeps a rollback from
  // starting a canary of its own. No id is right yet, so it is asked for and not compared.
  const owned = ownedKeys(placement, content, { releaseId: ANY_RELEASE });
  const now = await yaml.edit(text, owned);
  if (now.kind === 'refused')
    return { keys: [], disagreement: `${where.file}: ${now.faults[0]?.message ?? 'unreadable'}` };
  const differs = now.before.slice(0, wanted.length).find((key, i) => key.value !== wanted[i]?.value);
  if (differs === undefined) return { keys: now.before };
  return {
    keys: now.before,
    disagreement: `${where.file} says ${String(differs.value)} at ${differs.path.join('.')}, which is not what runs`,
  };
}
