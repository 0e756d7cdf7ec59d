import { TerminalError, UnavailableError } from '../../src/errors.ts';
import { type ARGOCD_PROCESSES, findRedisServer, startArgoCd } from './argocd.ts';
import { type AuditEvent, readAuditLog } from './audit-log.ts';
import { type BuiltPrograms, findPrograms } from './build.ts';
import type { ApiServerAddress, Credential, Identity } from './credentials.ts';
import { compactEtcd } from './etcd-history.ts';
import { findFreePorts } from './free-ports.ts';
import { type ClusterCommands, createClusterCommands } from './kubectl.ts';
import { endLeftovers } from './leftovers.ts';
import type { ManagedProcess } from './managed-process.ts';
import { allModules, kubernetesModule, kwokModule } from './programs.ts';
import { openRunDirectory, type RunDirectory } from './run-directory.ts';
import { type KUBERNETES_PROCESSES, startKubernetes } from './start-kubernetes.ts';

/** What to start, and how it behaves. */
export interface ControlPlaneOptions {
  /** Absent: what is in the cache; `run.ts` puts it there. */
  readonly programs?: BuiltPrograms;
  /** Milliseconds from scheduling to ready, for Pods whose template has no knob of its own (`stages.ts`). Absent: 200. Zero: at once. */
  readonly podReadyMs?: number;
  /** Digest of an image index to the digest that Pods report for it. Absent: Pods report what was asked for. */
  readonly platforms?: Readonly<Record<string, string>>;
  /** Whose token the product gets. It has no rights until somebody grants them. Absent: a user `signalbox` in no group. */
  readonly bot?: Identity;
  /** Absent: no Argo CD. */
  readonly argocd?: {
    /** Absent: `redis-server` or `valkey-server` from `PATH`. */
    readonly redisServer?: string;
  };
  /** Further flags of the API server. Absent: none. */
  readonly apiServerArgs?: readonly string[];
  /** Gives this many different ports of 127.0.0.1 on which nobody listens. Absent: looks for free ones. */
  readonly findPorts?: (count: number) => Promise<number[]>;
  /** Told a line for everything worth knowing. Absent: nobody is told. */
  readonly progress?: (line: string) => void;
}

/** Name of a process of the control plane. */
export type ProcessName = (typeof KUBERNETES_PROCESSES)[number] | (typeof ARGOCD_PROCESSES)[number];

/** A running control plane. It ends with `stop`, or when the process that started it ends, however that happens. */
export interface ControlPlane extends ApiServerAddress, ClusterCommands, AsyncDisposable {
  /** Folder of the run, removed at the end. Logs are in `logs`. */
  readonly directory: string;
  /** May do everything. */
  readonly admin: Credential;
  /** What the product runs with. */
  readonly bot: Credential;
  /** Lines of JSON; `auditEvents` reads them. */
  readonly auditLogFile: string;
  /** What everybody but the control plane's own programs did so far, in order. */
  auditEvents(): Promise<AuditEvent[]>;
  /** Makes somebody known. The API server reads its tokens only when it starts, so it is restarted: three seconds, and every watch is cut. */
  addToken(identity: Identity): Promise<Credential>;
  /** To stop, kill, freeze or restart one program. Throws `TerminalError` for one that was not started. */
  process(name: ProcessName): ManagedProcess;
  /** Makes etcd forget every revision but the present one. */
  compactHistory(): Promise<void>;
  /** Ends every process and removes the folder. Saying it twice does it once. */
  stop(): Promise<void>;
}

/** Another program may take a port between our looking and the program's binding it; three times in a row it is something else. */
const MAX_STARTS = 3;

const DEFAULT_POD_READY_MS = 200;

/**
 * Starts etcd, the API server, the controllers, the scheduler, kwok, the Rollouts controller and, where asked for, Argo CD, all on free ports of
 * 127.0.0.1 and in a temporary folder. First it ends what earlier runs left behind that were killed together with their watchdog.
 *
 * Throws `TerminalError` when programs are missing, and `UnavailableError` with a program's last words when it does not get ready; nothing is left running then.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  for (const line of await endLeftovers()) options.progress?.(line);
  const modules = options.argocd ? allModules : [kwokModule, kubernetesModule];
  const programs = options.programs ?? (await findPrograms({ modules }));
  for (let start = 1; ; start += 1) {
    try {
      return await startOnce(options, programs);
    } catch (error) {
      if (!isPortTaken(error) || start === MAX_STARTS) throw error;
      options.progress?.('a port was taken meanwhile; starting again on others');
    }
  }
}

async function startOnce(options: ControlPlaneOptions, programs: BuiltPrograms): Promise<ControlPlane> {
  const { argocd, bot = { user: 'signalbox' }, findPorts = findFreePorts } = options;
  const redisServer = argocd && (argocd.redisServer ?? findRedisServer());
  const run = await openRunDirectory();
  try {
    const cluster = await startKubernetes(run, {
      programs,
      bot,
      findPorts,
      stages: {
        podReadyMs: options.podReadyMs ?? DEFAULT_POD_READY_MS,
        ...(options.platforms && { platforms: options.platforms }),
      },
      apiServerArgs: options.apiServerArgs ?? [],
    });
    if (redisServer !== undefined) await startArgoCd(run, { cluster, programs, redisServer, findPorts });
    const { admin, credentials, auditLogFile, etcdUrl } = cluster;
    return {
      ...createClusterCommands(programs, { env: run.env, kubeconfigFile: admin.kubeconfigFile }),
      url: cluster.url,
      caFile: cluster.caFile,
      directory: run.path,
      admin,
      bot: cluster.bot,
      auditLogFile,
      auditEvents: () => readAuditLog(auditLogFile),
      async addToken(identity) {
        const credential = await credentials.add(identity);
        await restart(findProcess(run, 'kube-apiserver'));
        return credential;
      },
      process: (name) => findProcess(run, name),
      compactHistory: () => compactEtcd(etcdUrl),
      stop: run.close,
      [Symbol.asyncDispose]: run.close,
    };
  } catch (error) {
    await run.close();
    throw error;
  }
}

function findProcess(run: RunDirectory, name: ProcessName): ManagedProcess {
  const found = run.processes.find((process) => process.name === name);
  if (found === undefined) throw new TerminalError(`this control plane has no ${name}`);
  return found;
}

/** Killed, not asked: a graceful end waits for watches, and etcd keeps what was written. */
async function restart(process: ManagedProcess): Promise<void> {
  await process.kill();
  await process.start();
}

function isPortTaken(error: unknown): boolean {
  return error instanceof UnavailableError && /address already in use/i.test(error.message);
}
