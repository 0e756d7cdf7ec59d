import type { Origin } from '../../domain/candidate/candidate.ts';
import { type Catalog, catalogService, placementsOf, servicesIn } from '../../domain/catalog/catalog.ts';
import { type Content, type KnownContent, sameContent } from '../../domain/content.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import type { Digest, PersonId, ServiceName } from '../../domain/ids.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import type { Unresolved } from '../../domain/plan/plan-input.ts';
import type { ServiceChoice } from '../../domain/request.ts';
import type { EnvironmentRules } from '../../domain/rules.ts';
import { TerminalError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';

/** What a release would bring, before anything is planned. */
export interface Chosen {
  contents: Record<ServiceName, Content>;
  unresolved: Unresolved[];
  /** Where each came from that nobody typed and no environment verified; absent: none did. */
  origins?: Record<ServiceName, Origin>;
}

/** What to ask the registry for, by container; absent for one that nobody named. */
export type References = (container: string) => { tag: string } | { digest: Digest } | undefined;

/** Everything that was verified one environment earlier and is not what runs here, with everybody who wrote what is new. */
export function fromPrevious(
  catalog: Catalog,
  { here, previous }: { here: EnvironmentState; previous: EnvironmentState },
): Record<ServiceName, Content> {
  const entries = servicesIn(catalog, here.name).flatMap((service): [ServiceName, Content][] => {
    const [newest] = previous.known[service] ?? [];
    const now = here.known[service]?.[0]?.content;
    if (newest?.standing !== 'verified' || (now && sameContent(now, newest.content))) return [];
    return [[service, withAuthorsSince(newest.content, previous.known[service] ?? [], now)]];
  });
  return Object.fromEntries(entries);
}

/** Authors of all contents that were verified since the one that runs now: what is new is the work of all of them. */
export function withAuthorsSince(
  content: Content,
  known: readonly KnownContent[],
  now: Content | undefined,
): Content {
  const until = known.findIndex((each) => now !== undefined && sameContent(each.content, now));
  const since = until < 0 ? known : known.slice(0, until);
  return {
    ...content,
    authors: [...new Set([...content.authors, ...since.flatMap((each) => each.content.authors)])],
  };
}

/** Versions that a person typed, each resolved at its registry. Throws `TerminalError` for a service that is not there. */
export async function fromRegistry(
  ports: Pick<Ports, 'registry' | 'directory'>,
  catalog: Catalog,
  { environment, services }: { environment: EnvironmentRules; services: readonly ServiceChoice[] },
): Promise<Chosen> {
  const resolved = await Promise.all(
    services.map(({ service, version }) => {
      const reference = version.kind === 'tag' ? { tag: version.tag } : { digest: version.digest };
      return resolveService(ports, catalog, { environment, service, references: () => reference });
    }),
  );
  return {
    contents: Object.fromEntries(
      resolved.flatMap(({ service, content }) => (content ? [[service, content]] : [])),
    ),
    unresolved: resolved.flatMap((each) => each.unresolved),
  };
}

/** Asks the registry for every image of a service. Throws `TerminalError` for one that is not in the environment. */
export async function resolveService(
  ports: Pick<Ports, 'registry' | 'directory'>,
  catalog: Catalog,
  asked: { environment: EnvironmentRules; service: ServiceName; references: References },
): Promise<{ service: ServiceName; content?: Content; unresolved: Unresolved[] }> {
  const { environment, service, references } = asked;
  const entry = catalogService(catalog, service);
  const known = servicesIn(catalog, environment.name);
  if (entry === undefined || placementsOf(catalog, { service, environment: environment.name }).length === 0) {
    throw new TerminalError(
      `There is no service ${service} in ${environment.name}: ${didYouMean(service, known)}.`,
    );
  }
  const images: Content['images'] = {};
  const unresolved: Unresolved[] = [];
  const authors = new Set<PersonId>();
  for (const [container, repository] of Object.entries(entry.images)) {
    const reference = references(container);
    if (reference === undefined) {
      unresolved.push({ service, container, says: `has no image for its container ${container}` });
      continue;
    }
    const found = await ports.registry.resolve(repository, reference);
    if (found.kind !== 'resolved') {
      unresolved.push({ service, container, says: whyNot(found, { repository, reference }) });
      continue;
    }
    images[container] = found.image;
    for (const email of found.authorEmails) {
      const person = await ports.directory.byEmail(email);
      if (person) authors.add(person);
    }
  }
  if (unresolved.length > 0) return { service, unresolved };
  return { service, content: { images, keys: [], authors: [...authors] }, unresolved };
}

function whyNot(
  found: { kind: 'missing'; known: string[] } | { kind: 'refused'; reason: string },
  asked: { repository: string; reference: { tag: string } | { digest: string } },
): string {
  const what = 'tag' in asked.reference ? asked.reference.tag : asked.reference.digest;
  if (found.kind === 'refused') return `the registry refuses ${asked.repository}: ${found.reason}`;
  const near = found.known.length > 0 ? `; it has ${found.known.join(', ')}` : '';
  return `${asked.repository} has no ${what}${near}`;
}
