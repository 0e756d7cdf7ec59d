import { newestArtifact, type Reported } from '../../domain/artifact/service-state.ts';
import type { Origin } from '../../domain/candidate/candidate.ts';
import { type CandidateRule, tagOfCommit } from '../../domain/candidate/candidate-rule.ts';
import { newestTag, type TagRule, tagRuleWords } from '../../domain/candidate/newest-tag.ts';
import {
  type Catalog,
  type CatalogService,
  catalogService,
  servicesIn,
} from '../../domain/catalog/catalog.ts';
import { type Content, sameContent } from '../../domain/content.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import type { ServiceName } from '../../domain/ids.ts';
import type { Unresolved } from '../../domain/plan/plan-input.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import type { Ports } from '../../ports/ports.ts';
import { readService } from '../read-state.ts';
import { type Chosen, type References, resolveService } from './choose-contents.ts';

type CandidatePorts = Pick<Ports, 'registry' | 'directory' | 'forge' | 'ledger' | 'snapshots'>;

/** What a service would be cut with. */
type Found =
  | { kind: 'found'; references: References; origin: Origin; version?: string | undefined }
  /** Nobody offers anything: the service stays as it is. */
  | { kind: 'nothing' }
  /** There is a rule, and nothing that fits it; `says` is the end of a sentence. */
  | { kind: 'none'; says: string };

/**
 * The newest of everything that exists in the first environment, by each service's rule, without what runs already. Throws
 * `UnavailableError` when somebody who has to be asked is away: what is not known must not be left out in silence.
 */
export async function candidatesFor(
  ports: CandidatePorts,
  rules: Pick<Rules, 'repositories'>,
  at: { catalog: Catalog; environment: EnvironmentRules; here: EnvironmentState },
): Promise<Chosen> {
  const { catalog, environment, here } = at;
  const services = servicesIn(catalog, environment.name);
  const chosen = await Promise.all(services.map((service) => candidate(ports, rules, { ...at, service })));
  const contents: [ServiceName, Content][] = [];
  const origins: [ServiceName, Origin][] = [];
  for (const { service, content, origin } of chosen) {
    const now = here.known[service]?.[0]?.content;
    if (content === undefined || (now && sameContent(now, content))) continue;
    contents.push([service, content]);
    if (origin) origins.push([service, origin]);
  }
  return {
    contents: Object.fromEntries(contents),
    unresolved: chosen.flatMap(({ unresolved }) => unresolved),
    origins: Object.fromEntries(origins),
  };
}

async function candidate(
  ports: CandidatePorts,
  rules: Pick<Rules, 'repositories'>,
  at: { catalog: Catalog; environment: EnvironmentRules; service: ServiceName },
): Promise<{ service: ServiceName; content?: Content; origin?: Origin; unresolved: Unresolved[] }> {
  const { catalog, environment, service } = at;
  const entry = catalogService(catalog, service);
  if (entry === undefined) return { service, unresolved: [] };
  const found = await find(ports, rules, { service, entry });
  if (found.kind === 'nothing') return { service, unresolved: [] };
  if (found.kind === 'none') {
    const [container = service] = Object.keys(entry.images);
    return { service, unresolved: [{ service, container, says: found.says }] };
  }
  const { references, origin, version } = found;
  const resolved = await resolveService(ports, catalog, { environment, service, references });
  if (resolved.content === undefined) return { service, unresolved: resolved.unresolved };
  return { service, content: called(resolved.content, { version, origin }), origin, unresolved: [] };
}

function find(
  ports: CandidatePorts,
  rules: Pick<Rules, 'repositories'>,
  { service, entry }: { service: ServiceName; entry: CatalogService },
): Promise<Found> {
  const rule = entry.candidate ?? { from: 'artifacts' };
  switch (rule.from) {
    case 'artifacts':
      return ofArtifacts(ports, service, { isAsked: entry.candidate !== undefined });
    case 'registry':
      return ofTags(ports, entry, rule);
    case 'github':
      return ofGithub(ports, rules, { entry, rule });
  }
}

