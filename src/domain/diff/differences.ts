import type { OwnedKey } from '../content.ts';
import { own } from '../document/own.ts';
import { ReleaseId, type ServiceName } from '../ids.ts';
import { type ComparedImage, EVERYWHERE, type Running, type Side } from './side.ts';

/** A value that is another one on the other side; absent: it is not there. */
export interface Change<T> {
  from: T | undefined;
  to: T | undefined;
}

/** How a service differs at one place. */
export type Difference =
  /** Only on the second side. */
  | { kind: 'added'; service: ServiceName; place: string; running: Running }
  /** Only on the first. */
  | { kind: 'removed'; service: ServiceName; place: string; running: Running }
  | {
      kind: 'changed';
      service: ServiceName;
      place: string;
      /** By container. */
      images: Readonly<Record<string, Change<ComparedImage>>>;
      chart?: Change<string>;
      /** Commits of its files, by repository. */
      config?: Readonly<Record<string, Change<string>>>;
      keys: readonly Change<OwnedKey>[];
    };

/** What two sides come to. */
export interface Compared {
  a: string;
  b: string;
  /** Sorted by service, then by place. */
  differences: Difference[];
  /** Services that are the same everywhere they were compared. */
  same: ServiceName[];
  /** What could not be compared, of either side. */
  unclear: { service: ServiceName; side: string; says: string }[];
  notes: string[];
}

/** Compares what both sides say; a service that one of them could not be read for is not compared. */
export function compare(a: Side, b: Side): Compared {
  const unclear = [a, b].flatMap(({ name, unclear: ofSide }) =>
    ofSide.map((each) => ({ ...each, side: name })),
  );
  const skipped = new Set(unclear.map(({ service }) => service));
  const services = compared(a, b).filter((service) => !skipped.has(service));
  const differences = services.flatMap((service) => differencesOf(service, a, b));
  const differing = new Set(differences.map(({ service }) => service));
  return {
    a: a.name,
    b: b.name,
    differences,
    same: services.filter((service) => !differing.has(service)),
    unclear,
    notes: [...new Set([...a.notes, ...b.notes])],
  };
}

/** A release next to something whole is compared in what it names: absence means unchanged, not removed. */
function compared(a: Side, b: Side): ServiceName[] {
  const [inA, inB] = [Object.keys(a.services), Object.keys(b.services)];
  if (a.isWhole === b.isWhole) return [...new Set([...inA, ...inB])].sort();
  return (a.isWhole ? inB : inA).toSorted();
}

function differencesOf(service: ServiceName, a: Side, b: Side): Difference[] {
  const [atA, atB] = [own(a.services, service) ?? {}, own(b.services, service) ?? {}];
  const named = [...new Set([...Object.keys(atA), ...Object.keys(atB)])].filter((at) => at !== EVERYWHERE);
  const places = named.length > 0 ? named.sort() : [EVERYWHERE];
  return places.flatMap((place): Difference[] => {
    const from = own(atA, place) ?? own(atA, EVERYWHERE);
    const to = own(atB, place) ?? own(atB, EVERYWHERE);
    if (from === undefined) return to ? [{ kind: 'added', service, place, running: to }] : [];
    if (to === undefined) return [{ kind: 'removed', service, place, running: from }];
    return changed({ service, place }, { from, to });
  });
}

function changed(
  at: { service: ServiceName; place: string },
  { from, to }: { from: Running; to: Running },
): Difference[] {
  const containers = [...new Set([...Object.keys(from.images), ...Object.keys(to.images)])].sort();
  const images = containers.flatMap((container): [string, Change<ComparedImage>][] => {
    const change = { from: own(from.images, container), to: own(to.images, container) };
    return sameImage(change) ? [] : [[container, change]];
  });
  // A side that cannot say which chart runs says nothing against it.
  const saysChart = from.chartVersion !== undefined && to.chartVersion !== undefined;
  const chart =
    saysChart && from.chartVersion !== to.chartVersion
      ? { from: from.chartVersion, to: to.chartVersion }
      : undefined;
  const keys = changedKeys(from, to);
  const config = changedConfig(from, to);
  const isSame = images.length === 0 && chart === undefined && keys.length === 0 && config.length === 0;
  if (isSame) return [];
  return [
    {
      kind: 'changed',
      ...at,
      images: Object.fromEntries(images),
      ...(chart && { chart }),
      ...(config.length > 0 && { config: Object.fromEntries(config) }),
      keys,
    },
  ];
}

/** Only where both sides say it: two releases do, in the same environment or another. */
function changedConfig(from: Running, to: Running): [string, Change<string>][] {
  return Object.entries(from.config ?? {}).flatMap(([repository, was]): [string, Change<string>][] => {
    const is = own(to.config ?? {}, repository);
    return is === undefined || is === was ? [] : [[repository, { from: was, to: is }]];
  });
}

function sameImage({ from, to }: Change<ComparedImage>): boolean {
  if (from === undefined || to === undefined) return from === to;
  if (from.digests.length > 0 && to.digests.length > 0)
    return from.digests.some((digest) => to.digests.includes(digest));
  // A tag may mean other bytes tomorrow, so it only agrees with itself.
  return from.digests.length === to.digests.length && from.version === to.version;
}

/**
 * Values of the same place in the same file. Left out is what the images and the chart have said already, and the id of the
 * release itself, which differs between any two releases.
 */
function changedKeys(from: Running, to: Running): Change<OwnedKey>[] {
  const told = toldValues(from, to);
  const others = new Map(to.keys.map((key) => [keyName(key), key]));
  return from.keys.flatMap((key) => {
    const other = others.get(keyName(key));
    if (other === undefined || other.value === key.value) return [];
    if (isTold(key, told) && isTold(other, told)) return [];
    if (ReleaseId.safeParse(key.value).success && ReleaseId.safeParse(other.value).success) return [];
    return [{ from: key, to: other }];
  });
}

function toldValues(from: Running, to: Running): string[] {
  const images = [from, to].flatMap(({ images: of }) => Object.values(of));
  return [
    ...images.flatMap(({ digests, version }) => [...digests, ...(version ? [version] : [])]),
    ...[from.chartVersion, to.chartVersion].filter((version) => version !== undefined),
  ];
}

function isTold({ value }: OwnedKey, told: readonly string[]): boolean {
  return typeof value === 'string' && told.some((each) => value === each || value.endsWith(`@${each}`));
}

function keyName({ repository, file, path }: OwnedKey): string {
  return [repository, file, ...path].join('\0');
}
