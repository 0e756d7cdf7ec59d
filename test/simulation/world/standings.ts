import { placementId } from '../../../src/domain/catalog/placement.ts';
import type { MemoryClusters } from '../ports/memory-cluster.ts';
import type { MemoryRepository } from '../ports/memory-repository.ts';
import { askedDigest } from './gitops-agent.ts';
import type { Standing } from './history.ts';
import { digestIn, type Place } from './shop.ts';

interface Truth {
  clusters: MemoryClusters;
  repositories: ReadonlyMap<string, MemoryRepository>;
  places: readonly Place[];
}

/** What clusters and Git really show, of one environment or of all. */
export function standingsOf(truth: Truth, environment?: string): Standing[] {
  return truth.places
    .filter((place) => environment === undefined || place.environment === environment)
    .map((place) => standingOf(truth, place));
}

function standingOf({ clusters, repositories }: Truth, place: Place): Standing {
  const { placement, service, environment } = place;
  const parts = clusters.find(placement)?.parts();
  const head = repositories.get(placement.git.repository)?.at('main');
  const sets = parts?.replicaSets ?? [];
  const stable = sets.find((set) => set.podHash === parts?.rollout.status.stableRS);
  const ready = (parts?.pods ?? []).filter((pod) => pod.ready);
  const leaving = new Set(sets.filter((set) => set.leaving || set.replicas === 0).map((set) => set.uid));
  const own = ready.filter((pod) => pod.replicaSet === stable?.uid);
  const others = ready.filter((pod) => pod.replicaSet !== stable?.uid && !leaving.has(pod.replicaSet ?? ''));
  return {
    environment,
    service: service.name,
    placement: placementId(placement),
    inGit: digestIn(head?.files.get(placement.git.file)),
    asked: askedDigest(clusters, place),
    serving: [...new Set(own.map((pod) => pod.digests[service.name] ?? 'unknown'))],
    others: others.length,
    phase: parts?.rollout.status.phase ?? 'unknown',
  };
}
