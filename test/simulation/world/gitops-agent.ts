import type { ServiceName } from '../../../src/domain/ids.ts';
import type { MemoryClusters } from '../ports/memory-cluster.ts';
import type { MemoryRepository } from '../ports/memory-repository.ts';
import type { Draw } from './draw.ts';
import { digestIn, imageOf, type Place } from './shop.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Agent {
  time: VirtualTime;
  draw: Draw;
  clusters: MemoryClusters;
  repositories: ReadonlyMap<string, MemoryRepository>;
  places: readonly Place[];
}

/** How long the agent takes until it looks by itself: slower where it can be told to look, as Argo CD's three minutes are. */
const POLL_MS = { argocd: 40_000, other: 4_000 } as const;
/** From a refresh to the change in the cluster, in milliseconds. */
const REFRESH_MS = { least: 50, most: 800 } as const;

/** What applies Git to the clusters: polls slowly, looks at once when told to, and puts back what somebody else changed. */
export function startAgent(agent: Agent): void {
  const { time, draw, clusters, places } = agent;
  for (const place of places) {
    const everyMs = place.placement.argocd ? POLL_MS.argocd : POLL_MS.other;
    const poll = (): void => {
      apply(agent, place);
      time.at(time.now() + draw.integer(everyMs / 2, everyMs), poll);
    };
    time.at(time.now() + draw.integer(1, everyMs), poll);
    apply(agent, place);
  }
  clusters.onRefresh((application) => {
    const place = places.find((one) => applicationOf(one) === application);
    if (place)
      time.at(time.now() + draw.integer(REFRESH_MS.least, REFRESH_MS.most), () => apply(agent, place));
  });
}

/** `<cluster>/<namespace>/<name>`; absent where there is no Argo CD. */
function applicationOf({ placement }: Place): string | undefined {
  const { argocd, cluster } = placement;
  return argocd && `${cluster}/${argocd.namespace}/${argocd.application}`;
}

function apply({ clusters, repositories }: Agent, place: Place): void {
  const { placement, service } = place;
  const head = repositories.get(placement.git.repository)?.at('main');
  const digest = digestIn(head?.files.get(placement.git.file));
  const application = applicationOf(place);
  if (application !== undefined && head !== undefined) {
    clusters.setApplication(application, { sync: 'Synced', health: 'Healthy', revision: head.id });
  }
  if (digest !== undefined && digest !== askedDigest(clusters, place))
    clusters.setImages(placement, { [service.name]: `${imageOf(service.name as ServiceName)}@${digest}` });
}

/** The digest that the Rollout's pod template asks for now. */
export function askedDigest(clusters: MemoryClusters, { placement, service }: Place): string | undefined {
  const template = clusters.find(placement)?.rollout().spec.template;
  return digestIn(template?.spec.containers.find(({ name }) => name === service.name)?.image);
}
