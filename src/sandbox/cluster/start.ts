import { startApiServer } from './api/server.ts';
import { createStore } from './api/store.ts';
import { createUsers } from './api/users.ts';
import type { ClusterOptions, SimulatedCluster } from './cluster.ts';
import { accessTo, seed, waitFor } from './cluster-access.ts';
import { startAnalysisRuns } from './controllers/analysis-runs.ts';
import type { Controller, ControllerContext } from './controllers/controller.ts';
import { startGarbageCollector } from './controllers/garbage-collector.ts';
import { startKubelet } from './controllers/kubelet.ts';
import { startReplicaSets } from './controllers/replica-sets.ts';
import { type RolloutsController, startRollouts } from './controllers/rollouts.ts';
import { startApplications } from './gitops/applications.ts';
import { type GitSources, openGitSources } from './gitops/git-source.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import { realScheduler } from './scheduler.ts';
import { startMetricsServer } from './workload/metrics-server.ts';
import { startWorkload, type Workload } from './workload/simulator.ts';

/** Milliseconds from a change to a controller's look at it. */
const REACTION_MS = 2;

/** Starts a simulated cluster on loopback. Throws where a port is taken; nothing is left running then. */
export async function startCluster(options: ClusterOptions = {}): Promise<SimulatedCluster> {
  await using opened = new AsyncDisposableStack();
  const scheduler = options.scheduler ?? realScheduler();
  const store = createStore(scheduler.now);
  const users = createUsers();
  for (const { token, ...user } of options.users ?? []) users.add(token, user);
  seed(store);
  const platforms = new Map(Object.entries(options.platforms ?? {}));
  const failed = options.failed ?? (() => {});
  const context: ControllerContext = { store, scheduler, reactionMs: REACTION_MS, failed };
  const git = opened.use(await openGitSources(options.gitops?.addressOf));
  const { port, metricsPort, bookmarkMs } = options;
  const api = await startApiServer({ store, users, scheduler, port, bookmarkMs });
  opened.defer(() => api.close());
  const { rollouts, workload, stop } = startControllers(context, { ...options, platforms, git });
  opened.defer(stop);
  const metrics = await startMetricsServer(workload, metricsPort);
  opened.defer(() => metrics.close());
  const running = opened.move();
  return {
    ...accessTo(store, scheduler.now),
    url: api.url,
    requests: api.requests,
    faults: api.faults,
    kubeconfig: (token) => kubeconfigFor(api.url, token),
    metricsUrl: metrics.url,
    users: { add: users.add, remove: users.remove },
    reportPlatform: (index, platform) => void platforms.set(index, platform),
    overlookNextChange: rollouts.overlook,
    breakVersion: workload.breakVersion,
    healVersion: workload.healVersion,
    waitFor: (what, look, deadlineMs) => waitFor(store, { what, look, deadlineMs }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function startControllers(
  context: ControllerContext,
  options: Omit<ClusterOptions, 'platforms'> & { platforms: Map<string, string>; git: GitSources },
): { rollouts: RolloutsController; workload: Workload; stop: () => void } {
  const { podReadyMs = 300, podFate, platforms, git, gitops } = options;
  const rollouts = startRollouts(context);
  const workload = startWorkload(context, {
    traffic: { requestsPerSecond: 50, errorRate: 0.001, latencyMs: 40, ...options.traffic },
    environmentOf: options.environmentOf ?? ((namespace) => namespace),
  });
  const controllers: Controller[] = [
    startKubelet(context, { podReadyMs, platforms, podFate }),
    startGarbageCollector(context),
    startReplicaSets(context),
    rollouts,
    startAnalysisRuns(context),
    startApplications(context, {
      git,
      pollMs: gitops?.pollMs ?? 180_000,
      selfHealMs: gitops?.selfHealMs ?? 1000,
    }),
    workload,
  ];
  const stop = (): void => {
    for (const controller of controllers) controller.stop();
  };
  return { rollouts, workload, stop };
}
