import { TerminalError, UnavailableError } from '../../src/errors.ts';
import { runCommand } from './command.ts';
import { findProgram } from './find-program.ts';

/** Go's own installer puts it here and leaves `PATH` to the reader: https://go.dev/doc/install. */
const USUAL_FOLDER = '/usr/local/go/bin';

/** How Go words the ways in which a module proxy can be away. */
const NETWORK_FAULT =
  /dial tcp|proxyconnect|no such host|i\/o timeout|TLS handshake|connection re(?:fused|set)|context deadline exceeded|unexpected EOF|50[0-4] |module lookup disabled/;

/** The `go` program, from `PATH` or from the usual folder. Throws `TerminalError` when it is in neither. */
export function findGo({ usualFolder = USUAL_FOLDER }: { usualFolder?: string } = {}): string {
  const go = findProgram(['go'], [usualFolder]);
  if (go !== undefined) return go;
  throw new TerminalError(
    'Go 1.26 or later is needed to build the control plane: https://go.dev/doc/install',
  );
}

/** Where and how Go runs. */
export interface GoOptions {
  /** The `go` program. */
  readonly go: string;
  /** Folder of the module. */
  readonly directory: string;
  /** Environment on top of our own, for a proxy or a cache of its own. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs `go` on one of our modules, at the lowest priority, and gives back what it printed.
 * Throws `UnavailableError` when the module proxy is away, `TerminalError` for every other fault; the message is one line.
 */
export async function runGo(args: readonly string[], { go, directory, env }: GoOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(go, args, {
    cwd: directory,
    // Without cgo no C compiler is needed; without a workspace no `go.work` further up changes what is built.
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', ...env },
    priority: 'low',
  });
  if (exitCode === 0) return stdout;
  throw describeFault(`go ${args[0]}`, stderr);
}

function describeFault(act: string, stderr: string): Error {
  const lines = stderr.split('\n').filter((line) => line.trim() && !line.startsWith('go: downloading'));
  const network = lines.find((line) => NETWORK_FAULT.test(line));
  if (network !== undefined)
    return new UnavailableError(`${act}: the Go module proxy is away: ${network.trim()}`);
  const tooOld = lines.find((line) => /requires go >= /.test(line));
  if (tooOld !== undefined) return new TerminalError(`${act}: a newer Go is needed: ${tooOld.trim()}`);
  return new TerminalError(`${act} failed: ${lines.slice(-3).join('; ') || 'it printed nothing'}`);
}
