import type { CatalogService } from '../catalog/catalog.ts';
import { parseImageReference } from '../content/image-reference.ts';
import type { GitContent } from '../content/read-content.ts';
import { acceptableDigests, type Content, type Image, type KnownContent, type OwnedKey } from '../content.ts';
import type { Digest, ServiceName } from '../ids.ts';
import { servingPodHash } from '../rollout/prove-content.ts';
import type { RolloutView } from '../rollout/rollout-view.ts';
import { percent } from '../text/numbers.ts';

/** An image as one side of a comparison knows it. */
export interface ComparedImage {
  /** Any of them is this image, the one that people are shown first; empty where only a tag is known. */
  digests: readonly Digest[];
  version?: string | undefined;
}

/** What a service runs, or should run, as far as one side says. */
export interface Running {
  /** By container. */
  images: Readonly<Record<string, ComparedImage>>;
  chartVersion?: string | undefined;
  /** Repository to the commit of the service's files when it was cut; absent where the side does not say. */
  config?: Readonly<Record<string, string>> | undefined;
  /** Values in files; empty where the side says nothing of them. */
  keys: readonly OwnedKey[];
}

/** Stands for every placement of a service, on a side that does not tell them apart. */
export const EVERYWHERE = '*';

/** One side of a comparison. */
export interface Side {
  /** What people call it: `prod`, `prod in Git`, `shop-2026-11-20.3`. */
  name: string;
  /** Services, and what runs at each placement's name or {@link EVERYWHERE}. */
  services: Record<ServiceName, Record<string, Running>>;
  /** What could not be read, so that nobody takes silence for agreement: `says` is the end of a sentence. */
  unclear: { service: ServiceName; says: string }[];
  /** What a reader should know besides: `cart is moving`. */
  notes: string[];
  /** A release says nothing of services that it does not name; everything else does. */
  isWhole: boolean;
}

/** A content of the ledger. */
export function runningOf(content: Content): Running {
  const images = Object.entries(content.images).map(([container, image]) => [
    container,
    { digests: acceptableDigests(image), version: image.version },
  ]);
  return {
    images: Object.fromEntries(images),
    chartVersion: content.chartVersion,
    keys: content.keys,
  };
}

/** What people call the bytes of a digest, from the contents that an environment has trusted. */
export type VersionOfDigest = (digest: Digest) => string | undefined;

/** The newest name of each digest. */
export function versionsIn(known: Readonly<Record<ServiceName, readonly KnownContent[]>>): VersionOfDigest {
  const images = Object.values(known)
    .flat()
    .toReversed()
    .flatMap(({ content }) => Object.values<Image>(content.images));
  const names = new Map(
    images.flatMap((image) => acceptableDigests(image).map((digest) => [digest, image.version] as const)),
  );
  return (digest) => names.get(digest);
}

/** What a placement's file says. `entry` tells which container an image without one belongs to. */
export function runningInGit(
  read: Extract<GitContent, { kind: 'read' }>,
  {
    entry,
    keys,
    versionOf,
  }: { entry: CatalogService; keys: readonly OwnedKey[]; versionOf: VersionOfDigest },
): Running {
  const containers = Object.entries(entry.images);
  const images = read.images.flatMap((image): [string, ComparedImage][] => {
    const named = containers.find(([container, repository]) =>
      image.container === undefined ? image.repository === repository : image.container === container,
    );
    const only = containers.length === 1 && image.container === undefined && image.repository === undefined;
    const container = named?.[0] ?? (only ? containers[0]?.[0] : undefined);
    if (container === undefined) return [];
    const version = image.digest === undefined ? image.tag : (versionOf(image.digest) ?? image.tag);
    return [[container, { digests: image.digest === undefined ? [] : [image.digest], version }]];
  });
  return { images: Object.fromEntries(images), chartVersion: read.chartVersion, keys };
}

/** What takes the traffic at a placement: the serving ReplicaSet's template, and what its ready pods report. */
export function runningInCluster(
  view: RolloutView,
  { entry, versionOf }: { entry: CatalogService; versionOf: VersionOfDigest },
): Running {
  const serving = view.replicaSets.find((each) => each.podHash === servingPodHash(view));
  const images = Object.keys(entry.images).flatMap((container): [string, ComparedImage][] => {
    const reference = (serving?.images ?? view.images)[container];
    if (reference === undefined) return [];
    const { digest, tag } = parseImageReference(reference);
    const reported = (serving?.readyPods ?? []).flatMap((pod) => pod.digests[container] ?? []);
    const digests = [...new Set([...(digest === undefined ? [] : [digest]), ...reported])];
    const version = digests.map(versionOf).find((name) => name !== undefined) ?? tag;
    return [[container, { digests, version }]];
  });
  return { images: Object.fromEntries(images), keys: [] };
}

/** A canary that is under way, for which Git and what takes the traffic rightly differ; absent when nothing moves. */
export function movingNote(view: RolloutView, service: ServiceName): string | undefined {
  if (view.currentPodHash === view.stablePodHash) return undefined;
  if (view.abort) return `${service}: its canary is aborted, and stable serves`;
  return `${service}: a canary takes ${percent(view.weight ?? 0)}; what is compared is the rest`;
}
