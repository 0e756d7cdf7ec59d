import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UnavailableError } from '../../src/errors.ts';

/** The newest when this was written. Its licence and its two hundred megabytes are no part of ours: it is fetched to be tested against. */
const VERSION = '8.2.0';
const INSTALL_WITHIN_MS = 300_000;

/**
 * The module that starts an Unleash. Fetched from the npm registry when it is not in the cache; its scripts are not run. Throws
 * `UnavailableError` without the registry.
 */
export async function findUnleash(): Promise<string> {
  const folder = join(homedir(), '.cache', 'signalbox', 'real', `unleash-server-${VERSION}`);
  const module = join('node_modules', 'unleash-server', 'dist', 'lib', 'server-impl.js');
  if (existsSync(join(folder, module))) return join(folder, module);
  await mkdir(join(folder, '..'), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  try {
    await writeFile(join(unfinished, 'package.json'), '{"private":true}');
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `unleash-server@${VERSION}`];
    await promisify(execFile)('npm', args, { cwd: unfinished, timeout: INSTALL_WITHIN_MS }).catch(
      (error: Error) => {
        throw new UnavailableError(`unleash-server ${VERSION} could not be had from the npm registry`, {
          cause: error,
        });
      },
    );
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return join(folder, module);
}
