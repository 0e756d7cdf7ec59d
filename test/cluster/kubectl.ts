import { TerminalError } from '../../src/errors.ts';
import type { BuiltPrograms } from './build.ts';
import { type CommandResult, commandOutput, runCommand } from './command.ts';
import { waitUntil } from './wait-until.ts';

/** The two command lines of the control plane, as the administrator unless `--kubeconfig` or `--token` says otherwise. */
export interface ClusterCommands {
  /** Runs `kubectl` and gives back what it printed. Throws `TerminalError` with its words when it does not exit with 0. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** Runs the Argo Rollouts plugin and gives back what it printed. Throws `TerminalError` with its words when it does not exit with 0. */
  argoRollouts(...args: readonly string[]): Promise<string>;
  /** Runs either to its end, whatever that is: for refusals, and for `status`, which exits with 1 when a Rollout is degraded. */
  attempt(program: 'kubectl' | 'kubectl-argo-rollouts', ...args: readonly string[]): Promise<CommandResult>;
  /** Applies objects server-side, taking over fields that somebody else set. Does nothing for none. */
  apply(...objects: readonly object[]): Promise<void>;
  /** One object as JSON. Throws `TerminalError` when it does not exist. */
  get(resource: string, name: string, namespace?: string): Promise<unknown>;
}

/** The commands for one cluster, run in the environment `env`. */
export function createClusterCommands(
  programs: BuiltPrograms,
  { env, kubeconfigFile }: { env: NodeJS.ProcessEnv; kubeconfigFile: string },
): ClusterCommands {
  const options = { env: { ...env, KUBECONFIG: kubeconfigFile } };
  const kubectl = (...args: readonly string[]): Promise<string> =>
    commandOutput(programs.program('kubectl'), args, options);
  return {
    kubectl,
    argoRollouts: (...args) => commandOutput(programs.program('kubectl-argo-rollouts'), args, options),
    attempt: (program, ...args) => runCommand(programs.program(program), args, options),
    async apply(...objects) {
      if (objects.length === 0) return;
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      const args = ['apply', '--server-side', '--force-conflicts', '-f', '-'];
      await commandOutput(programs.program('kubectl'), args, { ...options, input });
    },
    async get(resource, name, namespace = 'default') {
      const printed = await kubectl('get', resource, name, '--namespace', namespace, '--output', 'json');
      try {
        return JSON.parse(printed);
      } catch (cause) {
        throw new TerminalError(`kubectl get ${resource} ${name} did not print JSON`, { cause });
      }
    },
  };
}

/**
 * Applies a folder of custom resource definitions and returns when the API server serves them.
 * Throws `UnavailableError` when it does not within a minute and a half.
 */
export async function applyDefinitions({ kubectl, attempt }: ClusterCommands, folder: string): Promise<void> {
  await kubectl('apply', '--server-side', '-k', folder);
  // Asked again rather than told to wait: `kubectl wait` fails on a definition that has no conditions yet. Reading them all falls into its
  // time-out, and those of Argo CD are a megabyte: on a loaded machine a second never sufficed.
  const wait = ['wait', 'crd', '--all', '--for=condition=Established', '--timeout=10s'];
  const areServed = async (): Promise<boolean> => (await attempt('kubectl', ...wait)).exitCode === 0;
  await waitUntil(areServed, { what: `the definitions of ${folder}`, deadlineMs: 90_000 });
}
