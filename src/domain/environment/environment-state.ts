import type { RefusedCut } from '../checklist/item-hits.ts';
import type { KnownContent } from '../content.ts';
import type { EffectRecord } from '../effect-record.ts';
import type { FlagsState } from '../flag/flag-change.ts';
import type { EnvironmentName, ReleaseId, ServiceName } from '../ids.ts';
import type { EnvironmentFact } from '../ledger/fact.ts';
import type { NoReturn } from '../migration/no-return.ts';
import { foldChange, type ObservedChange } from '../observe/observed-change.ts';
import type { Exemption } from '../policy/exemption.ts';
import { foldEffects, foldFlags, NO_FLAGS } from './fold-flags.ts';
import type { Freeze } from './freeze.ts';

/** One service in one environment: who holds it, and how often it has been taken. */
export interface Track {
  /** Counts the exclusive takings; an effect under a lower epoch is refused. 0: never taken. */
  epoch: number;
  exclusive?: ReleaseId | undefined;
  /** Releases that depend on the service and must not see it move. */
  shared: ReleaseId[];
}

/** An environment as its facts say. */
export interface EnvironmentState {
  name: EnvironmentName;
  tracks: Record<ServiceName, Track>;
  /** Contents that were trusted, newest first. */
  known: Record<ServiceName, KnownContent[]>;
  /** Adopted services whose Git and cluster did not agree at first sight. */
  disagreements: Record<ServiceName, string>;
  /** Asked for, granted or refused, oldest first. */
  exemptions: Exemption[];
  /** Set or lifted, oldest first. */
  freezes: Freeze[];
  /** Rollbacks that took tracks here, oldest first, and how long each took until they were free again; absent: none yet. */
  recoveries?: { release: ReleaseId; at: string; tookMs?: number }[];
  /** Cuts that rules refused, oldest first; absent: none yet. */
  refusedCuts?: RefusedCut[];
  /** Flags that releases brought, and what was done with them. */
  flags: FlagsState;
  /** What was done here that belongs to no release, by effect id. */
  effects: Record<string, EffectRecord>;
  /** Points of no return, oldest first. Absent: none, as in everything that was kept before there were any. */
  noReturns?: NoReturn[] | undefined;
  /** What others did while this environment was only observed, oldest first. */
  changes: ObservedChange[];
}

/** How many trusted contents are remembered for each service: enough to go back further than anybody does. */
const KNOWN_KEPT = 50;

/** How many rollbacks are remembered: the last few say how long the next takes. */
const RECOVERIES_KEPT = 10;

/** How many refused cuts are remembered: more than anybody looks back at. */
const REFUSED_KEPT = 200;

export function emptyEnvironment(name: EnvironmentName): EnvironmentState {
  return {
    name,
    tracks: {},
    known: {},
    disagreements: {},
    exemptions: [],
    freezes: [],
    flags: NO_FLAGS,
    effects: {},
    changes: [],
  };
}

/** The state after one more fact. */
export function foldEnvironment(state: EnvironmentState, fact: EnvironmentFact): EnvironmentState {
  switch (fact.kind) {
    case 'content.adopted': {
      const { service, content, release, disagreement } = fact.data;
      const { [service]: _, ...others } = state.disagreements;
      const disagreements = disagreement ? { ...others, [service]: disagreement } : others;
      const known = {
        content,
        standing: 'adopted' as const,
        ...(release && { release }),
        at: fact.occurredAt,
      };
      return {
        ...state,
        disagreements,
        known: { ...state.known, [service]: remember(state, service, known) },
      };
    }
    case 'content.verified': {
      const known = { ...state.known };
      for (const [service, content] of Object.entries(fact.data.contents)) {
        known[service] = remember(state, service, {
          content,
          standing: 'verified',
          release: fact.data.release,
          at: fact.occurredAt,
        });
      }
      return { ...state, known };
    }
    case 'observed.seen':
    case 'observed.judged':
    case 'observed.ended':
      return { ...state, changes: foldChange(state.changes, fact) };
    case 'exemption.asked':
      return { ...state, exemptions: [...state.exemptions, askedFor(fact)] };
    case 'exemption.granted':
    case 'exemption.refused':
      return { ...state, exemptions: state.exemptions.map((each) => decided(each, fact)) };
    case 'freeze.set':
      return { ...state, freezes: [...state.freezes, frozen(fact)] };
    case 'freeze.lifted':
      return { ...state, freezes: state.freezes.map((each) => lifted(each, fact)) };
    case 'cut.refused': {
      const refused = [...(state.refusedCuts ?? []), { at: fact.occurredAt, rules: fact.data.rules }];
      return { ...state, refusedCuts: refused.slice(-REFUSED_KEPT) };
    }
    case 'flags.brought':
    case 'flag.asked':
    case 'flag.overtaken':
      return { ...state, ...foldFlags(state, fact) };
    case 'effect.intended':
    case 'effect.done':
    case 'effect.refused':
      return { ...state, ...foldEffects(state, fact) };
    case 'return.closed':
      return { ...state, noReturns: [...(state.noReturns ?? []), fact.data] };
    case 'tracks.taken':
      return { ...state, tracks: take(state, fact) };
    case 'tracks.seized': {
      const begun = [...(state.recoveries ?? []), { release: fact.data.release, at: fact.occurredAt }];
      return { ...state, tracks: take(state, fact), recoveries: begun.slice(-RECOVERIES_KEPT) };
    }
    case 'tracks.freed': {
      const recoveries = state.recoveries?.map((each) =>
        each.release === fact.data.release ? over(each, fact) : each,
      );
      const tracks = free(state.tracks, fact.data.release);
      return { ...state, tracks, ...(recoveries && { recoveries }) };
    }
  }
}

