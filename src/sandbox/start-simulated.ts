import { randomBytes } from 'node:crypto';
import type { SimulatedCluster } from './cluster/cluster.ts';
import { startCluster } from './cluster/start.ts';
import type { ClusterNeeds, StartedCluster } from './sandbox-cluster.ts';

/** Starts the simulated cluster with what a world needs in it. */
export async function startSimulated(needs: ClusterNeeds): Promise<StartedCluster<SimulatedCluster>> {
  const { botUser, platforms, environmentOf } = needs;
  const { username, password } = needs.gitops;
  const botToken = randomBytes(16).toString('hex');
  const cluster = await startCluster({
    users: [{ token: botToken, name: botUser, groups: [] }],
    platforms,
    gitops: { addressOf: (url) => url.replace('://', `://${username}:${password}@`) },
    environmentOf,
  });
  cluster.apply(needs.objects(cluster.url));
  return { cluster, botToken };
}
