import { exitAfter, readOptions, runSandbox } from '../../src/sandbox/run-sandbox.ts';
import { buildPrograms } from './build.ts';
import { allModules } from './programs.ts';
import { startRealWorld } from './story/real-world.ts';

/** `npm run sandbox -- --cluster real`: builds the control plane's programs where they are missing, then starts the sandbox on them. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  return runSandbox(options, async (world) => {
    await buildPrograms({ modules: allModules, progress: (line) => process.stderr.write(`${line}\n`) });
    return startRealWorld({ ...world, environment: process.env });
  });
}

exitAfter(main(process.argv.slice(2)));
