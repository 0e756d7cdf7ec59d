import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { TerminalError, UnavailableError } from '../../src/errors.ts';
import { buildPrograms } from './build.ts';
import { ownerlessProcesses } from './ownerless.ts';
import { allModules, oracleModule } from './programs.ts';
import { waitUntil } from './wait-until.ts';

/** What runs on any cluster with Argo Rollouts; README.md says why the rest does not. */
const ANY_CLUSTER = ['conformance.test.ts'];

/**
 * Builds the control plane's programs where they are missing, then runs the tests on it; with `--existing` on the cluster of `KUBECONFIG`, and
 * nothing is built. Arguments are filters for test files.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      'build-only': { type: 'boolean', default: false },
      existing: { type: 'boolean', default: false },
      'write-table': { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const existing = values.existing ? kubeconfigFile() : undefined;
  if (existing === undefined) await build();
  if (values['build-only']) return;
  const provide = { ...(existing !== undefined && { existing }), writeTable: values['write-table'] };
  await runTests(existing === undefined ? positionals : onAnyCluster(positionals), provide);
}

/** Throws `TerminalError` where the variable is not set or names no one file. */
function kubeconfigFile(): string {
  const file = process.env['KUBECONFIG'] ?? '';
  if (file === '') throw new TerminalError('--existing needs KUBECONFIG to name the file of a cluster');
  if (!existsSync(file)) throw new TerminalError(`KUBECONFIG names ${file}, which is not there`);
  return file;
}

function onAnyCluster(filters: readonly string[]): string[] {
  if (filters.length === 0) return [...ANY_CLUSTER];
  const chosen = ANY_CLUSTER.filter((file) => filters.some((filter) => file.includes(filter)));
  if (chosen.length > 0) return chosen;
  throw new TerminalError(`on a cluster that is there already run only: ${ANY_CLUSTER.join(', ')}`);
}

async function build(): Promise<void> {
  const modules = [...allModules, oracleModule];
  await buildPrograms({ modules, progress: (line) => process.stdout.write(`${line}\n`) });
}

async function runTests(
  filters: string[],
  provide: { existing?: string; writeTable: boolean },
): Promise<void> {
  const config = new URL('vitest.config.ts', import.meta.url).pathname;
  // Vitest sets the exit code when a test fails.
  await (
    await startVitest('test', filters, { config, run: true, watch: false }, { test: { provide } })
  ).close();
  // A watchdog that was told of the end may be at it still.
  await waitUntil(() => ownerlessProcesses().length === 0, {
    what: () => `the end of what the tests left running: ${ownerlessProcesses().join('; ')}`,
  });
}

try {
  await main();
} catch (error) {
  if (!(error instanceof TerminalError || error instanceof UnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
