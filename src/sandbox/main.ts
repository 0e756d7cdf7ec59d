import { spawn } from 'node:child_process';
import { exitAfter, readOptions, runSandbox, USAGE } from './run-sandbox.ts';
import { startWorld } from './world.ts';

/** Knows how to build and start a real control plane. It belongs to the tests on one, which nothing in here may import. */
const ON_A_REAL_CLUSTER = new URL('../../test/cluster/sandbox.ts', import.meta.url).pathname;

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (options.cluster === 'real') return handOver(ON_A_REAL_CLUSTER, args);
  return runSandbox(options, (world) => startWorld({ ...world, environment: process.env }));
}

/** Lets another program do it, and ends as it ends. */
function handOver(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

exitAfter(main(process.argv.slice(2)));
