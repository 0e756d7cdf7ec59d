import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditPolicy } from './audit-log.ts';
import type { BuiltPrograms } from './build.ts';
import type { ApiServerAddress, Credential, CredentialStore } from './credentials.ts';
import { answersOk, apiServerIsReady } from './probe.ts';
import type { RunSpec } from './run-directory.ts';
import { type StageOptions, stagesFile } from './stages.ts';

/** What the specifications of the programs have in common. */
export interface SpecContext {
  readonly programs: BuiltPrograms;
  /** Folder of the run. */
  readonly directory: string;
}

/** Ports of 127.0.0.1. */
export interface EtcdPorts {
  readonly client: number;
  /** Nobody connects here; etcd does not start without it. */
  readonly peer: number;
}

/** The store under the API server. Without fsync: what it holds ends with the run. */
export function etcdSpec({ programs, directory }: SpecContext, ports: EtcdPorts): RunSpec {
  const client = `http://127.0.0.1:${ports.client}`;
  const peer = `http://127.0.0.1:${ports.peer}`;
  return {
    name: 'etcd',
    file: programs.program('etcd'),
    args: [
      ...['--data-dir', join(directory, 'etcd'), '--unsafe-no-fsync'],
      ...['--listen-client-urls', client, '--advertise-client-urls', client],
      ...[
        '--listen-peer-urls',
        peer,
        '--initial-advertise-peer-urls',
        peer,
        '--initial-cluster',
        `default=${peer}`,
      ],
    ],
    ready: () => answersOk(`${client}/health`),
  };
}

/** What the API server needs to know beyond its programs and its folder. */
export interface ApiServerOptions {
  readonly etcdPort: number;
  readonly port: number;
  readonly address: ApiServerAddress;
  readonly credentials: CredentialStore;
  /** Who asks whether it is ready. */
  readonly admin: Credential;
  readonly auditLogFile: string;
  /** Folder of the certificate that it makes for itself. */
  readonly certificateDirectory: string;
  readonly extraArgs: readonly string[];
}

/** The API server; writes its audit policy and the key with which it signs service account tokens. */
export async function apiServerSpec(context: SpecContext, options: ApiServerOptions): Promise<RunSpec> {
  const policyFile = join(context.directory, 'audit-policy.json');
  await writeFile(policyFile, JSON.stringify(auditPolicy));
  const keyFile = serviceAccountKeyFile(context);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return {
    name: 'kube-apiserver',
    file: context.programs.program('kube-apiserver'),
    args: [
      ...['--etcd-servers', `http://127.0.0.1:${options.etcdPort}`],
      ...[
        '--bind-address',
        '127.0.0.1',
        '--advertise-address',
        '127.0.0.1',
        '--secure-port',
        `${options.port}`,
      ],
      ...['--cert-dir', options.certificateDirectory, '--token-auth-file', options.credentials.tokenFile],
      ...['--service-account-key-file', keyFile, '--service-account-signing-key-file', keyFile],
      ...['--service-account-issuer', 'https://kubernetes.default.svc', '--authorization-mode', 'RBAC'],
      // It marks every new node as not ready, and the controller that takes the mark away is not among ours.
      ...['--disable-admission-plugins', 'TaintNodesByCondition'],
      // It may not announce a loopback address as the Service `kubernetes`, and would complain every ten seconds; there are no Pods to use it.
      ...['--service-cluster-ip-range', '10.0.0.0/24', '--endpoint-reconciler-type', 'none'],
      ...['--audit-policy-file', policyFile, '--audit-log-path', options.auditLogFile],
      ...options.extraArgs,
    ],
    ready: () => apiServerIsReady(options.address, options.admin.token),
  };
}

/**
 * The controllers that Rollouts live on, by name: with the node life-cycle controller among them, a node that sends no heartbeats turns NotReady
 * after 40 s and every Pod on it with it.
 */
const CONTROLLERS = [
  'replicaset-controller',
  'deployment-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'serviceaccount-controller',
];

/** The controller manager, with no listener of its own. */
export function controllerManagerSpec(
  context: SpecContext,
  options: { component: Credential; caFile: string },
): RunSpec {
  return {
    name: 'kube-controller-manager',
    file: context.programs.program('kube-controller-manager'),
    args: [
      ...['--kubeconfig', options.component.kubeconfigFile, '--leader-elect=false', '--secure-port', '0'],
      ...['--use-service-account-credentials=false', '--root-ca-file', options.caFile],
      ...['--service-account-private-key-file', serviceAccountKeyFile(context)],
      `--controllers=${CONTROLLERS.join(',')}`,
    ],
    ready: (printed) =>
      CONTROLLERS.every((name) => printed.includes(`"Started controller" controller="${name}"`)),
  };
}

/** The scheduler, with no listener of its own. */
export function schedulerSpec({ programs }: SpecContext, component: Credential): RunSpec {
  return {
    name: 'kube-scheduler',
    file: programs.program('kube-scheduler'),
    args: ['--kubeconfig', component.kubeconfigFile, '--leader-elect=false', '--secure-port', '0'],
    // The last that it says for a while. What is made before it has read the cluster waits in its queue.
    ready: (printed) => printed.includes('Golang settings'),
  };
}

/** Apart from the addresses of Services. */
const POD_RANGE = '10.1.0.0/16';

/** kwok, which plays the kubelet of every node; writes its stages. */
export async function kwokSpec(
  { programs, directory }: SpecContext,
  { component, stages }: { component: Credential; stages: StageOptions },
): Promise<RunSpec> {
  const stagesPath = join(directory, 'stages.yaml');
  await writeFile(stagesPath, stagesFile(stages));
  return {
    name: 'kwok',
    file: programs.program('kwok'),
    args: [
      '--kubeconfig',
      component.kubeconfigFile,
      '--manage-all-nodes=true',
      '--config',
      stagesPath,
      '--cidr',
      POD_RANGE,
    ],
    ready: (printed) => printed.includes('Watch all nodes'),
  };
}

/** The Argo Rollouts controller. */
export function rolloutsControllerSpec({ programs }: SpecContext, component: Credential): RunSpec {
  return {
    name: 'rollouts-controller',
    file: programs.program('rollouts-controller'),
    // Its health and metrics listen on all interfaces, and no flag changes that. A port that cannot exist leaves both out: it logs that and goes on.
    args: [
      '--kubeconfig',
      component.kubeconfigFile,
      '--leader-elect=false',
      '--metricsPort=-1',
      '--healthzPort=-1',
    ],
    ready: (printed) => printed.includes('Started rollout workers'),
  };
}

function serviceAccountKeyFile({ directory }: SpecContext): string {
  return join(directory, 'service-account.key');
}
