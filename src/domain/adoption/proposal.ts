import { ServiceName } from '../ids.ts';
import {
  type Description,
  dependenciesAmong,
  describeService,
  type Known,
  type Sources,
} from './describe-service.ts';
import type { OpenQuestion } from './repository-file.ts';
import type { FoundPlace, Survey } from './survey.ts';

/** A placement as it goes into the catalog. */
export interface ProposedPlacement extends Pick<FoundPlace, 'git' | 'argocd' | 'rollout'> {
  cluster: string;
  namespace: string;
}

export interface ProposedService {
  name: string;
  /** Where nothing names one: the role that may do everything. */
  owner: Known<string>;
  tier?: Known<number>;
  dependsOn: Known<readonly string[]>;
  images: Readonly<Record<string, string>>;
  /** By environment. */
  placements: Readonly<Record<string, readonly ProposedPlacement[]>>;
}

/** Everything that the first configuration and the first catalog say. */
export interface Proposal {
  /** In promotion order. */
  environments: readonly string[];
  clusters: readonly string[];
  /** The role that may do everything at first. */
  everything: string;
  roles: readonly string[];
  services: readonly ProposedService[];
  open: readonly OpenQuestion[];
}

/** Who may do everything as long as nobody has said otherwise. */
const EVERYTHING = 'release-managers';
/** Where a place goes whose stage nothing names, when nothing else names one either. */
const ONLY_STAGE: Stage = { rank: 0, word: 'prod' };
const UNNAMED_CLUSTER = 'main';

type Stage = NonNullable<FoundPlace['stage']>;
type StagedPlace = FoundPlace & { stage: Stage };

/** Makes of what was found a first configuration and catalog, and says what was only assumed. */
export function propose({ places, open }: Survey, sources: Sources): Proposal {
  const lastStage =
    places.flatMap(({ stage }) => stage ?? []).sort((a, b) => b.rank - a.rank)[0] ?? ONLY_STAGE;
  const staged = places.map((place): StagedPlace => ({ ...place, stage: place.stage ?? lastStage }));
  const words = stageWords(staged);
  const wordOf = ({ stage }: StagedPlace) => words.get(stage.rank) ?? stage.word;
  const named = staged.filter(({ service }) => ServiceName.safeParse(service).success);
  const services = [...Map.groupBy(named, ({ service }) => service)]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, here]) =>
      serviceOf(name, here, { wordOf, described: describeService(name, here, sources) }),
    );
  const needs = dependenciesAmong(
    new Map(services.map(({ service, described }) => [service.name, described])),
  );
  const kept = services.map(({ service }) => ({
    ...service,
    dependsOn: needs.dependsOn.get(service.name) ?? service.dependsOn,
  }));
  return {
    environments: [...words].sort(([a], [b]) => a - b).map(([, word]) => word),
    clusters: [...new Set(kept.flatMap(placementsOf).map(({ cluster }) => cluster))].sort(),
    everything: EVERYTHING,
    roles: [...new Set([EVERYTHING, ...kept.map(({ owner }) => owner.value)])],
    services: kept,
    open: unique([
      ...open,
      ...staged.filter((place) => !named.includes(place)).map(unnameable),
      ...services.flatMap((service) => service.open),
      ...needs.open,
      ...places
        .filter(({ stage }) => stage === undefined)
        .map((place) => unstaged(place, words.get(lastStage.rank) ?? lastStage.word)),
    ]),
  };
}

/** One word for each stage: the one that most places use. */
function stageWords(places: readonly StagedPlace[]): Map<number, string> {
  const byRank = Map.groupBy(places, ({ stage }) => stage.rank);
  const words = [...byRank].map(([rank, here]): [number, string] => {
    const counts = Map.groupBy(here, ({ stage }) => stage.word);
    const [word = ONLY_STAGE.word] = [...counts]
      .sort((a, b) => b[1].length - a[1].length)
      .map(([one]) => one);
    return [rank, word];
  });
  return new Map(words);
}

function serviceOf(
  name: string,
  places: readonly StagedPlace[],
  { wordOf, described }: { wordOf: (place: StagedPlace) => string; described: Description },
): { service: ProposedService; described: Description; open: OpenQuestion[] } {
  const { owner, tier } = described;
  const images = places[0]?.images ?? {};
  const others = places.filter(
    (place) => Object.values(place.images).join() !== Object.values(images).join(),
  );
  const placements = Map.groupBy(places, wordOf);
  const open: OpenQuestion[] = [
    ...(owner === undefined
      ? [{ at: name, says: `has no owner: taken as ${EVERYTHING}`, todo: 'Write who owns it at owner.' }]
      : []),
    ...others.map(({ git, images: here }) => ({
      at: git.file,
      says: `runs ${Object.values(here).join(', ')}, and elsewhere ${name} is ${Object.values(images).join(', ')}`,
      todo: 'A service has the same images everywhere: mirror them, or make two services of it.',
    })),
    ...places.flatMap((place) => assumed(place)),
  ];
  return {
    open,
    described,
    service: {
      name,
      owner: owner ?? { value: EVERYTHING, from: '' },
      ...(tier && { tier }),
      dependsOn: { value: [], from: '' },
      images,
      placements: Object.fromEntries(
        [...placements]
          .sort(([, [a]], [, [b]]) => (a?.stage.rank ?? 0) - (b?.stage.rank ?? 0))
          .map(([environment, here]) => [environment, here.map(placed)]),
      ),
    },
  };
}

function placed({ cluster, namespace, rollout, git, argocd, service }: FoundPlace): ProposedPlacement {
  return {
    cluster: nameOf(cluster),
    namespace: namespace ?? service,
    rollout,
    git,
    ...(argocd && { argocd }),
  };
}

/** Contexts of a kubeconfig have names that the configuration's own may not have, such as an ARN. */
export function nameOf(cluster: string | undefined): string {
  const name = (cluster ?? UNNAMED_CLUSTER)
    .split(/[/:]/)
    .at(-1)
    ?.replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, 63);
  return name || UNNAMED_CLUSTER;
}

function assumed({ cluster, namespace, git, service }: FoundPlace): OpenQuestion[] {
  return [
    ...(cluster === undefined
      ? [
          {
            at: git.file,
            says: `names no cluster: taken as ${UNNAMED_CLUSTER}`,
            todo: 'Write the right one at cluster.',
          },
        ]
      : []),
    ...(namespace === undefined
      ? [
          {
            at: git.file,
            says: `names no namespace: taken as ${service}`,
            todo: 'Write the right one at namespace.',
          },
        ]
      : []),
  ];
}

function unnameable({ service, git }: FoundPlace): OpenQuestion {
  return {
    at: git.file,
    says: `${service} cannot be a service's name`,
    todo: 'Left out: write it into the catalog under a name of lower-case letters, digits and hyphens.',
  };
}

function unstaged({ git }: FoundPlace, word: string): OpenQuestion {
  return {
    at: git.file,
    says: `names no environment: taken as ${word}`,
    todo: 'Write its placement under the right environment of the catalog.',
  };
}

function placementsOf({ placements }: ProposedService): ProposedPlacement[] {
  return Object.values(placements).flat();
}

function unique(questions: readonly OpenQuestion[]): OpenQuestion[] {
  return [...new Map(questions.map((one) => [`${one.at}\n${one.says}`, one])).values()];
}
