import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { TerminalError } from '../../src/errors.ts';
import type { BuiltPrograms } from './build.ts';
import type { ApiServerAddress, Credential } from './credentials.ts';
import { findProgram } from './find-program.ts';
import { applyDefinitions } from './kubectl.ts';
import { answersOk, isListening } from './probe.ts';
import type { RunDirectory, RunSpec } from './run-directory.ts';
import type { KubernetesCluster } from './start-kubernetes.ts';

/** Where Argo CD's own objects and its Applications live. */
export const ARGOCD_NAMESPACE = 'argocd';

/** Ports of 127.0.0.1, but for the controller's metrics: those listen on all interfaces, and no flag changes that. */
interface ArgoCdPorts {
  readonly redis: number;
  readonly repoServer: number;
  readonly repoServerMetrics: number;
  readonly controllerMetrics: number;
}

/** What Argo CD is started with. */
export interface ArgoCdOptions {
  readonly cluster: KubernetesCluster;
  readonly programs: BuiltPrograms;
  /** The Redis program. */
  readonly redisServer: string;
  readonly findPorts: (count: number) => Promise<number[]>;
}

/** The programs that run where Argo CD was asked for. */
export const ARGOCD_PROCESSES = [
  'argocd-redis',
  'argocd-repo-server',
  'argocd-application-controller',
] as const;

/**
 * Installs Argo CD and starts it: repo server and application controller, with a Redis of their own. No API server and no web page: everything the
 * product wants of it goes through Application objects.
 */
export async function startArgoCd(run: RunDirectory, options: ArgoCdOptions): Promise<void> {
  const { cluster, programs, redisServer, findPorts } = options;
  const { apply, kubectl } = cluster.commands;
  await kubectl('create', 'namespace', ARGOCD_NAMESPACE);
  await applyDefinitions(cluster.commands, programs.manifests('argocd-crds'));
  await kubectl(
    'apply',
    '--server-side',
    '--namespace',
    ARGOCD_NAMESPACE,
    '-k',
    programs.manifests('argocd-config'),
  );
  await apply(...argoCdObjects(cluster, cluster.component));
  const [redis = 0, repoServer = 0, repoServerMetrics = 0, controllerMetrics = 0] = await findPorts(4);
  const ports = { redis, repoServer, repoServerMetrics, controllerMetrics };
  await run.start(argoRedisSpec(redisServer, ports));
  await run.start(repoServerSpec(run, { programs, ports }));
  await run.start(applicationControllerSpec(programs, { ports, component: cluster.component }));
}

/** The Redis program. Throws `TerminalError` when the machine has none. */
export function findRedisServer(): string {
  const found = findProgram(['redis-server', 'valkey-server']);
  if (found === undefined) throw new TerminalError('Argo CD needs a redis-server or valkey-server in PATH');
  return found;
}

/** Argo CD's cache, kept in memory only. */
function argoRedisSpec(redisServer: string, { redis }: ArgoCdPorts): RunSpec {
  return {
    name: 'argocd-redis',
    file: redisServer,
    args: ['--bind', '127.0.0.1', '--port', `${redis}`, '--save', '', '--appendonly', 'no'],
    ready: () => isListening(redis),
  };
}

/** What reads Git and renders manifests. */
function repoServerSpec(
  run: RunDirectory,
  { programs, ports }: { programs: BuiltPrograms; ports: ArgoCdPorts },
): RunSpec {
  const argocd = programs.program('argocd');
  return {
    name: 'argocd-repo-server',
    file: argocd,
    args: [
      ...['--redis', `127.0.0.1:${ports.redis}`, '--disable-tls'],
      ...['--address', '127.0.0.1', '--port', `${ports.repoServer}`],
      ...['--metrics-address', '127.0.0.1', '--metrics-port', `${ports.repoServerMetrics}`],
    ],
    // One binary is all of Argo CD. Without GnuPG on the machine the repo server would not start.
    env: {
      ARGOCD_BINARY_NAME: 'argocd-repo-server',
      ARGOCD_GPG_ENABLED: 'false',
      // Git asks `argocd`, by that name, for the credentials of a repository; it gets them from the repo server through this socket, whose usual
      // place would be shared by every control plane of this machine.
      PATH: [dirname(argocd), run.env['PATH']].filter(Boolean).join(delimiter),
      ARGOCD_ASK_PASS_SOCK: join(run.path, 'ask-pass.sock'),
    },
    ready: () => isListening(ports.repoServer),
  };
}

/** What compares and applies. */
function applicationControllerSpec(
  programs: BuiltPrograms,
  { ports, component }: { ports: ArgoCdPorts; component: Credential },
): RunSpec {
  return {
    name: 'argocd-application-controller',
    file: programs.program('argocd'),
    args: [
      ...['--kubeconfig', component.kubeconfigFile, '--namespace', ARGOCD_NAMESPACE],
      ...['--redis', `127.0.0.1:${ports.redis}`, '--metrics-port', `${ports.controllerMetrics}`],
      ...['--repo-server', `127.0.0.1:${ports.repoServer}`, '--repo-server-plaintext'],
    ],
    env: { ARGOCD_BINARY_NAME: 'argocd-application-controller', ARGOCD_GPG_ENABLED: 'false' },
    ready: () => answersOk(`http://127.0.0.1:${ports.controllerMetrics}/healthz`),
  };
}

/**
 * What an installation has that the shipped configuration leaves to the installer. The cluster is registered under the API server's own address:
 * the usual `https://kubernetes.default.svc` is a name that only Pods can resolve.
 */
function argoCdObjects({ url, caFile }: ApiServerAddress, component: Credential): object[] {
  const inNamespace = (name: string): object => ({ name, namespace: ARGOCD_NAMESPACE });
  const config = {
    bearerToken: component.token,
    tlsClientConfig: { caData: readFileSync(caFile).toString('base64') },
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        ...inNamespace('argocd-secret'),
        // Argo CD looks only at Secrets that carry this label.
        labels: { 'app.kubernetes.io/name': 'argocd-secret', 'app.kubernetes.io/part-of': 'argocd' },
      },
      stringData: { 'server.secretkey': randomBytes(32).toString('base64') },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        ...inNamespace('cluster-local'),
        labels: { 'argocd.argoproj.io/secret-type': 'cluster', 'app.kubernetes.io/part-of': 'argocd' },
      },
      stringData: { name: 'local', server: url, config: JSON.stringify(config) },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: inNamespace('default'),
      spec: {
        sourceRepos: ['*'],
        destinations: [{ namespace: '*', server: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    },
  ];
}
