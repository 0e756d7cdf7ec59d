import { placementId } from '../../../src/domain/catalog/placement.ts';
import type { EnvironmentFact, ReleaseFact } from '../../../src/domain/ledger/fact.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import type { Entry, History } from '../world/history.ts';
import { FENCE_ANSWER_MS } from '../world/line.ts';
import type { Law } from './law.ts';
import { factsIn, releaseOf, type Told, toldReleases } from './releases.ts';

/** Who holds a track. */
interface Held {
  epoch: number;
  exclusive?: string | undefined;
  shared: Set<string>;
}

export const trackIsHeldByOne: Law = {
  name: 'at most one release holds a track exclusively, and its epoch only rises',
  breaches({ history }) {
    const tracks = new Map<string, Held>();
    const breaches: string[] = [];
    for (const { fact } of factsIn(history)) {
      if (!fact.stream.startsWith('environment:')) continue;
      const environment = fact.stream.slice('environment:'.length);
      take(fact as EnvironmentFact, {
        track: (service) => {
          const name = `${environment}/${service}`;
          const held = tracks.get(name) ?? { epoch: 0, shared: new Set() };
          tracks.set(name, held);
          return { name, held };
        },
        all: () => [...tracks].filter(([name]) => name.startsWith(`${environment}/`)).map(([, held]) => held),
        breach: (says) => breaches.push(says),
      });
    }
    return breaches;
  },
};

interface Table {
  track(service: string): { name: string; held: Held };
  all(): Held[];
  breach(says: string): void;
}

function take(fact: EnvironmentFact, table: Table): void {
  if (fact.kind === 'tracks.freed') free(table.all(), fact.data.release);
  if (fact.kind !== 'tracks.taken' && fact.kind !== 'tracks.seized') return;
  const { release, exclusive } = fact.data;
  if (fact.kind === 'tracks.seized') for (const from of fact.data.from) free(table.all(), from);
  for (const [service, epoch] of Object.entries(exclusive)) {
    const { name, held } = table.track(service);
    const others = [...held.shared].filter((holder) => holder !== release);
    if (held.exclusive !== undefined && held.exclusive !== release)
      table.breach(`${release} took ${name} from ${held.exclusive}`);
    if (fact.kind === 'tracks.taken' && others.length > 0)
      table.breach(`${release} took ${name} while ${others.join(', ')} relied on it`);
    if (epoch !== held.epoch + 1) table.breach(`${name} went from epoch ${held.epoch} to ${epoch}`);
    Object.assign(held, { epoch, exclusive: release });
  }
  if (fact.kind === 'tracks.seized') return;
  for (const service of Object.keys(fact.data.shared)) {
    const { name, held } = table.track(service);
    if (held.exclusive !== undefined && held.exclusive !== release)
      table.breach(`${release} relies on ${name} while ${held.exclusive} moves it`);
    held.shared.add(release);
  }
}

function free(tracks: readonly Held[], release: string): void {
  for (const held of tracks) {
    if (held.exclusive === release) held.exclusive = undefined;
    held.shared.delete(release);
  }
}

/** When each track came to each epoch, in milliseconds since 1970; by `<track>@<epoch>`. */
function risings(history: History): Map<string, number> {
  const risen = new Map<string, number>();
  for (const { at, fact } of factsIn(history)) {
    const body = fact as EnvironmentFact;
    if (body.kind !== 'tracks.taken' && body.kind !== 'tracks.seized') continue;
    const environment = fact.stream.slice('environment:'.length);
    for (const [service, epoch] of Object.entries(body.data.exclusive))
      risen.set(`${environment}/${service}@${epoch}`, at);
  }
  return risen;
}

/** When a release lost one of its tracks to somebody else; absent when it never did. */
function lostAt(told: Told, risen: ReadonlyMap<string, number>): number | undefined {
  const losses = Object.entries(told.epochs ?? {}).flatMap(([service, epoch]) => {
    const at = risen.get(`${told.environment}/${service}@${epoch + 1}`);
    return at === undefined ? [] : [at];
  });
  return losses.length === 0 ? undefined : Math.min(...losses);
}

