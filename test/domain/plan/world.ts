import { createHash } from 'node:crypto';
import type { Catalog, CatalogService } from '../../../src/domain/catalog/catalog.ts';
import type { Placement } from '../../../src/domain/catalog/placement.ts';
import type { Content, Image, KnownContent } from '../../../src/domain/content.ts';
import type { GateBook } from '../../../src/domain/gate/gate-book.ts';
import type { Digest, PersonId, ReleaseName } from '../../../src/domain/ids.ts';
import { readManifest } from '../../../src/domain/manifest/manifest.ts';
import type { PlanInput } from '../../../src/domain/plan/plan-input.ts';
import type { EnvironmentRules } from '../../../src/domain/rules.ts';

export const ANA: PersonId = 'slack:T1:UANA';
export const BEN: PersonId = 'slack:T1:UBEN';
export const CLEO: PersonId = 'slack:T1:UCLEO';

export const NAME: ReleaseName = 'shop-2026-11-20.3';

/** A digest that is always the same for the same words. */
export function digestOf(words: string): Digest {
  return `sha256:${createHash('sha256').update(words).digest('hex')}`;
}

export function imageOf(service: string, version: string): Image {
  return {
    repository: `reg.example/${service}`,
    digest: digestOf(`${service} ${version}`),
    platforms: {},
    version,
  };
}

/** Content of a service with one container that is called like it. */
export function contentOf(service: string, version: string, more: Partial<Content> = {}): Content {
  return { images: { [service]: imageOf(service, version) }, keys: [], authors: [], ...more };
}

/** Trusted content; `at` is the day of November 2026. */
export function knownAs(content: Content, at: number, release?: string): KnownContent {
  const day = String(at).padStart(2, '0');
  return {
    content,
    standing: release === undefined ? 'adopted' : 'verified',
    ...(release !== undefined && { release }),
    at: `2026-11-${day}T10:00:00.000Z`,
  };
}

export function placementOf(service: string, environment = 'prod'): Placement {
  return {
    cluster: 'main',
    namespace: environment,
    rollout: service,
    git: { repository: 'gitops', file: `${environment}/${service}/kustomization.yaml`, format: 'kustomize' },
  };
}

/** A service of tier 2 in dev and prod, with these dependencies. */
export function serviceOf(name: string, more: Partial<CatalogService> = {}): CatalogService {
  return {
    owner: `${name}-owners`,
    tier: 2,
    images: { [name]: `reg.example/${name}` },
    dependsOn: [],
    gates: [],
    placements: { dev: [placementOf(name, 'dev')], prod: [placementOf(name)] },
    ...more,
  };
}

/** A catalog from service to the names it depends on. */
export function catalogOf(graph: Readonly<Record<string, readonly string[]>>): Catalog {
  const services = Object.entries(graph).map(([name, needed]) => [
    name,
    serviceOf(name, { dependsOn: needed.map((service) => ({ service })) }),
  ]);
  return { services: Object.fromEntries(services) };
}

export function environmentOf(more: Partial<EnvironmentRules> = {}): EnvironmentRules {
  return {
    name: 'prod',
    channel: 'C1',
    previous: 'dev',
    repository: 'gitops',
    manifestPath: 'releases/{environment}/release.yaml',
    approvals: { required: 1, from: ['managers'], owners: 'none', expiresAfterMs: 3_600_000 },
    may: { cut: [], approve: [], promote: [], resume: [], abort: [], rollback: [] },
    gates: [],
    onGateFailure: 'rollback',
    requireVerified: true,
    membershipFreshMs: 60_000,
    ...more,
  };
}

export const GATE_BOOK: GateBook = {
  presets: { errors: { type: 'prometheus', query: 'errors / all', threshold: '< 1%' } },
  prometheus: { main: { scrapeIntervalMs: 15_000 } },
  defaultPrometheus: 'main',
};

/** What a manifest says, beyond its images. */
export interface Said {
  spec?: Record<string, unknown>;
  /** By service, beside or instead of its image. */
  services?: Record<string, Record<string, unknown>>;
  name?: string;
  annotations?: Record<string, string>;
}

/** A document for these contents, and more, as plain data. */
export function documentFor(contents: Readonly<Record<string, Content>>, said: Said = {}): unknown {
  const services = Object.entries(contents).map(([name, { images }]) => {
    const image = Object.values(images)[0];
    return [name, { image: `${image?.repository}@${image?.digest}`, ...said.services?.[name] }];
  });
  return {
    apiVersion: 'release.gitplumbers.io/v1',
    kind: 'Release',
    metadata: { name: said.name ?? NAME, ...(said.annotations && { annotations: said.annotations }) },
    spec: { environment: 'prod', services: Object.fromEntries(services), ...said.spec },
  };
}

/** Everything a plan of these contents is made from. */
export function planInput(
  contents: Readonly<Record<string, Content>>,
  more: Partial<PlanInput> & { said?: Said } = {},
): PlanInput {
  const { said, ...rest } = more;
  const document = { file: 'release.yaml', value: documentFor(contents, said), locate: () => undefined };
  const read = readManifest(document);
  if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
  return {
    document,
    manifest: read.manifest,
    manifestHash: read.hash,
    name: NAME,
    catalog: catalogOf(Object.fromEntries(Object.keys(contents).map((name) => [name, []]))),
    environment: environmentOf(),
    gates: GATE_BOOK,
    contents,
    unresolved: [],
    known: {},
    makers: [ANA],
    ...rest,
  };
}
