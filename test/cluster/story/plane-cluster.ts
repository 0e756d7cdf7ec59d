import {
  APPLICATIONS,
  PODS,
  REPLICA_SETS,
  type Resource,
  ROLLOUTS,
} from '../../../src/sandbox/cluster/api/resources.ts';
import { waitFor } from '../../../src/sandbox/cluster/cluster-access.ts';
import type { Application } from '../../../src/sandbox/cluster/gitops/application-object.ts';
import type { KubeObject } from '../../../src/sandbox/cluster/rollout/objects.ts';
import { realScheduler } from '../../../src/sandbox/cluster/scheduler.ts';
import { startMetricsServer } from '../../../src/sandbox/cluster/workload/metrics-server.ts';
import { startWorkload } from '../../../src/sandbox/cluster/workload/simulator.ts';
import type { ClusterNeeds, SandboxCluster, StartedCluster } from '../../../src/sandbox/sandbox-cluster.ts';
import { ARGOCD_NAMESPACE } from '../argocd.ts';
import { type ControlPlane, startControlPlane } from '../control-plane.ts';
import { waitUntil } from '../wait-until.ts';
import { type Mirror, startMirror } from './mirror.ts';
import { seenRequests } from './seen-requests.ts';

/** A real control plane with Argo CD, in the place of the simulated cluster. */
export interface PlaneCluster extends SandboxCluster {
  plane: ControlPlane;
}

/** Kinds that a world looks at. */
const MIRRORED: readonly Resource[] = [PODS, REPLICA_SETS, ROLLOUTS, APPLICATIONS];

/** Milliseconds from scheduling to ready: what the simulated cluster takes. */
const POD_READY_MS = 300;

/** A quarter of a minute on an idle machine; everything at once is a lot for one that has other work. */
const FIRST_SYNC_MS = 300_000;

/** Users of a service whose version is good: those of the simulated cluster. */
const TRAFFIC = { requestsPerSecond: 50, errorRate: 0.001, latencyMs: 40 };

/** Starts a control plane with Argo CD and with what a world needs in it. */
export async function startPlaneCluster(needs: ClusterNeeds): Promise<StartedCluster<PlaneCluster>> {
  await using opened = new AsyncDisposableStack();
  const plane = opened.use(
    await startControlPlane({
      argocd: {},
      bot: { user: needs.botUser },
      podReadyMs: POD_READY_MS,
      platforms: needs.platforms,
      progress: needs.progress,
    }),
  );
  await applyObjects(plane, needs);
  const mirror = opened.use(await startMirror(plane.admin.kubeconfigFile, MIRRORED));
  const workload = startWorkload(
    { store: mirror, scheduler: realScheduler() },
    { traffic: TRAFFIC, environmentOf: needs.environmentOf },
  );
  opened.defer(() => workload.stop());
  const metrics = await startMetricsServer(workload);
  opened.defer(() => metrics.close());
  needs.progress('what Git asks for');
  await firstSync(mirror);
  const requests = seenRequests(plane.auditLogFile);
  const running = opened.move();
  const cluster: PlaneCluster = {
    plane,
    url: plane.url,
    metricsUrl: metrics.url,
    ...accessTo(mirror),
    get requests() {
      return requests();
    },
    breakVersion: workload.breakVersion,
    healVersion: workload.healVersion,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
  return { cluster, botToken: plane.bot.token, caFile: plane.caFile };
}

function accessTo(mirror: Mirror): Pick<SandboxCluster, 'get' | 'list' | 'waitFor'> {
  const named = (kind: string) => {
    const resource = MIRRORED.find((one) => one.kind === kind);
    if (resource === undefined) throw new Error(`nobody mirrors ${kind}`);
    return resource;
  };
  return {
    get: (kind, namespace, name) => structuredClone(mirror.get(named(kind), namespace, name)),
    list: (kind, namespace) => structuredClone(mirror.list(named(kind), namespace)),
    waitFor: (what, look, deadlineMs) => waitFor(mirror, { what, look, deadlineMs }),
  };
}

/** Waits until Argo CD has applied all that Git asks for, and all of it is healthy. */
async function firstSync(mirror: Mirror): Promise<void> {
  const isDone = ({ status }: Application) =>
    status?.sync?.status === 'Synced' && status.health?.status === 'Healthy';
  await waitUntil(() => mirror.list(APPLICATIONS).every(isDone), {
    what: () => {
      const open = mirror.list(APPLICATIONS).filter((application) => !isDone(application));
      return `Argo CD's first sync, last ${JSON.stringify(open.map(({ metadata, status }) => [metadata.name, status?.conditions]))}`;
    },
    deadlineMs: FIRST_SYNC_MS,
  });
}

/** Namespaces first: nothing can be made in one that is not there. Argo CD's own is there since it was installed. */
async function applyObjects(plane: ControlPlane, { objects, gitops }: ClusterNeeds): Promise<void> {
  const needed = [...objects(plane.url)];
  const isNamespace = ({ kind }: KubeObject) => kind === 'Namespace';
  await plane.apply(...needed.filter(isNamespace));
  await plane.apply(repositorySecret(gitops), ...needed.filter((object) => !isNamespace(object)));
}

/** https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories */
function repositorySecret({ url, username, password }: ClusterNeeds['gitops']): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'gitops-repository',
      namespace: ARGOCD_NAMESPACE,
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    },
    stringData: { type: 'git', url, username, password },
  };
}
