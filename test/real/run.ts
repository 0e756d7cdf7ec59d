import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { TerminalError, UnavailableError } from '../../src/errors.ts';
import { findAlertmanager } from './alertmanager.ts';
import { findConftest } from './conftest.ts';
import { findCrane } from './crane.ts';
import { findOpa } from './opa.ts';
import { debianPrograms, hasValkey, realProgram } from './programs.ts';
import { findUnleash } from './unleash.ts';

/**
 * Fetches the programs that the machine does not have, then runs the tests on them. Nothing is installed: packages are unpacked into
 * the cache. A program that cannot be had ends the run, for a test that is skipped proves nothing. Arguments are filters for files.
 */
async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  for (const program of await debianPrograms()) {
    await report(program.debian.name, async () => (await realProgram(program)).command);
  }
  if (!(await hasValkey())) say('valkey-server: this release of the system has none');
  await report('crane', findCrane);
  await report('opa', findOpa);
  await report('alertmanager', findAlertmanager);
  await report('conftest', findConftest);
  await report('unleash-server', findUnleash);
  const config = new URL('vitest.config.ts', import.meta.url).pathname;
  // Vitest sets the exit code when a test fails.
  await (await startVitest('test', positionals, { config, run: true, watch: false })).close();
}

async function report(name: string, find: () => Promise<string>): Promise<void> {
  const startedAt = performance.now();
  const where = await find();
  say(`${name}: ${where} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof TerminalError || error instanceof UnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
