import { createHash } from 'node:crypto';
import { type Image, Revision } from '../../domain/content.ts';
import type { Digest } from '../../domain/ids.ts';
import { nearestFew } from '../../domain/naming/nearest.ts';
import type { Registry, Resolved, TagList } from '../../ports/registry.ts';
import { createFetcher, type RegistryHost } from './fetch-manifest.ts';
import { listTags } from './list-tags.ts';
import { Configuration, INDEX_TYPES, Manifest, readJson, Tags } from './media-types.ts';
import { refusedBy } from './refused-by.ts';

/** Tags offered when the one asked for is not there. */
const OFFERED = 5;

/**
 * OCI registries. An image is resolved to the digest that Git pins (the index, for several platforms) and to every digest that a
 * pod may rightly report for it. Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export function createRegistry(hosts: Readonly<Record<string, RegistryHost>>): Registry {
  const fetcher = createFetcher(hosts);

  async function resolve(
    repository: string,
    reference: { tag: string } | { digest: Digest },
  ): Promise<Resolved> {
    const wanted = 'tag' in reference ? reference.tag : reference.digest;
    const answer = await fetcher.get(repository, `manifests/${wanted}`);
    if (answer.status === 404) return missing(repository, reference);
    if (answer.status !== 200) return refusedBy(repository, answer.status);
    const digest = digestOf(answer.body);
    if ('digest' in reference && digest !== reference.digest) {
      return { kind: 'refused', reason: 'what it sent does not have the digest that was asked for' };
    }
    const manifest = Manifest.safeParse(readJson(answer.body));
    if (!manifest.success) return { kind: 'refused', reason: 'what it sent is no image manifest' };
    const platforms = platformsOf(manifest.data);
    const told = await annotations(
      repository,
      manifest.data,
      'tag' in reference ? BUILT : [...BUILT, VERSION],
    );
    const version = 'tag' in reference ? reference.tag : versionIn(told[VERSION] ?? '');
    const image: Image = {
      repository,
      digest,
      platforms,
      ...(version !== undefined && { version }),
      ...builtFrom(told),
    };
    return { kind: 'resolved', image, authorEmails: emailsIn(told[AUTHORS] ?? '') };
  }

  async function missing(
    repository: string,
    reference: { tag: string } | { digest: Digest },
  ): Promise<Resolved> {
    if ('digest' in reference) return { kind: 'missing', known: [] };
    const answer = await fetcher.get(repository, 'tags/list');
    const tags = answer.status === 200 ? Tags.safeParse(readJson(answer.body)) : undefined;
    return { kind: 'missing', known: nearestFew(reference.tag, tags?.data?.tags ?? [], OFFERED) };
  }

  /**
   * What an image says of itself under these names: annotations of the index or manifest, else of one platform for all, else labels
   * of the image's own configuration, where most builds put them. Looks no deeper than it has to.
   */
  async function annotations(
    repository: string,
    manifest: Manifest,
    names: readonly string[],
  ): Promise<Readonly<Record<string, string>>> {
    const own = manifest.annotations ?? {};
    const left = names.filter((name) => own[name] === undefined);
    if (left.length === 0) return own;
    const [first] = manifest.manifests?.filter((each) => each.platform?.architecture !== 'unknown') ?? [];
    if (first === undefined) return { ...(await labels(repository, manifest)), ...own };
    const answer = await fetcher.get(repository, `manifests/${first.digest}`);
    const one = answer.status === 200 ? Manifest.safeParse(readJson(answer.body)) : undefined;
    // An index of indexes is allowed and not used; whoever makes one could lead us round for ever.
    if (!one?.success || one.data.manifests !== undefined) return own;
    return { ...(await annotations(repository, one.data, left)), ...own };
  }

  async function labels(repository: string, { config }: Manifest): Promise<Record<string, string>> {
    if (config === undefined) return {};
    const answer = await fetcher.get(repository, `blobs/${config.digest}`);
    const read = answer.status === 200 ? Configuration.safeParse(readJson(answer.body)) : undefined;
    const author = read?.data?.author;
    return { ...(author !== undefined && { [AUTHORS]: author }), ...read?.data?.config?.Labels };
  }

  return { resolve, tags: (repository): Promise<TagList> => listTags(fetcher, repository) };
}

/** Source: https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys */
const AUTHORS = 'org.opencontainers.image.authors';
const VERSION = 'org.opencontainers.image.version';
const REVISION = 'org.opencontainers.image.revision';
const SOURCE = 'org.opencontainers.image.source';

/** What an image is asked about itself, whatever it was found by. */
const BUILT = [AUTHORS, REVISION, SOURCE];

/** What a build wrote down of where it came from; whatever could not be that is taken as not said. */
function builtFrom(told: Readonly<Record<string, string>>): Pick<Image, 'revision' | 'source'> {
  const revision = Revision.safeParse((told[REVISION] ?? '').trim().toLowerCase());
  const source = (told[SOURCE] ?? '').trim();
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\/\S{1,480}$/i.test(source);
  return { ...(revision.success && { revision: revision.data }), ...(isAddress && { source }) };
}

/** The digest is taken from the bytes themselves: a header may be absent, or another's. */
function digestOf(body: string): Digest {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

/** Attestations ride in an index as platform `unknown/unknown`; no pod runs them. */
function platformsOf(manifest: Manifest): Record<string, Digest> {
  if (manifest.manifests === undefined || !INDEX_TYPES.has(manifest.mediaType ?? INDEX_TYPE)) return {};
  const entries = manifest.manifests.flatMap(({ digest, platform }): [string, Digest][] => {
    if (platform === undefined || platform.os === 'unknown') return [];
    const variant = platform.variant ? `/${platform.variant}` : '';
    return [[`${platform.os}/${platform.architecture}${variant}`, digest]];
  });
  return Object.fromEntries(entries);
}

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/** A version goes into documents and messages: only what could be a tag, or a version with a build behind `+`, is one. */
function versionIn(text: string): string | undefined {
  return /^\w[\w.+-]{0,127}$/.test(text) ? text : undefined;
}

function emailsIn(text: string): string[] {
  return [...new Set(text.match(/[^\s<>,;"]+@[^\s<>,;"]+/g) ?? [])].map((email) => email.toLowerCase());
}
