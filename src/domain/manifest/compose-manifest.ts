import type { Content, Image } from '../content.ts';
import { own } from '../document/own.ts';
import type { EnvironmentName, IncidentId, ReleaseId, ReleaseName, ServiceName } from '../ids.ts';
import { trainOf } from '../naming/release-name.ts';
import type { WrittenContract, WrittenFlag, WrittenMigration, WrittenRollback } from './evidence-schema.ts';
import { MANIFEST_API_VERSION } from './manifest.ts';

/** What a release document is composed from. */
export interface Composition {
  name: ReleaseName;
  environment: EnvironmentName;
  type: 'standard' | 'hotfix' | 'rollback';
  services: Readonly<Record<ServiceName, Content>>;
  /** The person who asked, `slack:<team>:<user>`, or the policy that began a recovery. */
  requestedBy: string;
  /** The release this content comes from, one environment earlier. */
  promotedFrom?: ReleaseId | undefined;
  /** What services promise each other, as it was written. */
  contracts?: readonly WrittenContract[] | undefined;
  /** What a hotfix mends. */
  incident?: IncidentId | undefined;
  /** Flags it brings, as they were written. */
  flags?: readonly WrittenFlag[] | undefined;
  /** What changes in databases, and what becomes of them on the way back, as it was written. */
  migrations?: readonly WrittenMigration[] | undefined;
  rollback?: WrittenRollback | undefined;
  /** Service to repository to the commit that changed its files there last; absent: not known. */
  config?: Readonly<Record<ServiceName, Readonly<Record<string, string>>>> | undefined;
  /** Releases whose content leaves; only for a rollback. */
  rollsBack?: readonly ReleaseId[] | undefined;
}

/** A release document as plain data, in the order people read it. */
export type ComposedManifest = Readonly<Record<string, unknown>>;

/**
 * The document for a release: services sorted by name, one image a line with its digest, nothing that is already decided
 * elsewhere. The same release always gives the same document, and so the same hash.
 */
export function composeManifest(release: Composition): ComposedManifest {
  const services = Object.entries(release.services).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    apiVersion: MANIFEST_API_VERSION,
    kind: 'Release',
    metadata: {
      name: release.name,
      labels: { train: trainOf(release.name) },
      annotations: {
        'signalbox/requested-by': release.requestedBy,
        ...(release.promotedFrom && { 'signalbox/promoted-from': release.promotedFrom }),
        ...(release.incident && { 'signalbox/incident': release.incident }),
        ...(release.rollsBack?.length && { 'signalbox/rolls-back': release.rollsBack.join(' ') }),
      },
    },
    spec: {
      environment: release.environment,
      ...(release.type !== 'standard' && { type: release.type }),
      services: Object.fromEntries(
        services.map(([name, content]) => [name, { ...composeService(content), ...configOf(release, name) }]),
      ),
      ...(release.migrations?.length && { migrations: release.migrations }),
      ...(release.contracts?.length && { contracts: release.contracts }),
      ...(release.flags?.length && { flags: release.flags }),
      ...(release.rollback && { rollback: release.rollback }),
    },
  };
}

/** The text of a composed document. Its first line tells a reader of the repository what happens to edits. */
export function manifestText(document: ComposedManifest, write: (value: unknown) => string): string {
  return `# Written by Signalbox. A change by hand voids the approvals given to it.\n${write(document)}`;
}

/** Path of an environment's manifest in its repository. */
export function manifestPath(
  template: string,
  of: { environment: EnvironmentName; name: ReleaseName },
): string {
  return template.replaceAll('{environment}', of.environment).replaceAll('{train}', trainOf(of.name));
}

function composeService(content: Content): Record<string, unknown> {
  const images = Object.entries(content.images).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [first, ...others] = images;
  const alone = first !== undefined && others.length === 0;
  const versions = [...new Set(images.map(([, image]) => image.version))];
  return {
    // For people: what the digest is called. Nothing reads it back.
    ...(versions.length === 1 && versions[0] !== undefined && { 'x-version': versions[0] }),
    ...(alone
      ? { image: pinned(first[1]) }
      : { images: Object.fromEntries(images.map(([name, image]) => [name, pinned(image)])) }),
    ...(content.chartVersion !== undefined && { chartVersion: content.chartVersion }),
  };
}

function configOf({ config }: Composition, service: ServiceName): Record<string, unknown> {
  const commits = own(config ?? {}, service);
  return commits && Object.keys(commits).length > 0 ? { config: commits } : {};
}

function pinned(image: Image): string {
  return `${image.repository}@${image.digest}`;
}