export const nothingUnderAnOldEpoch: Law = {
  name: 'nothing is intended or done under an old epoch',
  breaches({ history }) {
    const releases = toldReleases(history);
    const risen = risings(history);
    const lost = (release: string): number => {
      const told = releases.get(release);
      return (told && lostAt(told, risen)) ?? Number.POSITIVE_INFINITY;
    };
    const intents = factsIn(history)
      .filter(({ fact }) => isDeed(fact as ReleaseFact))
      .filter(({ at, fact }) => at > lost(releaseOf(fact) ?? ''))
      .map(
        ({ fact }) =>
          `${releaseOf(fact)} intended ${intentId(fact as ReleaseFact)} after it had lost a track`,
      );
    const deeds = [...commitsOf(history, releases), ...writesOf(history)]
      // Between a fence that was passed and the act behind it lies the way of one answer, and nothing else.
      .filter(({ issuedAt, by }) => by.every((release) => issuedAt > lost(release) + FENCE_ANSWER_MS))
      .map(
        ({ what, by, issuedAt }) =>
          `${what} by ${by.join(' or ')} was asked for ${issuedAt - lost(by[0] ?? '')} ms after it had lost a track`,
      );
    return [...intents, ...deeds];
  },
};

function isDeed(fact: ReleaseFact): boolean {
  return fact.kind === 'effect.intended' && fact.data.effect.kind !== 'chat.post' && fact.data.id !== 'cut';
}

function intentId(fact: ReleaseFact): string {
  return fact.kind === 'effect.intended' ? fact.data.id : '';
}

interface Deed {
  what: string;
  issuedAt: number;
  /** Who may have done it. */
  by: string[];
  /** Order in the history. */
  index: number;
  places: string[];
}

/** Files that a rollback answers for, whether it found anything to change in them or not. */
function restoredFiles(told: Told | undefined, repository: string): string[] {
  const placements = Object.values(told?.plan.services ?? {}).flatMap((planned) => planned.placements);
  return placements.flatMap(({ git }) => (git?.repository === repository ? [git.file] : []));
}

function commitsOf(history: History, releases: ReadonlyMap<string, Told>): Deed[] {
  return history.entries.flatMap((entry, index): Deed[] => {
    if (entry.kind !== 'commit' || entry.operation === undefined || entry.branch !== 'main') return [];
    const [release = '', id = ''] = entry.operation.split('#');
    const files = id.startsWith('restore@') ? restoredFiles(releases.get(release), entry.repository) : [];
    const places = [...new Set([...files, ...Object.keys(entry.digests)])].map(
      (file) => `${entry.repository} ${file}`,
    );
    return [{ what: `commit ${id}`, issuedAt: entry.issuedAt ?? entry.at, by: [release], index, places }];
  });
}

function writesOf(history: History): Deed[] {
  const by = new Map<string, string[]>();
  return history.entries.flatMap((entry: Entry, index): Deed[] => {
    if (entry.kind === 'fact' && isDeed(entry.fact as ReleaseFact)) {
      const { data } = entry.fact as Extract<ReleaseFact, { kind: 'effect.intended' }>;
      const key = JSON.stringify(data.effect);
      by.set(key, [...(by.get(key) ?? []), releaseOf(entry.fact) ?? '']);
    }
    if (entry.kind !== 'write' || !entry.isEffective) return [];
    const key = JSON.stringify(entry.effect);
    const what = `${entry.effect.kind} of ${entry.placement}`;
    return [{ what, issuedAt: entry.issuedAt, by: by.get(key) ?? [], index, places: [entry.placement] }];
  });
}

/** Where a deed stands among the deeds on one place: the epoch of whoever did it. */
function epochOf(told: Told | undefined, place: string): number | undefined {
  if (told?.epochs === undefined) return undefined;
  const service = Object.entries(told.plan.services).find(([, planned]) => placesOf(planned).includes(place));
  return service && told.epochs[service[0]];
}

function placesOf({ placements }: Plan['services'][string]): string[] {
  return placements.flatMap((placement) => [
    placementId(placement),
    ...(placement.git ? [`${placement.git.repository} ${placement.git.file}`] : []),
  ]);
}

export const recoveryHasTheLastWord: Law = {
  name: 'nothing that was taken back comes after what took it back',
  breaches({ history }) {
    const releases = toldReleases(history);
    const newest = new Map<string, { epoch: number; by: string }>();
    return [...commitsOf(history, releases), ...writesOf(history)]
      .sort((a, b) => a.index - b.index)
      .flatMap((deed) =>
        deed.places.flatMap((place) => {
          const epochs = deed.by.map((release) => epochOf(releases.get(release), place) ?? 0);
          const epoch = Math.max(0, ...epochs);
          const before = newest.get(place);
          if (before !== undefined && before.epoch > epoch)
            return [
              `${deed.what} by ${deed.by.join(' or ')} came to ${place} after ${before.by} had been there`,
            ];
          newest.set(place, { epoch, by: deed.by[0] ?? '' });
          return [];
        }),
      );
  },
};
