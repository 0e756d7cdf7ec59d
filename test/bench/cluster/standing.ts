import { z } from 'zod';
import { isReady } from '../../../src/sandbox/cluster/controllers/pod-status.ts';
import { POD_HASH_LABEL } from '../../../src/sandbox/cluster/rollout/names.ts';
import type { Pod } from '../../../src/sandbox/cluster/rollout/objects.ts';
import type { RealWorld } from '../../cluster/story/real-world.ts';
import { nowMs } from './moments.ts';

/** Argo CD looks every two to three minutes, and may take a commit from a cache that is three minutes old. */
const PATIENCE_MS = 600_000;

const RolloutStatus = z.object({
  spec: z.object({ replicas: z.int() }),
  status: z.object({ stableRS: z.string(), currentPodHash: z.string(), phase: z.string() }),
});

const ApplicationStatus = z.object({
  status: z.object({
    sync: z.object({ status: z.string(), revision: z.string().default('') }),
    health: z.object({ status: z.string() }).default({ status: '' }),
  }),
});

/** One service in one environment, as a bench waits for it. */
export interface Standing {
  /** Waits until a canary rests beside the stable version. */
  pausedCanary(): Promise<void>;
  /** The moment from which only ready pods of the stable version serve, all of them, in milliseconds since 1970. */
  stableServes(): Promise<number>;
  /** The moment from which Argo CD says that the cluster is what another commit than now asks for, and healthy. */
  agreesAnew(): Promise<number>;
}

export function standingOf(world: RealWorld, environment: string, service: string): Standing {
  const { cluster } = world;
  const namespace = `shop-${environment}`;
  const rollout = () => RolloutStatus.parse(cluster.get('Rollout', namespace, service));
  const application = () =>
    ApplicationStatus.parse(cluster.get('Application', 'argocd', `${service}-${environment}`)).status;
  const readyHashes = () =>
    (cluster.list('Pod', namespace) as Pod[])
      .filter((pod) => pod.metadata.labels?.['app'] === service && isReady(pod))
      .map((pod) => pod.metadata.labels?.[POD_HASH_LABEL]);
  const moment = (what: string, holds: () => boolean) =>
    cluster.waitFor(`${what} of ${service} in ${environment}`, () => holds() && nowMs(), PATIENCE_MS);
  return {
    async pausedCanary() {
      await moment('a resting canary', () => {
        const { status } = rollout();
        return status.phase === 'Paused' && status.currentPodHash !== status.stableRS;
      });
    },
    stableServes: () =>
      moment('service by the stable version', () => {
        const { spec, status } = rollout();
        const hashes = readyHashes();
        return hashes.length === spec.replicas && hashes.every((hash) => hash === status.stableRS);
      }),
    agreesAnew() {
      const before = application().sync.revision;
      return moment('agreement', () => {
        const { sync, health } = application();
        return sync.revision !== before && sync.status === 'Synced' && health.status === 'Healthy';
      });
    },
  };
}
