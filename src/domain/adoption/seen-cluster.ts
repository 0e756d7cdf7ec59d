import { stageIn } from './path-words.ts';
import type { FoundPlace, Survey } from './survey.ts';

/** A cluster as a kubeconfig reaches it, with the Rollouts that it has. */
export interface SeenCluster {
  context: string;
  rollouts: readonly { namespace: string; name: string; images: readonly string[] }[];
  /** Argo CD Applications, with the Rollouts that each applies here. */
  applications: readonly {
    namespace: string;
    name: string;
    rollouts: readonly { namespace: string; name: string }[];
  }[];
}

/** What the clusters tell about places that the working copy left open: which cluster, which namespace, which name. */
export function compareWithClusters({ places, open }: Survey, clusters: readonly SeenCluster[]): Survey {
  const matched = places.map((place) => match(place, clusters));
  const met = new Set(matched.flatMap(({ seen }) => seen ?? []));
  const strangers = clusters.flatMap(({ context, rollouts }) =>
    rollouts
      .filter(({ namespace, name }) => !met.has(`${context}/${namespace}/${name}`))
      .map(({ namespace, name }) => ({
        at: `${context}/${namespace}/${name}`,
        says: 'runs there, and nothing in this working copy makes it',
        todo: 'To take it back by undo, write it into the catalog as a placement without git.',
      })),
  );
  const isSettled = new Set(matched.flatMap(({ place, seen }) => (seen ? [place.git.file] : [])));
  return {
    places: matched.map(({ place }) => place),
    open: [
      ...open.filter(
        ({ at, says }) => !(isSettled.has(at) && says.startsWith('does not say what its Rollout')),
      ),
      ...matched.flatMap(({ place, seen }) => (seen ? [] : [missing(place)])),
      ...strangers,
    ],
  };
}

function match(place: FoundPlace, clusters: readonly SeenCluster[]): { place: FoundPlace; seen?: string } {
  const repositories = Object.values(place.images);
  const candidates = clusters.flatMap(({ context, rollouts }) =>
    rollouts
      .filter(
        ({ namespace, name, images }) =>
          (place.namespace === undefined || place.namespace === namespace) &&
          (name === place.rollout || images.some((image) => repositories.includes(image))),
      )
      .map((rollout) => ({ context, ...rollout })),
  );
  // Two that fit are as good as none: a wrong cluster would be written to.
  const [hinted, another] = narrowed(candidates, [
    ({ name }) => name === place.rollout,
    ({ context }) => context === place.cluster,
    ({ context, namespace }) =>
      place.stage !== undefined && (stageIn(namespace) ?? stageIn(context))?.rank === place.stage.rank,
  ]);
  if (hinted === undefined || another !== undefined) return { place };
  const { context, namespace, name } = hinted;
  const argocd = place.argocd ?? applicationOf(clusters, { context, namespace, name });
  return {
    place: { ...place, cluster: context, namespace, rollout: name, ...(argocd && { argocd }) },
    seen: `${context}/${namespace}/${name}`,
  };
}

/** What more and more tests leave; one that leaves nothing tells nothing. */
function narrowed<T>(candidates: readonly T[], tests: readonly ((one: T) => boolean)[]): readonly T[] {
  return tests.reduce((left, test) => {
    const fitting = left.filter(test);
    return fitting.length > 0 ? fitting : left;
  }, candidates);
}

function applicationOf(
  clusters: readonly SeenCluster[],
  at: { context: string; namespace: string; name: string },
): FoundPlace['argocd'] {
  const found = clusters
    .find(({ context }) => context === at.context)
    ?.applications.find(({ rollouts }) =>
      rollouts.some(({ namespace, name }) => namespace === at.namespace && name === at.name),
    );
  return found && { application: found.name, namespace: found.namespace };
}

function missing({ git, rollout }: FoundPlace) {
  return {
    at: git.file,
    says: `makes ${rollout}, which is in no cluster of the kubeconfig, or in more than one`,
    todo: 'Look at its cluster, namespace and rollout in the catalog.',
  };
}