async function ofArtifacts(
  ports: Pick<Ports, 'ledger' | 'snapshots'>,
  service: ServiceName,
  { isAsked }: { isAsked: boolean },
): Promise<Found> {
  const newest = newestArtifact((await readService(ports, service)).state);
  if (newest === undefined)
    return isAsked
      ? { kind: 'none', says: 'has no artifact: no build has reported one' }
      : { kind: 'nothing' };
  return {
    kind: 'found',
    references: (container) => {
      const image = newest.images[container];
      return image && { digest: image.digest };
    },
    origin: originOf(newest),
    version: newest.version,
  };
}

function originOf({ reporter, at, commit, build }: Reported): Origin {
  return { kind: 'artifact', reporter, at, ...(commit && { commit }), ...(build && { build }) };
}

/** All containers of a service are built together: the tag of the first is looked for in the others too. */
async function ofTags(
  { registry }: Pick<Ports, 'registry'>,
  { images }: CatalogService,
  rule: TagRule,
): Promise<Found> {
  const [repository = ''] = Object.values(images);
  const listed = await registry.tags(repository);
  if (listed.kind === 'missing') return { kind: 'none', says: `${repository} has no tags at all` };
  if (listed.kind === 'refused')
    return { kind: 'none', says: `the registry refuses the tags of ${repository}: ${listed.reason}` };
  const tag = newestTag(listed.tags, rule);
  const policy = tagRuleWords(rule);
  if (tag === undefined) {
    const some = listed.tags.slice(-3).join(', ');
    return {
      kind: 'none',
      says: `none of the ${listed.tags.length} tags of ${repository} fits ${policy}; it has ${some}`,
    };
  }
  return { kind: 'found', references: () => ({ tag }), origin: { kind: 'tag', tag, policy } };
}

async function ofGithub(
  { forge }: Pick<Ports, 'forge'>,
  { repositories }: Pick<Rules, 'repositories'>,
  { entry, rule }: { entry: CatalogService; rule: Extract<CandidateRule, { from: 'github' }> },
): Promise<Found> {
  const source = entry.source && repositories[entry.source.repository];
  const repository = source?.github;
  if (source === undefined || repository === undefined)
    return {
      kind: 'none',
      says: 'is looked for on GitHub, and its source in the catalog is no repository there',
    };
  const isDeployment = 'deployment' in rule;
  const because = isDeployment
    ? `deployed to ${rule.deployment}`
    : `${rule.check} passed on ${source.branch}`;
  const found = isDeployment
    ? await forge.deployed({ repository, environment: rule.deployment })
    : await forge.passed({ repository, branch: source.branch, check: rule.check });
  switch (found.kind) {
    case 'notConfigured':
      return { kind: 'none', says: 'is looked for on GitHub, and signalbox.yaml has no github' };
    case 'refused':
      return { kind: 'none', says: `GitHub does not tell of ${repository}: ${found.says}` };
    case 'none':
      return { kind: 'none', says: `has no commit on GitHub that was ${because}: ${found.says}` };
    case 'commit': {
      const tag = tagOfCommit(rule.tag, found.commit);
      const origin: Origin = { kind: 'github', repository, commit: found.commit, because };
      return { kind: 'found', references: () => ({ tag }), origin };
    }
  }
}

/** A build knows what its image may not say of itself: the version people call it by, and the commit. */
function called(
  content: Content,
  { version, origin }: { version: string | undefined; origin: Origin },
): Content {
  const commit = origin.kind === 'tag' ? undefined : origin.commit;
  const images = Object.entries(content.images).map(([container, image]) => [
    container,
    {
      ...image,
      ...(version !== undefined && { version }),
      ...(image.revision === undefined && commit !== undefined && { revision: commit }),
    },
  ]);
  return { ...content, images: Object.fromEntries(images) };
}