type Recovered = NonNullable<EnvironmentState['recoveries']>[number];

function over(recovery: Recovered, { occurredAt }: Pick<EnvironmentFact, 'occurredAt'>): Recovered {
  return recovery.tookMs === undefined
    ? { ...recovery, tookMs: Date.parse(occurredAt) - Date.parse(recovery.at) }
    : recovery;
}

/** What is trusted now; absent for a service never seen. */
export function trusted(state: EnvironmentState, service: ServiceName): KnownContent | undefined {
  return state.known[service]?.[0];
}

/** The first track that keeps a release from taking these, and who holds it. */
export function trackInTheWay(
  state: EnvironmentState,
  wanted: { release: ReleaseId; exclusive: readonly ServiceName[]; shared: readonly ServiceName[] },
): { service: ServiceName; holder: ReleaseId } | undefined {
  const other = (holder: ReleaseId | undefined) => holder !== undefined && holder !== wanted.release;
  for (const service of wanted.exclusive) {
    const track = state.tracks[service];
    const holder = [track?.exclusive, ...(track?.shared ?? [])].find(other);
    if (holder !== undefined) return { service, holder };
  }
  for (const service of wanted.shared) {
    const holder = state.tracks[service]?.exclusive;
    if (holder !== undefined && other(holder)) return { service, holder };
  }
  return undefined;
}

/** The epochs that taking these tracks gives: one above each track's present epoch. */
export function nextEpochs(
  state: EnvironmentState,
  services: readonly ServiceName[],
): Record<ServiceName, number> {
  return Object.fromEntries(services.map((service) => [service, (state.tracks[service]?.epoch ?? 0) + 1]));
}

/** The epochs these tracks have now. */
export function epochsOf(
  state: EnvironmentState,
  services: readonly ServiceName[],
): Record<ServiceName, number> {
  return Object.fromEntries(services.map((service) => [service, state.tracks[service]?.epoch ?? 0]));
}

type FactOf<K extends EnvironmentFact['kind']> = Extract<EnvironmentFact, { kind: K }>;

function askedFor({ data, occurredAt, cause }: FactOf<'exemption.asked'>): Exemption {
  const { exemption: id, rule, release, service, until, reason, person } = data;
  return {
    id,
    rule,
    ...(release && { release }),
    ...(service !== undefined && { service }),
    until,
    reason,
    asked: { by: person, at: occurredAt },
    causes: cause === undefined ? [] : [cause],
  };
}

/** The first word stands. */
function decided(
  exemption: Exemption,
  { kind, data, occurredAt, cause }: FactOf<'exemption.granted' | 'exemption.refused'>,
): Exemption {
  if (exemption.id !== data.exemption || exemption.granted || exemption.refused) return exemption;
  const word = { by: data.person, at: occurredAt };
  return {
    ...exemption,
    ...(kind === 'exemption.granted' ? { granted: word } : { refused: word }),
    causes: [...exemption.causes, ...(cause === undefined ? [] : [cause])],
  };
}

function frozen({ data, occurredAt, cause }: FactOf<'freeze.set'>): Freeze {
  const { freeze: id, services, until, reason, person } = data;
  return {
    id,
    services,
    since: occurredAt,
    ...(until !== undefined && { until }),
    reason,
    by: person,
    causes: cause === undefined ? [] : [cause],
  };
}

/** The first word stands. */
function lifted(freeze: Freeze, { data, occurredAt, cause }: FactOf<'freeze.lifted'>): Freeze {
  if (freeze.id !== data.freeze || freeze.lifted) return freeze;
  return {
    ...freeze,
    lifted: { by: data.person, at: occurredAt },
    causes: [...freeze.causes, ...(cause === undefined ? [] : [cause])],
  };
}

function remember(state: EnvironmentState, service: ServiceName, known: KnownContent): KnownContent[] {
  return [known, ...(state.known[service] ?? [])].slice(0, KNOWN_KEPT);
}

function take(
  state: EnvironmentState,
  fact: Extract<EnvironmentFact, { kind: 'tracks.taken' | 'tracks.seized' }>,
): Record<ServiceName, Track> {
  const tracks = { ...state.tracks };
  for (const [service, epoch] of Object.entries(fact.data.exclusive)) {
    // Recovery leaves releases that merely depend on the track in place; those it takes back hold nothing any more.
    const shared = tracks[service]?.shared ?? [];
    tracks[service] = { epoch, exclusive: fact.data.release, shared };
  }
  if (fact.kind === 'tracks.seized') return fact.data.from.reduce(free, tracks);
  for (const service of Object.keys(fact.data.shared)) {
    const track = tracks[service] ?? { epoch: 0, shared: [] };
    tracks[service] = { ...track, shared: [...track.shared, fact.data.release] };
  }
  return tracks;
}

function free(tracks: Record<ServiceName, Track>, release: ReleaseId): Record<ServiceName, Track> {
  const freed = (track: Track): Track => ({
    epoch: track.epoch,
    ...(track.exclusive !== release && { exclusive: track.exclusive }),
    shared: track.shared.filter((holder) => holder !== release),
  });
  return Object.fromEntries(Object.entries(tracks).map(([service, track]) => [service, freed(track)]));
}
