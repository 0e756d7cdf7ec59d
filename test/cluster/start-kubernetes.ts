import { join } from 'node:path';
import { COMPONENTS_GROUP } from './audit-log.ts';
import type { BuiltPrograms } from './build.ts';
import {
  type ApiServerAddress,
  type Credential,
  type CredentialStore,
  createCredentialStore,
  type Identity,
} from './credentials.ts';
import { applyDefinitions, type ClusterCommands, createClusterCommands } from './kubectl.ts';
import {
  apiServerSpec,
  controllerManagerSpec,
  etcdSpec,
  kwokSpec,
  rolloutsControllerSpec,
  type SpecContext,
  schedulerSpec,
} from './kubernetes.ts';
import type { RunDirectory } from './run-directory.ts';
import type { StageOptions } from './stages.ts';
import { waitUntil } from './wait-until.ts';

/** The programs that run in every control plane, in the order in which they start. */
export const KUBERNETES_PROCESSES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'rollouts-controller',
] as const;

/** What a running cluster is made of. */
export interface KubernetesCluster extends ApiServerAddress {
  readonly etcdUrl: string;
  readonly auditLogFile: string;
  readonly credentials: CredentialStore;
  /** May do everything; in group `system:masters`. */
  readonly admin: Credential;
  readonly bot: Credential;
  /** May do everything, and is left out of the audit log. */
  readonly component: Credential;
  readonly commands: ClusterCommands;
}

/** What the caller decides about a cluster. */
export interface KubernetesOptions {
  readonly programs: BuiltPrograms;
  readonly bot: Identity;
  readonly findPorts: (count: number) => Promise<number[]>;
  readonly stages: StageOptions;
  readonly apiServerArgs: readonly string[];
}

/** Starts everything from etcd to the Rollouts controller, and returns when Pods can be made and Rollouts are looked after. */
export async function startKubernetes(
  run: RunDirectory,
  options: KubernetesOptions,
): Promise<KubernetesCluster> {
  const context = { programs: options.programs, directory: run.path };
  const cluster = await startApiServer(run, { context, options });
  await finishAll([
    run.start(schedulerSpec(context, cluster.component)),
    startNodes(run, { context, cluster, stages: options.stages }),
    startControllers(run, { context, cluster }),
  ]);
  await waitUntil(() => podsCanBeMade(cluster.commands), {
    what: 'the node and the default service account',
  });
  return cluster;
}

/** Waits for all of them even when one fails, so that nothing is started after the run was closed; then throws what failed first. */
export async function finishAll(work: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}

async function startApiServer(
  run: RunDirectory,
  { context, options }: { context: SpecContext; options: KubernetesOptions },
): Promise<KubernetesCluster> {
  const [etcdPort = 0, peer = 0, port = 0] = await options.findPorts(3);
  await run.start(etcdSpec(context, { client: etcdPort, peer }));
  const certificateDirectory = join(run.path, 'certificates');
  const address = { url: `https://127.0.0.1:${port}`, caFile: join(certificateDirectory, 'apiserver.crt') };
  const credentials = createCredentialStore(run.path, address);
  const admin = await credentials.add({ user: 'admin', groups: ['system:masters'] });
  const bot = await credentials.add(options.bot);
  const component = await credentials.add({
    user: 'control-plane',
    groups: ['system:masters', COMPONENTS_GROUP],
  });
  const auditLogFile = join(run.path, 'logs', 'audit.jsonl');
  const wiring = { etcdPort, port, address, credentials, admin, auditLogFile, certificateDirectory };
  await run.start(await apiServerSpec(context, { ...wiring, extraArgs: options.apiServerArgs }));
  const commands = createClusterCommands(context.programs, {
    env: run.env,
    kubeconfigFile: component.kubeconfigFile,
  });
  return {
    ...address,
    etcdUrl: `http://127.0.0.1:${etcdPort}`,
    auditLogFile,
    credentials,
    admin,
    bot,
    component,
    commands,
  };
}

type Start = { context: SpecContext; cluster: KubernetesCluster };

async function startNodes(
  run: RunDirectory,
  { context, cluster, stages }: Start & { stages: StageOptions },
): Promise<void> {
  await cluster.commands.apply({
    apiVersion: 'v1',
    kind: 'Node',
    // The annotation is kwok's mark of a node that nobody else looks after.
    metadata: {
      name: 'node-1',
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: { 'kubernetes.io/hostname': 'node-1' },
    },
  });
  await run.start(await kwokSpec(context, { component: cluster.component, stages }));
}

/** The definitions first: the garbage collector learns of kinds that come later only every half minute, and until then deletes nothing that they own. */
async function startControllers(run: RunDirectory, { context, cluster }: Start): Promise<void> {
  const { commands, component, caFile } = cluster;
  await applyDefinitions(commands, context.programs.manifests('argo-rollouts-crds'));
  // The Rollouts controller looks for its own configuration in this namespace.
  await commands.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argo-rollouts' } });
  await finishAll([
    run.start(controllerManagerSpec(context, { component, caFile })),
    run.start(rolloutsControllerSpec(context, component)),
  ]);
}

/** The first needs kwok at work, the second the controller manager. */
async function podsCanBeMade({ attempt }: ClusterCommands): Promise<boolean> {
  const node = await attempt('kubectl', 'wait', '--for=condition=Ready', 'node/node-1', '--timeout=1s');
  const account = await attempt('kubectl', 'get', 'serviceaccount', 'default', '--namespace', 'default');
  return node.exitCode === 0 && account.exitCode === 0;
}
